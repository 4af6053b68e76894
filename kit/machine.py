"""What a person holds: a state machine as a value, with a name.

A Machine knows no account. `sandbox.deploy(machine)` brings it into one.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import steps, view
from kit.asl import DefinitionError, parse
from kit.asl.definition import StateMachine
from kit.asl.reading import read_definition
from kit.asl.templates import FoundMachine, find_machines
from kit.steps.values import seconds

if TYPE_CHECKING:
    from kit.lint import Findings, Policy

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_.:]+)\}")
_BAD_IN_NAME = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, eq=False, repr=False, init=False, slots=True)
class Machine:
    """A state machine: a name and a definition that AWS would accept. A frozen value: two machines of the
    same name and the same JSON are equal.

    `definition` is a Chain or a state (of `kit.steps` or of the `stepfunctions` SDK), a mapping, or JSON
    or YAML text. `comment`, `timeout`, `query_language` and `version` are the machine's own fields, for a
    definition that is written in states. `substitutions` fills `${Name}` in.

    Raises DefinitionError with AWS's diagnostics, StepError for states that can't make a machine, and
    ValueError for a name that AWS doesn't take.
    """

    name: str
    definition: StateMachine
    substitutions: Mapping[str, str]
    _template: Mapping[str, Any]

    def __init__(
        self,
        name: str,
        definition: Any,
        *,
        comment: str | None = None,
        timeout: timedelta | int | None = None,
        query_language: str | None = None,
        version: str | None = None,
        substitutions: Mapping[str, str] | None = None,
    ) -> None:
        __tracebackhide__ = True
        _check_name(name)
        filled = dict(substitutions or {})
        own = {"comment": comment, "timeout": timeout, "query_language": query_language, "version": version}
        if steps.is_flow(definition):
            source: Any = steps.to_asl(
                definition,
                comment=comment,
                timeout_seconds=seconds("timeout", timeout),
                query_language=query_language,
                version=version,
            )
        elif given := [field for field, value in own.items() if value is not None]:
            raise ValueError(f"{' and '.join(given)} of a definition that is JSON already stand in the JSON.")
        elif isinstance(definition, str | bytes | Mapping):
            source = definition
        else:
            raise TypeError(
                f"A definition is a Chain, a state, a mapping, or JSON or YAML text, but this is a "
                f"{type(definition).__name__}. For a file: Machine.from_asl({str(definition)!r})."
            )
        try:
            parsed = parse(source, substitutions=filled)
        except DefinitionError as error:
            _point_at_lines(error, definition)
            raise
        for field, value in {
            "name": name,
            "definition": parsed,
            "substitutions": filled,
            "_template": _template(source, filled),
        }.items():
            object.__setattr__(self, field, value)

    @classmethod
    def from_asl(
        cls,
        source: str | Path | Mapping[str, Any],
        name: str | None = None,
        substitutions: Mapping[str, str] | None = None,
        *,
        resource: str | None = None,
    ) -> Machine:
        """A machine from a file (`stop.asl.json`, `stop.asl.yaml`), from JSON or YAML text, or a mapping.

        The source may also be what holds a definition: a SAM or CloudFormation template, CDK's output
        (`cdk.out/Stack.template.json`), or what `aws stepfunctions describe-state-machine` prints. Where a
        template has several state machines, `resource` is the logical id of the one that is meant. Of the
        template's DefinitionSubstitutions those with plain values are filled in, unless `substitutions` has
        others; what only CloudFormation knows stays `${Name}`.

        Without `name`, it is the one in the template, or the file's up to the first dot. Raises
        FileNotFoundError, ValueError that says what is missing, and what Machine raises.
        """
        file = _file(source)
        text: Any = file.read_text(encoding="utf-8") if file is not None else source
        found = find_machines(text)
        if not found:
            if resource is not None:
                raise ValueError(
                    f"There is no {resource!r} to choose: this is no template with state machines."
                )
            if name is None and file is None:
                raise ValueError(
                    'A definition that is no file needs a name: Machine.from_asl(..., name="stop").'
                )
            return cls(name or _own_name(file), text, substitutions=substitutions)
        chosen = _chosen(found, resource)
        definition = chosen.definition
        if definition is None:
            beside = (file.parent if file is not None else Path()) / (chosen.file or "")
            definition = beside.read_text(encoding="utf-8")
        called = name or _as_name(chosen.name or chosen.resource) or _own_name(file)
        return cls(called, definition, substitutions={**chosen.substitutions, **(substitutions or {})})

    @property
    def asl(self) -> dict[str, Any]:
        """The definition as JSON values, in the order it was written, substitutions filled in. A copy."""
        filled: dict[str, Any] = read_definition(self._template, substitutions=self.substitutions)
        return filled

    @property
    def open_substitutions(self) -> tuple[str, ...]:
        """The names of `${Name}` that nothing fills in."""
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.to_json())))

    def filled(self, substitutions: Mapping[str, str]) -> Machine:
        """The same machine with values for its `${Name}`, beside those that it has."""
        if not substitutions:
            return self
        return Machine(self.name, self._template, substitutions={**self.substitutions, **substitutions})

    def to_json(self, indent: int | None = 2) -> str:
        """The definition as JSON text, in the order it was written."""
        return json.dumps(self.asl, indent=indent, ensure_ascii=False)

    def to_code(self) -> str:
        """The Python that makes this machine with `kit.steps`, in a variable `machine`.

        What comes of the code is equal to this machine: it is run before it is handed out. Where the states
        have no words for something (a Comment in a branch, say), the code makes the machine of its JSON.
        """
        try:
            code = steps.to_code(self.name, self._template, self.substitutions)
            if _made_by(code) == self:
                return code
        except (steps.UnwritableError, DefinitionError, ValueError, TypeError):
            pass  # The JSON says it all.
        return steps.as_json(self.name, self._template, self.substitutions)

    def lint(self) -> Findings:
        """What AWS or experience has to say against it, each with what to do."""
        # Loaded when asked for, since it brings botocore's models.
        from kit.lint import lint

        return lint(self.asl)

    def policy(self, *, logging: bool = False, tracing: bool = False) -> Policy:
        """What its role must be allowed, no more, and in words why: `.document`, `.words`, `.statements`.

        `logging` and `tracing` add what a machine with CloudWatch Logs or X-Ray needs besides.
        """
        from kit.lint import policy

        return policy(self.definition, name=self.name, logging=logging, tracing=tracing)

    def graph(self) -> view.Graph:
        """Its graph, as a picture."""
        return view.graph(self.definition, title=self.name)

    def mermaid(self) -> str:
        """Its graph as Mermaid text, for a README or a pull request."""
        return view.mermaid(self.definition)

    def show(self) -> Shown:
        """Its JSON beside its graph."""
        return Shown(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Machine):
            return NotImplemented
        return (self.name, self.asl) == (other.name, other.asl)

    def __hash__(self) -> int:
        return hash((self.name, json.dumps(self.asl, sort_keys=True)))

    def __repr__(self) -> str:
        count = sum(1 for _ in self.definition.walk())
        return f"<Machine {self.name}: {count} state{'' if count == 1 else 's'}>"

    def _repr_mimebundle_(self, **limits: Any) -> Any:
        return self.graph()._repr_mimebundle_(**limits)


class Shown:
    """A machine's JSON beside its graph. In a terminal, its JSON and then its graph in words."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def __repr__(self) -> str:
        return (
            f"{self._machine.to_json()}\n\n{view.words(self._machine.definition, title=self._machine.name)}"
        )

    def _repr_html_(self) -> str:
        text = html.escape(self._machine.to_json())
        svg = self._machine.graph().svg()
        drawing = svg[svg.index("<svg") :]
        cell = 'style="vertical-align: top; text-align: left; background: none"'
        return (
            f'<table><tr style="background: none"><td {cell}><pre>{text}</pre></td>'
            f"<td {cell}>{drawing}</td></tr></table>"
        )


