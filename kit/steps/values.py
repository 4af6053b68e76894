"""The Python values that stand for ASL's: durations, moments, JSONata."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kit.steps.errors import StepError
from kit.steps.language import is_jsonata


def jsonata(expression: str) -> str:
    """Marks an expression as JSONata: `jsonata("$states.input.x")` is `{% $states.input.x %}`.

    Raises StepError where the expression can't be read, with the position.
    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    __tracebackhide__ = True
    from kit.asl.errors import ExpressionSyntaxError
    from kit.asl.jsonata import compile_jsonata

    text = expression.strip()
    if is_jsonata(text):
        text = text[2:-2].strip()
    try:
        compile_jsonata(text)
    except ExpressionSyntaxError as error:
        raise StepError(f"This JSONata can't be read: {error}\n  {text}") from None
    return f"{{% {text} %}}"


def seconds(field: str, value: Any) -> Any:
    """A duration as ASL has it: whole seconds. A timedelta becomes its seconds."""
    __tracebackhide__ = True
    if not isinstance(value, timedelta):
        return value
    whole, rest = divmod(value, timedelta(seconds=1))
    if rest or whole < 0:
        raise StepError(f"{field} is {value}. Step Functions counts whole seconds, 0 or more.")
    return whole


def timestamp(field: str, value: Any) -> Any:
    """A moment as ASL has it: ISO 8601 in UTC. A datetime needs a time zone."""
    __tracebackhide__ = True
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise StepError(
            f"{field} is {value.isoformat()}, without a time zone. Say which: "
            "datetime(..., tzinfo=ZoneInfo('Asia/Tokyo')), or tzinfo=UTC."
        )
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
