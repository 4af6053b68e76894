"""Typical answers to rung 00."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from kit.course.exercise import Case
from kit.course.ladder.rung_00 import STARTER
from kit.machine import Machine
from kit.steps import Chain, Choice, ChoiceRule, Pass, Succeed, Wait


def _changed(state: str, **fields: Any) -> dict[str, Any]:
    machine = deepcopy(STARTER)
    machine["States"][state] |= fields
    return machine


def _without_the_question() -> dict[str, Any]:
    machine = _changed("What day is it", Next="Build staging")
    del machine["States"]["Open today?"], machine["States"]["Leave it off"]
    return machine


def _off_after_the_build() -> dict[str, Any]:
    machine = _changed("Build staging", Next="Leave it off")
    machine["States"]["What day is it"]["Output"] = {"day": "business day"}
    del machine["States"]["Staging is up"]
    return machine


def _by_steps() -> Machine:
    day = Pass("What day is it", output={"day": "business day"})
    ask = Choice("Open today?")
    build = Wait("Build staging", seconds=1500)
    up = Succeed("Staging is up")
    ask.add_choice(ChoiceRule.Condition("{% $states.input.day = 'business day' %}"), build)
    ask.default_choice(Succeed("Leave it off"))
    build.next(up)
    return Machine("open-or-not", Chain([day, ask]))


def _by_rule() -> dict[str, Any]:
    """The decision changed instead of the fact: holidays too."""
    rule = {
        "Condition": "{% $states.input.day in ['business day', 'holiday'] %}",
        "Next": "Build staging",
    }
    return _changed("Open today?", Choices=[rule])


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(name="the machine as it was", outcome="unattempted", answer=lambda: deepcopy(STARTER)),
        Case(
            name="a capital letter",
            outcome="failed",
            advice="same_way",
            answer=lambda: _changed("What day is it", Output={"day": "Business day"}),
        ),
        Case(
            name="the question left out",
            outcome="failed",
            advice="did_not_ask",
            answer=_without_the_question,
        ),
        Case(
            name="another way after the build",
            outcome="failed",
            advice="stopped_after_build",
            answer=_off_after_the_build,
        ),
        Case(
            name="a state that isn't there",
            outcome="failed",
            advice="refused",
            answer=lambda: _changed("Open today?", Default="Build Staging"),
        ),
        Case(name="the fact changed, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="the decision changed, as ASL", outcome="passed", answer=_by_rule),
    )
}
