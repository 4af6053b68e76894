"""From a definition back to the Python that one would write for it with these states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stepfunctions.steps.states import to_pascalcase

from kit.steps.authored import in_reading_order
from kit.steps.aws import AwsSdk
from kit.steps.code_text import Group, Node, call, identifier, listed, quoted, render, value
from kit.steps.errors import StepError
from kit.steps.language import is_jsonata, language_of
from kit.steps.rules import Catch, ChoiceRule, Retry
from kit.steps.states import Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait

SDK_PREFIX = "arn:aws:states:::aws-sdk:"
_CLASSES: dict[str, Any] = {
    each.__name__: each for each in (Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait)
}
_FLOW = ("Type", "Next", "End", "Choices", "Default", "Catch", "QueryLanguage")
_MACHINE = ("Comment", "StartAt", "States", "QueryLanguage", "TimeoutSeconds", "Version")


class UnwritableError(Exception):
    """Something in a definition that these states have no words for."""


def to_code(name: str, asl: Mapping[str, Any], substitutions: Mapping[str, str] | None = None) -> str:
    """Python that makes the machine of this definition, in a variable `machine`: states first, then how
    they go on, and the machine at last.

    Raises UnwritableError where the states can't write it: see `as_json`.
    """
    if unknown := [key for key in asl if key not in _MACHINE]:
        raise UnwritableError(f"the machine's {unknown[0]}")
    states = list(_states(asl))
    writer = _Writer(
        keeps_languages="QueryLanguage" in asl
        or "JSONPath" not in {language_of(state) for _, state in states}
    )
    flow = writer.flow(asl)
    own = {
        "comment": asl.get("Comment"),
        "timeout": asl.get("TimeoutSeconds"),
        "query_language": _language_of_machine(asl, [state for _, state in states]),
        "version": asl.get("Version"),
        "substitutions": dict(substitutions or {}) or None,
    }
    given = {key: value(each) for key, each in own.items() if each is not None}
    machine = render(call("Machine", quoted(name), flow, **given), before="machine = ")
    writer.blank()
    return "\n".join([_imports(writer.used), *writer.lines, machine, ""])


def as_json(name: str, asl: Mapping[str, Any], substitutions: Mapping[str, str] | None = None) -> str:
    """Python that makes the machine of its JSON, for what the states can't write."""
    given = {"substitutions": value(dict(substitutions))} if substitutions else {}
    machine = render(call("Machine", quoted(name), _plain(asl), **given), before="machine = ")
    return f"from kit import Machine\n\n{machine}\n"


def _plain(json_value: Any) -> Node:
    """As `value`, with JSONata left as the text it is."""
    if isinstance(json_value, str):
        return quoted(json_value)
    if isinstance(json_value, Mapping):
        return Group("{", tuple((f"{quoted(key)}: ", _plain(each)) for key, each in json_value.items()), "}")
    return (
        listed([_plain(each) for each in json_value]) if isinstance(json_value, list) else value(json_value)
    )


def _language_of_machine(asl: Mapping[str, Any], states: list[dict[str, Any]]) -> str | None:
    """The machine's QueryLanguage, where it has to be written: not where the states show it."""
    declared: str | None = asl.get("QueryLanguage")
    shown = {language_of(state) for state in states}
    by_hand = any("QueryLanguage" in state for state in states)
    return None if declared == "JSONata" and "JSONata" in shown and not by_hand else declared


def _imports(used: set[str]) -> str:
    names = call("", *sorted(used, key=lambda name: (not name[0].isupper(), name)))
    line = f"from kit.steps import {', '.join(part for _, part in names.parts if isinstance(part, str))}"
    if len(line) > 100:
        line = render(names, before="from kit.steps import ")
    return f"from kit import Machine\n{line}\n"


