"""TestState: one state by itself, with a real or a mocked answer.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kit.asl import DefinitionError, Place
from kit.asl import definition as asl
from kit.asl.building import build_machine, build_state
from kit.asl.definition import Json
from kit.asl.diagnosis import diagnose_json, diagnose_state
from kit.asl.encoding import decode, encode
from kit.asl.reading import read_definition
from kit.emulator.api.errors import ApiError, validation_error
from kit.emulator.api.executions import parse_input
from kit.emulator.api.mock_results import find_fault
from kit.emulator.api.operations import Operations, put
from kit.emulator.api.pending import Pending
from kit.engine import Execution, Program, Revision, compile_program
from kit.engine.failures import Failure
from kit.engine.inspection import MOCKABLE, Inspection, Inspector, Mock, Settings, shown

STATE_NAME: Final = "StateName"
NO_MOCK: Final = (
    "TestState API does not support Map or Parallel states. "
    "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
)
CONTEXT_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Execution": ("Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"),
    "State": ("EnteredTime", "Name", "RetryCount"),
    "StateMachine": ("Id", "Name"),
    "Task": ("Token",),
    "Map": ("Item",),
}
TEST_ROLE: Final = "role/TestState"


class SingleStates(Operations):
    def test_state(self, params: dict[str, Any]) -> dict[str, Any] | Pending:
        state = _state(params)
        mock = params.get("mock")
        _check_mock_fits(state, mock, params)
        text, data = parse_input(params.get("input"))
        execution = self._execution(state, params, text, data)
        inspector = Inspector(state, execution, _object(params, "variables"), _settings(state, params))
        if state.type not in MOCKABLE:
            return _answer(_run(inspector, None), params)
        if mock is not None:
            return _answer(_run(inspector, _mock(state, mock)), params)
        return self._ask(inspector, execution, params)

    def _execution(self, state: asl.State, params: dict[str, Any], text: str, data: Json) -> Execution:
        """An execution that only this test sees, of an Express machine made for it."""
        name = self.engine.randomness.uuid("test state")
        machine = self.engine.randomness.uuid("test machine")
        revision = Revision(
            arn=self.engine.arn("stateMachine", machine),
            name=machine,
            role_arn=params.get("roleArn") or f"arn:aws:iam::{self.engine.account}:{TEST_ROLE}",
            type="EXPRESS",
            program=_program(state),
        )
        return Execution(self.engine, revision, self.engine.arn("express", machine, name), name, text, data)

    def _ask(self, inspector: Inspector, test: Execution, params: dict[str, Any]) -> Pending:
        """Lets the task be done, once, by what its machine would call; then goes on with its answer."""
        asked = self.engine.start(test.revision, test.text, test.data, arn=test.arn, name=test.name)
        assert asked.root is not None
        asked.root.variables = inspector.frame.variables

        def answer() -> dict[str, Any]:
            if asked.status == "SUCCEEDED":
                return _answer(_run(inspector, Mock(asked.output_data)), params)
            return _answer(_run(inspector, Mock(failure=Failure(asked.error, asked.cause))), params)

        return Pending(
            subscribe=lambda wake: asked.on_close.append(lambda _: wake()),
            ready=lambda: asked.status != "RUNNING",
            answer=answer,
        )


def _run(inspector: Inspector, answer: Mock | None) -> Inspection:
    try:
        return inspector.run(answer)
    except ValueError as error:
        raise validation_error(str(error)) from None


def _answer(found: Inspection, params: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": found.status}
    if found.has_output:
        answer["output"] = encode(found.output)
    put(answer, error=found.error, cause=found.cause, nextState=found.next)
    if (params.get("inspectionLevel") or "INFO") != "INFO":
        answer["inspectionData"] = shown(found)
    return answer


# The state.


def _state(params: dict[str, Any]) -> asl.State:
    """The state to test: the definition itself, or the named one in it. Raises ApiError."""
    try:
        fields = read_definition(params["definition"], yaml_too=False)
    except DefinitionError as error:
        raise ApiError("InvalidDefinition", str(error)) from None
    name = params.get("stateName")
    if name is None:
        found = diagnose_state(fields, STATE_NAME)
        if found:
            raise ApiError("InvalidDefinition", str(DefinitionError(found)))
        return build_state(STATE_NAME, fields, place=Place() / "States" / STATE_NAME)
    found = diagnose_json(fields, placeholders=False)
    if found:
        raise ApiError("InvalidDefinition", str(DefinitionError(found)))
    for state in build_machine(fields).walk():
        if state.name == name:
            return state
    raise validation_error("State not found in definition")


def _program(state: asl.State) -> Program:
    """A machine that makes a Task's call, and nothing else of the state."""
    kept = ("Resource", "InputPath", "Parameters", "Arguments", "Credentials", "TimeoutSeconds",
            "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")  # fmt: skip
    fields: dict[str, Json] = {"Type": "Pass", "End": True}
    if isinstance(state, asl.Task):
        fields = {name: state.fields[name] for name in kept if name in state.fields}
        fields |= {"Type": "Task", "End": True, "QueryLanguage": state.query_language}
    machine = {"StartAt": state.name, "States": {state.name: fields}}
    return compile_program(build_machine(machine))


