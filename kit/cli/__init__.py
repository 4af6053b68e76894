"""The `kit` command: one module a command, loaded only when it is the one that was asked for.

Nothing here imports more than the standard library until `main` is called, so that `./start doctor`
can use `kit.cli.doctor` before anything is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "check": ("kit.cli.course:check", "Run your notebook of a rung and say how its checks ended."),
    "course": (
        "kit.cli.course:app",
        "Build the course's notebooks from their sources, and prove its questions.",
    ),
    "doctor": ("kit.cli.doctor:doctor", "Say what is there and what is missing on this machine."),
    "graph": ("kit.cli.graph:graph", "Draw a definition: SVG, PNG, Mermaid, words or DOT."),
    "names": (
        "kit.cli.names:names",
        "Show how Step Functions spells an action: parameters, result, errors, IAM.",
    ),
    "lint": ("kit.cli.lint:lint", "Say what is wrong with definitions, why, and how to mend it."),
    "progress": ("kit.cli.course:progress", "Show what you have passed, question by question."),
    "reset": (
        "kit.cli.course:reset",
        "Put a fresh copy of a rung's exercise into my/, and keep what you wrote as a backup.",
    ),
    "run": ("kit.cli.run:run", "Execute rungs' lessons and solutions into out/."),
    "serve": ("kit.cli.serve:serve", "Serve the sandbox at a port of this machine until Ctrl-C."),
    "show": (
        "kit.cli.show:show",
        "Show an execution from its history: words, timeline and events, or an HTML page.",
    ),
    "watch": ("kit.cli.watch:watch", "Show an execution in the terminal until it ends."),
}
"""Name of a command -> where it is, and what it does in one line.

The place is `module:attribute`. The attribute is a function in typer's style, whose docstring is the
command's help (its first line the one given here), or a `typer.Typer` where the command has
commands of its own.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs `kit` with `arguments` (those of the process where None is given) and exits."""
    from kit.cli.app import app

    words = list(sys.argv[1:] if arguments is None else arguments)
    app(words)(args=words, prog_name="kit")
