"""A run in words, for a terminal and a screen reader: what ran, what failed, why, what to do next.

What a redrive does is from
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.asl.definition import Choice, Fallible, Flow, State, StateMachine
from kit.history import OPEN, Trace, Visit
from kit.view.captions import caption, condition, headline, plural, shorten, spoken
from kit.view.looks import NOT_STARTED, look_of

CAUSE_LENGTH = 400

DEFINITION_ERRORS = frozenset(
    {
        "States.IntrinsicFailure",
        "States.NoChoiceMatched",
        "States.ParameterPathFailure",
        "States.QueryEvaluationError",
        "States.ResultPathMatchFailure",
        "States.Runtime",
    }
)
"""Errors that come from the definition or the input, which a redrive takes unchanged."""

REFUSALS = ("AccessDenied", "not authorized", "UnauthorizedOperation", "States.Permissions")
THROTTLES = ("Throttl", "Rate exceeded", "TooManyRequests", "RequestLimitExceeded")


def words(definition: StateMachine, trace: Trace | None = None, title: str | None = None) -> str:
    """A machine, and with `trace` a run of it, as plain text of several lines."""
    heading = title or definition.comment or "State machine"
    if trace is None:
        return "\n".join([f"{heading}: {plural(_count(definition), 'state')}", *_machine(definition)])
    lines = [f"{heading}: {headline(trace)}"]
    if trace.redrives:
        lines.append(f"Redriven {plural(trace.redrives, 'time')}.")
    lines += ["", "What ran", *_ran(definition, trace, "  ")]
    for section in _sections(definition, trace):
        lines += ["", *section]
    return "\n".join(lines)


def advice(definition: StateMachine, trace: Trace) -> list[str]:
    """What failed and what to do, as lines; those of a section are indented under its heading."""
    return [line for section in _sections(definition, trace) for line in section]


def _sections(definition: StateMachine, trace: Trace) -> Iterator[list[str]]:
    if failed := list(_failed(trace)):
        yield ["What failed", *failed]
    if following := list(_next(definition, trace)):
        yield ["What to do", *following]


def _count(definition: StateMachine) -> int:
    return sum(1 for _ in definition.walk())


def _machine(flow: Flow, indent: str = "  ") -> Iterator[str]:
    for state in flow.states.values():
        start = ", first" if state.name == flow.start_at else ""
        yield f"{indent}{state.name} ({caption(state)}){start}{_leads(state)}"
        for number, inner in enumerate(state.flows(), 1):
            if len(state.flows()) > 1:
                yield f"{indent}  branch {number}"
            yield from _machine(inner, f"{indent}    ")


def _leads(state: State) -> str:
    parts = []
    if isinstance(state, Choice):
        parts += [f"if {shorten(condition(rule), 60)}, to {rule.next}" for rule in state.rules]
        if state.default:
            parts.append(f"else to {state.default}")
    elif state.next:
        parts.append(f"then {state.next}")
    else:
        parts.append("then the end" if state.type != "Fail" else "fails the run")
    if isinstance(state, Fallible):
        parts += [f"on {', '.join(catch.error_equals)} to {catch.next}" for catch in state.catchers]
    return f": {'; '.join(parts)}"


def _ran(flow: Flow, trace: Trace, indent: str) -> Iterator[str]:
    for state in flow.states.values():
        status = trace.state(state.name)
        glyph = look_of(status.status).glyph if status else "-"
        yield f"{indent}{glyph} {state.name} ({state.type}): {spoken(status) if status else NOT_STARTED.word}"
        for inner in state.flows():
            yield from _ran(inner, trace, f"{indent}  ")


def _failed(trace: Trace) -> Iterator[str]:
    for visit in trace.visits:
        if visit.superseded or visit.status not in ("failed", "caught") or visit.lanes:
            continue
        tries = f" after {plural(len(visit.attempts), 'attempt')}" if len(visit.attempts) > 1 else ""
        place = f" (iteration {visit.iteration})" if visit.iteration is not None else ""
        error = visit.error or "an error without a name"
        if visit.type == "Fail":
            yield f"  {visit.state}{place}, a Fail state, was reached: {error}{_taken(visit)}."
        else:
            yield f"  {visit.state}{place} failed with {error}{tries}{_taken(visit)}."
        if visit.cause:
            yield f"    Cause: {shorten(visit.cause, CAUSE_LENGTH)}"
    if trace.status == "FAILED" and not trace.failures():
        yield f"  The execution failed with {trace.error or 'an error without a name'}."
        if trace.cause:
            yield f"    Cause: {shorten(trace.cause, CAUSE_LENGTH)}"


def _taken(visit: Visit) -> str:
    if visit.status == "caught":
        return "; a Catch took it"
    around = visit.parent
    while around is not None:
        if around.status == "caught":
            return f"; the Catch of {around.state} took it"
        around = around.parent
    return ""


def _next(definition: StateMachine, trace: Trace) -> Iterator[str]:
    open_visits = [v for v in trace.visits if v.status in OPEN and not v.lanes and not v.superseded]
    if trace.status == "RUNNING":
        yield from dict.fromkeys(f"  {_what_it_waits_for(visit)}" for visit in open_visits)
        return
    if trace.status == "SUCCEEDED":
        return
    again = " ".join(_resumed(trace))
    if trace.status == "ABORTED":
        yield f"  It was stopped. A redrive within 14 days goes on where it stopped. {again}".rstrip()
    elif trace.status == "TIMED_OUT":
        ran_out = "The machine's TimeoutSeconds ran out. A redrive within 14 days starts the timeout anew."
        yield f"  {ran_out} {again}".rstrip()
    else:
        yield from _after_failure(definition, trace, again)


def _what_it_waits_for(visit: Visit) -> str:
    last = visit.attempts[-1] if visit.attempts else None
    if visit.type == "Wait":
        return f"Wait: {visit.state} lets time pass."
    if last is not None and last.status in ("failed", "timed out"):
        return f"Wait: {visit.state} failed with {last.error} and is tried again if a Retry says so."
    if visit.status == "waiting":
        return (
            f"Answer: {visit.state} waits for its task token. "
            "SendTaskSuccess or SendTaskFailure lets the run go on."
        )
    return f"Wait: {visit.state} is at work."


def _after_failure(definition: StateMachine, trace: Trace, again: str) -> Iterator[str]:
    culprit = next((visit for visit in trace.failures() if not visit.lanes), None)
    error, cause = trace.error or "", trace.cause or ""
    if culprit is not None and culprit.type == "Fail":
        yield (
            f"  Don't redrive: a redrive enters the Fail state {culprit.state} again, and it fails again. "
            "Repair the cause, then start a new execution."
        )
        caught = [v for v in trace.visits if v.status == "caught" and not v.superseded]
        if caught:
            yield (
                f"  The failure that led there was in {caught[-1].state}. Without the Catch that leads to "
                f"{culprit.state}, the run could be redriven from there."
            )
    elif error in DEFINITION_ERRORS:
        yield (
            "  Don't redrive: a redrive takes the same definition and the same input, and this error comes "
            f"from them. Correct {f'the state {culprit.state}' if culprit else 'the definition'} or the "
            "input, then start a new execution."
        )
    else:
        repair = "Repair the cause, then redrive within 14 days: same input, same definition."
        yield f"  {repair} {again}".rstrip()
    if any(sign in error + cause for sign in REFUSALS):
        yield "  The machine's role lacks a permission. A new one takes up to minutes to be in force."
    if any(sign in error + cause for sign in THROTTLES):
        yield f"  The service throttled the call. {_retry_advice(definition, culprit, error)}"


def _retry_advice(definition: StateMachine, culprit: Visit | None, error: str) -> str:
    state = next((s for s in definition.walk() if culprit is not None and s.name == culprit.state), None)
    if isinstance(state, Fallible) and state.retriers:
        return "Its Retry ran out or doesn't name this error."
    return f"A Retry on {error} would have tried again."


def _resumed(trace: Trace) -> Iterator[str]:
    names = list(dict.fromkeys(v.state for v in trace.unfinished() if not v.lanes and not v.superseded))
    if names:
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        yield f"It runs {shown} again and leaves alone what succeeded."