# Mock, context and configuration.


def _check_mock_fits(state: asl.State, mock: dict[str, Any] | None, params: dict[str, Any]) -> None:
    if mock is None:
        if state.type in ("Map", "Parallel"):
            raise ApiError("InvalidDefinition", NO_MOCK)
        waits = isinstance(state, asl.Task) and _waits(state.resource)
        if waits:
            raise ApiError(
                "InvalidDefinition",
                "TestState API does not support activities and the service integration patterns "
                "'.sync' and '.waitForTaskToken' when a mock is not specified",
            )
        if (params.get("stateConfiguration") or {}).get("mapIterationFailureCount") is not None:
            raise validation_error(
                "TestState does not support MapIterationFailureCount when a mock is not specified."
            )
        if params.get("context") is not None:
            raise validation_error("TestState does not support Context when a mock is not specified.")
        return
    if mock.get("result") is not None and mock.get("errorOutput") is not None:
        raise validation_error(
            "A test mock should have only one of the following fields: [result, errorOutput]."
        )
    if params.get("revealSecrets"):
        raise validation_error("TestState does not support RevealSecrets when a mock is specified.")
    if state.type not in MOCKABLE:
        raise validation_error(f"State type '{state.type}' is not supported when a mock is specified")


def _waits(resource: str) -> bool:
    return ":activity:" in resource or resource.endswith((".sync", ".sync:2", ".waitForTaskToken"))


def _mock(state: asl.State, mock: dict[str, Any]) -> Mock:
    """Raises ApiError for a result that the state couldn't get."""
    error = mock.get("errorOutput")
    if error is not None:
        return Mock(failure=Failure(error.get("error"), error.get("cause"), inner=True))
    try:
        result = decode(mock.get("result") or "{}")
    except ValueError:
        raise validation_error("Mocked result must be valid JSON.") from None
    if isinstance(state, asl.Parallel):
        if not isinstance(result, list):
            raise validation_error("Mocked result must be an array.")
        if len(result) != len(state.branches):
            raise validation_error(
                "Mocked result must contain the same number of items as number of Parallel branches."
            )
    elif isinstance(state, asl.Map):
        if "ResultWriter" in state.fields and not isinstance(result, dict):
            raise validation_error("Mocked result must be a JSON object.")
        if "ResultWriter" not in state.fields and not isinstance(result, list):
            raise validation_error("Mocked result must be an array.")
    elif isinstance(state, asl.Task):
        fault = find_fault(state.resource, result, mock.get("fieldValidationMode") or "STRICT")
        if fault is not None:
            raise validation_error(fault)
    return Mock(result)


def _settings(state: asl.State, params: dict[str, Any]) -> Settings:
    given = params.get("stateConfiguration") or {}
    items = given.get("mapItemReaderData")
    return Settings(
        retries=given.get("retrierRetryCount") or 0,
        failed_items=given.get("mapIterationFailureCount"),
        reader_items=None if items is None else _items(items),
        context=None if params.get("context") is None else _context(state, _object(params, "context")),
    )


def _items(text: str) -> Json:
    try:
        found = decode(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise validation_error("Map item reader data must be a JSON array")
    return found


def _context(state: asl.State, context: dict[str, Any]) -> dict[str, Any]:
    """Raises ApiError for a context object that a state can't see."""
    begin = "Invalid Context object provided: "
    for name, value in context.items():
        if name not in CONTEXT_FIELDS:
            raise validation_error(f"{begin}Field '{name}' is not allowed")
        if not isinstance(value, dict):
            raise validation_error(f"{begin}Field '{name}' must be an object")
        for inner in value:
            if inner not in CONTEXT_FIELDS[name]:
                raise validation_error(f"{begin}Field '{inner}' is not allowed")
    if "Task" in context and not (isinstance(state, asl.Task) and _waits(state.resource)):
        raise validation_error(
            f"{begin}Context object contains 'Task' when state is not a Task state with a '.sync' or "
            "'.waitForTaskToken' service integration pattern"
        )
    return context


def _object(params: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        found = decode(params.get(name) or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise validation_error(f"Value of '{name}' must be a JSON object")
    return found
