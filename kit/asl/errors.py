"""What can go wrong in the language, as exceptions that carry AWS's words.

    StatesError                 a failure at run time: an error name and a cause
     +- PathError               a JSONPath that finds nothing, or can't be applied
     +- IntrinsicError          an intrinsic function that can't answer
     +- JsonataError            a JSONata expression that fails; knows its field
    ExpressionSyntaxError                 text that isn't a path, an intrinsic call or an expression
    DefinitionError             a definition that AWS would refuse; knows its diagnostics

AWS begins most run-time causes with `An error occurred while executing the state 'X' (entered at
the event id #N). `. The one who knows state and event (the engine) puts that in front.
Error names: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


class StatesError(Exception):
    """A failure of a running state: `error` is its name (`States.Runtime`), `cause` AWS's text."""

    def __init__(self, error: str, cause: str) -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class PathError(StatesError):
    """A JSONPath without a result.

    `path` is the path as written, `reason` Jayway's sentence (`No results for path: $['x']`), and
    `document` the JSON it was applied to. The cause is what AWS says of fields such as InputPath;
    templates and choice rules put it in other words.
    """

    def __init__(self, path: str, reason: str, document: Any) -> None:
        super().__init__("States.Runtime", f"Invalid path '{path}' : {reason}")
        self.path = path
        self.reason = reason
        self.document = document


class IntrinsicError(StatesError):
    """An intrinsic function that can't answer: `call` is its text, `reason` why."""

    def __init__(self, call: str, reason: str) -> None:
        cause = f"The function '{call}' had the following error: {reason}"
        super().__init__("States.IntrinsicFailure", cause)
        self.call = call
        self.reason = reason


class JsonataError(StatesError):
    """A JSONata expression that failed, in AWS's words.

    `location` is the field as the event EvaluationFailed names it: `Output/result`. `code` is
    JSONata's own (`T2001`), None where nothing was thrown: an undefined or a wrong result.
    """

    def __init__(self, expression: str, location: str, what: str, code: str | None = None) -> None:
        cause = f"The JSONata expression '{expression}' specified for the field '{location}' {what}"
        super().__init__("States.QueryEvaluationError", cause)
        self.expression = expression
        self.location = location
        self.what = what
        self.code = code

    def at(self, location: str) -> JsonataError:
        """The same failure, told of another field."""
        return JsonataError(self.expression, location, self.what, self.code)


class ExpressionSyntaxError(ValueError):
    """Text that isn't what it should be. `position` counts characters from 0, where known."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a definition, as ValidateStateMachineDefinition reports it.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
    """

    severity: Literal["ERROR", "WARNING"]
    code: str
    message: str
    location: str | None
    """Where: `/States/X/Next`. None for what has no place, such as a missing end."""

    def __str__(self) -> str:
        """As CreateStateMachine quotes it: `CODE: message at /States/X`, and `at null` without a place."""
        if self.code == "INVALID_JSON_DESCRIPTION":
            return f"{self.code}: {self.message}"
        return f"{self.code}: {self.message} at {'null' if self.location is None else self.location}"


class DefinitionError(Exception):
    """A definition that can't be used. The message is CreateStateMachine's.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        found = ", ".join(str(diagnostic) for diagnostic in self.diagnostics)
        super().__init__(f"Invalid State Machine Definition: '{found}'")