def _states(flow: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in flow["States"].items():
        yield name, state
        for inner in (*state.get("Branches", ()), *(state[key] for key in _PROCESSORS if key in state)):
            yield from _states(inner)


_PROCESSORS = ("ItemProcessor", "Iterator")


@dataclass(slots=True)
class _Writer:
    """Writes flow by flow. `keeps_languages` says that a state's own QueryLanguage has to be written,
    since it wouldn't be there by itself."""

    keeps_languages: bool
    lines: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=lambda: {"machine": "", "jsonata": ""})

    def flow(self, flow: Mapping[str, Any]) -> Node:
        """Writes the states and how they go on. What it gives is the flow itself, to be put somewhere."""
        states: dict[str, dict[str, Any]] = flow["States"]
        own = {}
        for name in states:
            own[name] = identifier(name, self.variables)
            self.variables[own[name]] = name
        for name, state in states.items():
            self._write(render(self._state(name, state), before=f"{own[name]} = "))
        first, *others = _chains(flow["StartAt"], states)
        links = list(self._links(states, own))
        links += [self._chain([own[each] for each in chain], states[chain[0]]) for chain in others]
        if links:
            self.blank()
        for link in links:
            self._write(render(link))
        if links:
            self.blank()
        if len(first) == 1:
            return own[first[0]]
        self.used.add("Chain")
        return call("Chain", listed([own[each] for each in first]))

    def _write(self, text: str) -> None:
        if "jsonata(" in text:
            self.used.add("jsonata")
        self.lines.append(text)

    def blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _chain(self, variables: list[str], first: dict[str, Any]) -> Node:
        if len(variables) > 2:
            self.used.add("Chain")
            return call("Chain", listed(variables))
        return call(
            f"{variables[0]}.{'default_choice' if first['Type'] == 'Choice' else 'next'}", variables[1]
        )

    def _state(self, name: str, state: dict[str, Any]) -> Node:
        cls = _CLASSES[state["Type"]]
        fields = {key: each for key, each in _as_told(state).items() if key not in _FLOW}
        if state.get("End") is False or state.get("Catch") == [] or state.get("Retry") == []:
            raise UnwritableError(f"an empty field of {name}")
        given: dict[str, Node] = {}
        if isinstance(state.get("QueryLanguage"), str) and self._says_its_language(state):
            given["query_language"] = value(state["QueryLanguage"])
        function, arguments = cls.__name__, [quoted(name)]
        if cls is Task and (action := _action(name, state)) is not None:
            function = "AwsSdk"
            arguments.append(quoted(action))
            if fields.pop("Resource").endswith(".waitForTaskToken"):
                given["wait_for_task_token"] = "True"
            if _are_keywords(fields.get("Arguments")):
                position = list(fields).index("Arguments")
                items = list(fields.items())
                fields = dict([*items[:position], *fields["Arguments"].items(), *items[position + 1 :]])
                given |= {key: value(each) for key, each in state["Arguments"].items()}
        self.used.add(function)
        named = _snake(cls)
        ordered: dict[str, Node] = {}
        for key, each in fields.items():
            if key in given:
                ordered[key] = given.pop(key)
            elif key == "Retry":
                self.used.add("Retry")
                ordered["retry"] = listed([self._block("Retry", Retry, retrier) for retrier in each])
            elif key == "Branches":
                ordered["branches"] = listed([self.flow(_only_states(branch)) for branch in each])
            elif key in _PROCESSORS:
                ordered |= self._processor(key, each)
            elif key in named and (each is not None or named[key] in _MAY_BE_NULL):
                ordered[named[key]] = value(each)
            else:
                raise UnwritableError(f"{key} of {name}")
        return call(function, *arguments, **given, **ordered)

    def _says_its_language(self, state: dict[str, Any]) -> bool:
        bare = {key: each for key, each in state.items() if key != "QueryLanguage"}
        shown = language_of(bare) == "JSONata" == state["QueryLanguage"]
        return self.keeps_languages or not shown

    def _processor(self, key: str, flow: dict[str, Any]) -> dict[str, Node]:
        config = flow.get("ProcessorConfig")
        bare = {name: each for name, each in flow.items() if name != "ProcessorConfig"}
        inner = self.flow(_only_states(bare))
        if key == "Iterator":
            if config is not None:
                raise UnwritableError("ProcessorConfig of an Iterator")
            return {"iterator": inner}
        if config == {}:
            raise UnwritableError("an empty ProcessorConfig")
        said = {} if config == {"Mode": "INLINE"} else {"processor_config": value(config or {})}
        return {"item_processor": inner, **said}

    def _block(self, function: str, cls: Any, block: dict[str, Any], *positional: Node) -> Group:
        named = _snake(cls)
        given: dict[str, Node] = {}
        for key, each in block.items():
            if key == "Next":
                continue
            if key not in named or (each is None and named[key] not in _MAY_BE_NULL):
                raise UnwritableError(f"{key} of a {function}")
            given[named[key]] = value(each)
        return call(function, *positional, **given)

    def _links(self, states: dict[str, dict[str, Any]], own: dict[str, str]) -> Iterator[Node]:
        """How the flow goes on by choice rules and catchers."""
        for name, state in states.items():
            for rule in state.get("Choices", ()):
                more = {key: rule[key] for key in ("Comment", "Assign", "Output") if key in rule}
                if None in more.values():
                    raise UnwritableError(f"a null in a rule of {name}")
                named = {key.lower(): value(each) for key, each in more.items()}
                tested = self._test({key: each for key, each in rule.items() if key not in (*more, "Next")})
                yield call(f"{own[name]}.add_choice", tested, own[rule["Next"]], **named)
            for catcher in state.get("Catch", ()):
                self.used.add("Catch")
                block = self._block("Catch", Catch, catcher, own[catcher["Next"]])
                yield call(f"{own[name]}.add_catch", block)

    def _test(self, rule: dict[str, Any]) -> Node:
        if "Condition" in rule:
            if not is_jsonata(rule["Condition"]) or len(rule) > 1:
                raise UnwritableError("a Condition that is no JSONata")
            return value(rule["Condition"])
        self.used.add("ChoiceRule")
        ((operator, operand), *others) = [(key, each) for key, each in rule.items() if key != "Variable"]
        if others or not hasattr(ChoiceRule, operator):
            raise UnwritableError(f"a rule with {', '.join(rule)}")
        if operator in ("And", "Or"):
            return call(f"ChoiceRule.{operator}", listed([self._test(each) for each in operand]))
        if operator == "Not":
            return call("ChoiceRule.Not", self._test(operand))
        return call(f"ChoiceRule.{operator}", quoted(rule["Variable"]), value(operand))


