"""Writing machines: the states of the `stepfunctions` SDK with all that today's language has.

The SDK's own states go beside these in one Chain.
"""

from kit.steps.aws import AwsSdk
from kit.steps.code import UnwritableError, as_json, to_code
from kit.steps.completion import join_ipython
from kit.steps.definition import is_flow, origins, to_asl
from kit.steps.errors import MixedLanguagesError, StepError, UnknownFieldError
from kit.steps.origin import Origin
from kit.steps.patterns import (
    approval,
    cleanup_on_failure,
    ensure_absent,
    ensure_present,
    for_each_page,
    notify_slack,
    wait_until,
)
from kit.steps.rules import Catch, ChoiceRule, Retry
from kit.steps.states import Chain, Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait
from kit.steps.values import jsonata

__all__ = [
    "AwsSdk",
    "Catch",
    "Chain",
    "Choice",
    "ChoiceRule",
    "Fail",
    "Map",
    "MixedLanguagesError",
    "Origin",
    "Parallel",
    "Pass",
    "Retry",
    "StepError",
    "Succeed",
    "Task",
    "UnknownFieldError",
    "UnwritableError",
    "Wait",
    "approval",
    "as_json",
    "cleanup_on_failure",
    "ensure_absent",
    "ensure_present",
    "for_each_page",
    "is_flow",
    "jsonata",
    "notify_slack",
    "origins",
    "to_asl",
    "to_code",
    "wait_until",
]

join_ipython()
