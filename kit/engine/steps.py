"""States, compiled: what the interpreter runs.

A step is either immediate (Pass, Choice, Succeed, Fail: `run`) or a visit that may take time (Wait, Task,
Parallel, Map: `visit`, a generator). Both give the state's output and the step that follows, None where
the flow ends there. Steps of one flow are linked to each other once, after all are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

from kit.asl import definition as asl
from kit.asl.choice import compile_test
from kit.asl.definition import Json
from kit.asl.errors import StatesError
from kit.asl.payload import compile_expression
from kit.engine.failures import NO_CHOICE, Failure
from kit.engine.fields import (
    Evaluate,
    chain,
    compile_arguments,
    compile_assign,
    compile_finish,
    compile_input_path,
    compile_output_path,
    compile_query,
    compile_result_path,
    has_expression,
)
from kit.engine.frame import Frame

Steps: TypeAlias = dict[str, "Step"]
Next: TypeAlias = tuple[Json, "Step | None"]
Run: TypeAlias = Callable[[Json, Frame], Next]
Visit: TypeAlias = Generator[None, None, Next]


class Step:
    """A compiled state."""

    __slots__ = ("entered_type", "exited_type", "name", "next", "run", "state")

    immediate = True

    def __init__(self, state: asl.State) -> None:
        self.state, self.name = state, state.name
        self.entered_type, self.exited_type = f"{state.type}StateEntered", f"{state.type}StateExited"
        self.next: Step | None = None
        self.run: Run = self.stay

    def stay(self, data: Json, _frame: Frame) -> Next:
        """The output is the input."""
        return data, self.next

    def link(self, steps: Steps) -> None:
        """Finds the steps that this one names."""
        if self.state.next is not None:
            self.next = steps[self.state.next]
        self.run = self.compile(steps)

    def compile(self, steps: Steps) -> Run:
        """The closure that runs the state; made after `next` is known."""
        raise NotImplementedError

    def visit(self, frame: Frame, data: Json) -> Visit:
        """Runs a state that may take time. Raises Failure."""
        raise NotImplementedError


class PassStep(Step):
    __slots__ = ()

    def compile(self, steps: Steps) -> Run:  # noqa: ARG002
        following = self.next
        evaluate = self._output()
        if evaluate is None:
            return self.stay
        return lambda data, frame: (evaluate(data, frame), following)

    def _output(self) -> Evaluate | None:
        fields, language = self.state.fields, self.state.query_language
        if language == "JSONata":
            if not ("Output" in fields or fields.get("Assign")):
                return None
            finish = compile_finish(fields, language)
            return lambda data, frame: finish(data, data, frame)
        work = self._constant() or compile_arguments(fields, language)
        if not fields.get("Assign") and compile_result_path(fields) is None:
            return chain(work, compile_output_path(fields))
        finish = compile_finish(fields, language)
        if work is None:
            return lambda data, frame: finish(data, data, frame)
        return lambda data, frame: finish(data, work(data, frame), frame)

    def _constant(self) -> Evaluate | None:
        if "Result" not in self.state.fields:
            return None
        result = self.state.fields["Result"]
        return lambda _data, _frame: result


class SucceedStep(Step):
    __slots__ = ()

    def compile(self, steps: Steps) -> Run:  # noqa: ARG002
        fields, language = self.state.fields, self.state.query_language
        if language == "JSONata":
            evaluate = compile_query(fields["Output"], "Output") if "Output" in fields else None
        else:
            evaluate = chain(compile_input_path(fields), compile_output_path(fields))
        if evaluate is None:
            return lambda data, _frame: (data, None)
        return lambda data, frame: (evaluate(data, frame), None)


class FailStep(Step):
    __slots__ = ()

    def compile(self, steps: Steps) -> Run:  # noqa: ARG002
        error, cause = self._text("Error"), self._text("Cause")

        def run(data: Json, frame: Frame) -> Next:
            raise Failure(error and error(data, frame), cause and cause(data, frame))

        return run

    def _text(self, name: str) -> Evaluate | None:
        fields = self.state.fields
        if name + "Path" in fields:
            read = compile_expression(fields[name + "Path"])
        elif name not in fields:
            return None
        elif self.state.query_language == "JSONata" and has_expression(fields[name]):
            return compile_query(fields[name], name, expected="string")
        else:
            given = fields[name]
            return lambda _data, _frame: given

        def text(data: Json, frame: Frame) -> Json:
            found = read(data, frame)
            if not isinstance(found, str):
                raise StatesError(
                    "States.Runtime",
                    f"The {name}Path parameter does not reference a string value: {fields[name + 'Path']}",
                )
            return found

        return text


class ChoiceStep(Step):
    __slots__ = ()
    state: asl.Choice

    def compile(self, steps: Steps) -> Run:
        jsonata = self.state.query_language == "JSONata"
        return self._by_jsonata(steps) if jsonata else self._by_jsonpath(steps)

    def _by_jsonpath(self, steps: Steps) -> Run:
        fields = self.state.fields
        before, after = compile_input_path(fields), compile_output_path(fields)
        rules = [
            (compile_test(rule.fields), steps[rule.next], compile_assign(rule.fields, "JSONPath"))
            for rule in self.state.rules
        ]
        default = None if self.state.default is None else steps[self.state.default]
        assign = compile_assign(fields, "JSONPath")
        if before is None and after is None and assign is None and not any(rule[2] for rule in rules):
            tests = [(test, following) for test, following, _ in rules]

            def quick(data: Json, frame: Frame) -> Next:
                for test, following in tests:
                    if test(data, frame):
                        return data, following
                if default is None:
                    raise no_choice()
                return data, default

            return quick

        def run(data: Json, frame: Frame) -> Next:
            value = data if before is None else before(data, frame)
            following, assigns = default, assign
            for test, step, rule_assigns in rules:
                if test(value, frame):
                    following, assigns = step, rule_assigns
                    break
            if following is None:
                raise no_choice()
            if assigns is not None:
                frame.assigned = assigns(value, frame)
            return (value if after is None else after(value, frame)), following

        return run

    def _by_jsonata(self, steps: Steps) -> Run:
        fields = self.state.fields
        rules = []
        for index, rule in enumerate(self.state.rules):
            place = f"Choices[{index}]/"
            output = (
                compile_query(rule.fields["Output"], place + "Output") if "Output" in rule.fields else None
            )
            test = compile_query(rule.fields["Condition"], place + "Condition", expected="boolean")
            assign = compile_assign(rule.fields, "JSONata", place + "Assign")
            rules.append((test, steps[rule.next], assign, output))
        default = None if self.state.default is None else steps[self.state.default]
        default_assign = compile_assign(fields, "JSONata")
        default_output = compile_query(fields["Output"], "Output") if "Output" in fields else None

        def run(data: Json, frame: Frame) -> Next:
            for test, following, assign, output in rules:
                if test(data, frame):
                    if assign is not None:
                        frame.assigned = assign(data, frame)
                    return (data if output is None else output(data, frame)), following
            if default is None:
                raise no_choice()
            if default_assign is not None:
                frame.assigned = default_assign(data, frame)
            return (data if default_output is None else default_output(data, frame)), default

        return run


def no_choice() -> StatesError:
    return StatesError(
        NO_CHOICE, "Failed to transition out of the state. The state does not point to a next state."
    )