_MAY_BE_NULL = frozenset(
    {"result", "output", "arguments", "parameters", "result_path", "input_path", "output_path"}
)


def _chains(start: str, states: Mapping[str, dict[str, Any]]) -> Iterator[list[str]]:
    """The ways that lead on by Next and Default. The first goes from the start; a way that comes to a state
    that is placed already ends there."""
    placed: set[str] = set()
    closing: list[list[str]] = []
    for begin in (start, *states):
        if begin in placed:
            continue
        chain, name = [begin], _following(states[begin])
        placed.add(begin)
        while name is not None and name not in placed:
            chain.append(name)
            placed.add(name)
            name = _following(states[name])
        if begin == start:
            yield chain
            closing += [[chain[-1], name]] if name is not None else []
        elif name is not None and name not in chain:
            yield [*chain, name]
        else:
            if len(chain) > 1:
                yield chain
            closing += [[chain[-1], name]] if name is not None else []
    yield from closing


def _as_told(state: dict[str, Any]) -> dict[str, Any]:
    """What is done and with what, before what becomes of it."""
    ordered = in_reading_order(state)
    first = [key for key in ("Type", "Comment", "Resource", "Arguments", "Parameters") if key in ordered]
    return {key: ordered[key] for key in (*first, *(key for key in ordered if key not in first))}


def _following(state: Mapping[str, Any]) -> str | None:
    return state.get("Default") if state["Type"] == "Choice" else state.get("Next")


def _only_states(flow: dict[str, Any]) -> dict[str, Any]:
    if set(flow) != {"StartAt", "States"}:
        raise UnwritableError(f"{', '.join(sorted(set(flow) - {'StartAt', 'States'}))} of a branch")
    return flow


def _action(name: str, state: dict[str, Any]) -> str | None:
    """The action of a call that AwsSdk would take as it stands; None where Task has to write it."""
    resource, key = state["Resource"], "Parameters" if "Parameters" in state else "Arguments"
    if not resource.startswith(SDK_PREFIX) or state.get(key) is None:
        return None
    action: str = resource.removeprefix(SDK_PREFIX).removesuffix(".waitForTaskToken")
    try:
        AwsSdk(name, action, **{key.lower(): state[key]})
    except (StepError, ValueError):
        return None
    return action


def _are_keywords(arguments: Any) -> bool:
    return (
        isinstance(arguments, dict)
        and bool(arguments)
        and all(re.fullmatch(r"[A-Z][A-Za-z0-9_]*", key) and key != "None" for key in arguments)
    )


def _snake(cls: Any) -> dict[str, str]:
    """The field names of the JSON, with those of a class."""
    return {to_pascalcase(each.value): each.value for each in cls.__new__(cls).allowed_fields()}
