"""Rules about data on its way: input that is lost, pages that nobody reads, payloads that grow too large.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kit.asl.definition import Choice, Map, State, Task
from kit.lint.routes import reached
from kit.lint.rule import Rule, Said
from kit.lint.shapes import Known, shapes
from kit.lint.subject import Call, Subject, arguments_field, arguments_given, own_fields, texts, without_texts

_FIRST_NAME = re.compile(r"(?<![\w$'])\$(?:\.([A-Za-z_][\w-]*)(?![\w(-])|\['([^']+)'\])")
_TEMPLATES = ("Parameters", "ItemSelector")
_PATHS = ("ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath",
          "MaxConcurrencyPath", "ErrorPath", "CausePath")  # fmt: skip
_LARGE = {
    "s3:getObject": "Range",
    "dynamodb:scan": "Limit",
    "dynamodb:query": "Limit",
    "cloudwatchlogs:filterLogEvents": "Limit",
    "cloudwatchlogs:getLogEvents": "Limit",
    "s3:listObjectVersions": "MaxKeys",
    "s3:listObjects": "MaxKeys",
    "s3:listObjectsV2": "MaxKeys",
}
"""Calls whose answers easily have more than 256 KiB, with the parameter that keeps them small."""


def _lost_input(subject: Subject) -> Iterator[Said]:
    told: set[tuple[str, str, str]] = set()
    for flow in subject.flows:
        known = shapes(flow, subject)
        for state in flow.states.values():
            shape = known.get(state.name)
            # A path of JSONata goes through the elements of an array.
            if shape is None or (shape.array and state.query_language == "JSONata"):
                continue
            for read, name in _reads(state, subject):
                if name in shape.names:
                    continue
                for losing, inside in sorted(shape.by):
                    if (losing, inside, name) not in told:
                        told.add((losing, inside, name))
                        yield _lost(flow.states[losing], inside, state, read, shape)


def _lost(losing: State, inside: str, state: State, read: str, shape: Known) -> Said:
    has = "an array" if shape.array else f"only {', '.join(sorted(shape.names)) or 'nothing'}"
    jsonata = losing.query_language == "JSONata"
    if inside:
        mend = (
            'add "Output": "{% $merge([$states.input, {\'error\': $states.errorOutput}]) %}" to the catcher'
            if jsonata
            else 'add "ResultPath": "$.error" to the catcher, which keeps the input beside the error'
        )
    else:
        mend = (
            'keep it: "Output": "{% $merge([$states.input, {\'result\': $states.result}]) %}", or Assign it '
            "to a variable before"
            if jsonata
            else 'add "ResultPath": "$.result", which keeps the input beside the result, or null to drop it'
        )
    return Said(
        losing,
        f"{state.name!r} reads {read}, but what comes from here has {has}",
        "the input kept for the states that read it",
        mend,
        inside,
    )


def _reads(state: State, subject: Subject) -> Iterator[tuple[str, str]]:
    """What a state reads of its input by name: as it is written, and the first name of it."""
    if state.query_language == "JSONata":
        for expression in subject.expressions(state):
            # What is asked for with care may be missing.
            if (
                "/Catch[" not in expression.inside
                and "?" not in expression.bare
                and "$exists" not in expression.bare
            ):
                yield from ((f"$states.input.{name}", name) for name in sorted(expression.inputs))
        return
    if state.fields.get("InputPath", "$") != "$":
        yield from _names(state.fields["InputPath"])
        return
    for field in _TEMPLATES:
        for path in _dollars(state.fields.get(field)):
            yield from _names(path)
    for field in _PATHS:
        yield from _names(state.fields.get(field))
    if isinstance(state, Choice):
        asked = {test["Variable"] for test in _tests(state.fields["Choices"]) if "IsPresent" in test}
        roots = {name for path in asked for _, name in _names(path)}
        for test in _tests(state.fields["Choices"]):
            yield from (each for each in _names(test["Variable"]) if each[1] not in roots)


def _names(path: Any) -> Iterator[tuple[str, str]]:
    if isinstance(path, str) and "$$" not in path:
        yield from ((found[0], found[1] or found[2]) for found in _FIRST_NAME.finditer(without_texts(path)))


def _dollars(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) and key.endswith(".$"):
                yield inner
            else:
                yield from _dollars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dollars(inner)


def _tests(rules: Any) -> Iterator[Mapping[str, Any]]:
    for rule in rules:
        if "Variable" in rule:
            yield rule
        for name in ("And", "Or"):
            yield from _tests(rule.get(name, ()))
        if "Not" in rule:
            yield from _tests([rule["Not"]])


def _first_page_only(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Map):
        flow = subject.flow_of[state.name]
        items = _items(state)
        for task in flow.states.values():
            call = subject.call(task)
            if call is None or not call.pages or state.name not in reached(flow, task.name):
                continue
            others = (other for other in flow.states.values() if _same(call, subject.call(other)))
            if any(_turns(each, call) for each in others) or task.name in reached(flow, task.name):
                continue
            if _one_only(task, call) or not items & _carriers(task, call):
                continue
            token = _listed(call.pages["output_token"])[0]
            yield Said(
                state,
                f"a Map over what {task.name!r} ({call.integration.name}) returns: its first page only",
                f"all pages: the answer has {call.spell(token.split('.')[-1])} while there are more",
                "loop: call, handle the page, and call again with the token until there is none "
                "(kit.steps: for_each_page)",
            )


def _same(call: Call, other: Call | None) -> bool:
    return other is not None and other.integration.name == call.integration.name


def _items(state: Map) -> set[str]:
    """The names in what a Map goes over: `$.list.DbClusters`, `$clusters`."""
    given = [state.fields.get("ItemsPath"), state.fields.get("Items")]
    selected = state.fields.get("InputPath")
    return {name for text in (*given, selected) if isinstance(text, str) for name in re.findall(r"\w+", text)}


def _carriers(task: State, call: Call) -> set[str]:
    """Names under which a call's list goes on: its own, and those that the state gives it."""
    keys = (
        {call.spell(key.split(".")[-1]) for key in _listed(call.pages["result_key"])} if call.pages else set()
    )
    found = set(keys)
    for field in ("Assign", "Output", "ResultSelector"):
        value = task.fields.get(field)
        if isinstance(value, Mapping):
            for name, inner in value.items():
                said = " ".join(text for _, text in texts(inner)) if not isinstance(inner, str) else inner
                if "$states.result" in said or any(re.search(rf"\b{key}\b", said) for key in keys):
                    found.add(name.removesuffix(".$"))
    return found


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _turns(task: State, call: Call) -> bool:
    tokens = {call.spell(token) for token in _listed((call.pages or {})["input_token"])}
    by_expression = isinstance(task.fields.get(arguments_field(task) or ""), str)
    return by_expression or bool({name.removesuffix(".$") for name in arguments_given(task)} & tokens)