def _check_name(name: object) -> None:
    __tracebackhide__ = True
    if not isinstance(name, str) or not 0 < len(name) <= 80 or (bad := _BAD_IN_NAME.search(name)):
        found = f"{bad[0]!r} in it" if isinstance(name, str) and 0 < len(name) <= 80 and bad else repr(name)
        raise ValueError(
            f"A machine's name has 1 to 80 characters, no spaces and none of <>{{}}[]?*\"#%\\^|~`$&,;:/ "
            f"but there is {found}. Letters, digits, - and _ are always right: stop-dev-db."
        )


def _made_by(code: str) -> object:
    """The `machine` that a code of ours makes."""
    names: dict[str, Any] = {}
    exec(compile(code, "<the code of a machine>", "exec"), names)
    return names["machine"]


def _chosen(found: list[FoundMachine], resource: str | None) -> FoundMachine:
    """The machine of a template that is meant. Raises ValueError with the list where that isn't clear."""
    __tracebackhide__ = True
    if resource is None and len(found) == 1:
        return found[0]
    for each in found:
        if each.resource == resource:
            return each
    there = ", ".join(each.resource for each in found)
    problem = (
        f"The template has {len(found)} state machines" if resource is None else f"There is no {resource!r}"
    )
    raise ValueError(f"{problem}. Choose one: Machine.from_asl(..., resource=...) of {there}.")


def _own_name(file: Path | None) -> str:
    return _as_name(file.name.split(".")[0]) if file is not None else "machine"


def _as_name(text: str) -> str:
    """A name that AWS takes, as near to the text as can be."""
    return _BAD_IN_NAME.sub("-", text)[:80]


def _file(source: object) -> Path | None:
    if isinstance(source, Path):
        return source
    if isinstance(source, str) and "\n" not in source and not source.lstrip().startswith("{"):
        return Path(source)
    return None


def _template(source: Any, filled: Mapping[str, str]) -> Mapping[str, Any]:
    """The JSON with its placeholders. One that stands outside of quotes is no text once it is filled, so
    then it is the JSON as filled."""
    try:
        found: Mapping[str, Any] = read_definition(source)
    except DefinitionError:
        return read_definition(source, substitutions=filled)  # type: ignore[no-any-return]
    if filled:
        whole: Mapping[str, Any] = read_definition(source, substitutions=filled)
        return found if read_definition(found, substitutions=filled) == whole else whole
    return found


def _point_at_lines(error: DefinitionError, flow: Any) -> None:
    """Adds to an error the lines where the states that it names were written."""
    if not steps.is_flow(flow):
        return
    written = steps.origins(flow)
    for name in dict.fromkeys(_names(error)):
        if name in written:
            error.add_note(f"State {name!r} is written at {written[name]}")


def _names(error: DefinitionError) -> Iterator[str]:
    for diagnostic in error.diagnostics:
        yield from re.findall(r"/States/([^/\[]+)", diagnostic.location or "")