def _one_only(task: State, call: Call) -> bool:
    """Whether the call asks for named things, or for one, so that there is no second page."""
    given = arguments_given(task)
    limit = (call.pages or {}).get("limit_key")
    if limit and given.get(call.spell(limit)) == 1:
        return True
    names = [name.removesuffix(".$") for name in given]
    return any(
        name.endswith(("Identifier", "Ids", "Names", "Arns", "Services", "Clusters")) for name in names
    )


def _payload_at_risk(subject: Subject) -> Iterator[Said]:
    for state in subject.of_type(Map):
        if state.distributed and "ResultWriter" not in state.fields and _keeps_result(state):
            yield Said(
                state,
                "a distributed Map that collects all results in its output",
                "results in S3, or none: the output of a state has at most 256 KiB",
                'add "ResultWriter" with a bucket, or drop the results ("ResultPath": null; in JSONata an '
                "Output of your own)",
            )
    for state in subject.of_type(Task):
        call, field = subject.call(state), arguments_field(state)
        limit = _LARGE.get(call.integration.name) if call and call.integration.sdk else None
        given = state.fields.get(field) if field else None
        if limit and isinstance(given, Mapping) and not {limit, f"{limit}.$"} & set(given):
            yield Said(
                state,
                f"{state.resource.rpartition(':')[2]} without {limit}",
                "an answer below 256 KiB, before ResultSelector or Output make it smaller",
                f"add {limit}, or let a distributed Map read it from S3"
                if "s3:" in state.resource
                else f"add {limit}, and read page by page",
                f"/{field}",
            )


def _keeps_result(state: Map) -> bool:
    if state.query_language == "JSONata":
        output = state.fields.get("Output", "$states.result")
        return "$states.result" in " ".join(text for _, text in texts([output]))
    return state.fields.get("ResultPath", "$") is not None and "ResultSelector" not in own_fields(state)


RULES = (
    Rule(
        "lost-input", "warning",
        "A result replaces the whole input unless it is told where to go; what is gone can't be read later.",
        _lost_input,
    ),
    Rule(
        "first-page-only", "warning",
        "With more things than fit a page the rest is silently left alone.",
        _first_page_only,
    ),
    Rule(
        "payload-at-risk", "advice",
        "Above 256 KiB the state fails with States.DataLimitExceeded, on the day when there is more data.",
        _payload_at_risk,
    ),
)  # fmt: skip
