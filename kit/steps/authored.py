"""What all our states, retriers and catchers share, laid over the SDK's own classes.

The SDK writes fields in snake case and knows none that came after January 2022. `Authored` adds the
newer ones, takes timedelta and datetime, says where an unknown field was written, and emits the query
language a state turns out to speak.
"""

from __future__ import annotations

import inspect
from enum import Enum
from typing import Any, ClassVar

from stepfunctions.steps.states import Block

from kit.steps.errors import MixedLanguagesError, StepError, UnknownFieldError, did_you_mean
from kit.steps.language import Inferred, language_of, signs
from kit.steps.origin import Origin, origin
from kit.steps.values import seconds, timestamp


class Field(Enum):
    """The fields that the SDK lacks, in its style."""

    QueryLanguage = "query_language"
    Arguments = "arguments"
    Output = "output"
    Assign = "assign"
    ResultSelector = "result_selector"
    Credentials = "credentials"
    TimeoutSecondsPath = "timeout_seconds_path"
    HeartbeatSecondsPath = "heartbeat_seconds_path"
    ErrorPath = "error_path"
    CausePath = "cause_path"
    Items = "items"
    ItemSelector = "item_selector"
    ItemReader = "item_reader"
    ItemBatcher = "item_batcher"
    ResultWriter = "result_writer"
    Label = "label"
    MaxConcurrencyPath = "max_concurrency_path"
    ToleratedFailureCount = "tolerated_failure_count"
    ToleratedFailureCountPath = "tolerated_failure_count_path"
    ToleratedFailurePercentage = "tolerated_failure_percentage"
    ToleratedFailurePercentagePath = "tolerated_failure_percentage_path"
    MaxDelaySeconds = "max_delay_seconds"
    JitterStrategy = "jitter_strategy"
    Comment = "comment"
    InputPath = "input_path"
    OutputPath = "output_path"


_DURATIONS = ("seconds", "timeout_seconds", "heartbeat_seconds", "interval_seconds", "max_delay_seconds")
_NULL_MEANS_NULL = ("result", "output", "arguments", "parameters")
_FIRST = ("Type", "Comment", "QueryLanguage", "Resource")
_LAST = ("Retry", "Catch", "Next", "End", "Default")


def in_reading_order(state: dict[str, Any]) -> dict[str, Any]:
    """What a state is first, where it goes last."""
    middle = [key for key in state if key not in _FIRST and key not in _LAST]
    return {key: state[key] for key in (*_FIRST, *middle, *_LAST) if key in state}


def _signature(cls: Any) -> inspect.Signature:
    """What a notebook shows and completes: the leading arguments as written, then every field by name."""
    leading = [
        parameter
        for parameter in inspect.signature(cls.__init__).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD and parameter.name != "self"
    ]
    names = {parameter.name for parameter in leading}
    fields = [field.value for field in cls.__new__(cls).allowed_fields()]
    parts: tuple[str, ...] = cls.PARTS
    rest = [name for name in dict.fromkeys((*parts, *fields)) if name not in names]
    free = [inspect.Parameter(cls.FREE, inspect.Parameter.VAR_KEYWORD)] if cls.FREE else []
    return inspect.Signature(
        [
            *leading,
            *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in rest),
            *free,
        ]
    )


class Authored:
    """Mixed in before an SDK class. `NEWER` are the fields the SDK's class lacks, `PARTS` the keyword
    arguments that are no fields of the JSON (retry, catch), `FREE` what other keywords are, if any."""

    NEWER: ClassVar[tuple[Field, ...]] = ()
    PARTS: ClassVar[tuple[str, ...]] = ()
    FREE: ClassVar[str | None] = None
    origin: Origin | None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if issubclass(cls, Block):
            cls.__signature__ = _signature(cls)  # type: ignore[attr-defined]

    def allowed_fields(self) -> list[Enum]:
        inherited: list[Enum] = super().allowed_fields()  # type: ignore[misc]
        names = {field.value for field in inherited}
        return [*inherited, *(field for field in self.NEWER if field.value not in names)]

    def _prepared(self, label: str, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields with durations and moments as ASL has them; unknown names are refused."""
        __tracebackhide__ = True
        known = [field.value for field in self.allowed_fields()]
        for name in fields:
            if name not in known:
                raise UnknownFieldError(
                    f"{label} has no field {name!r}.{did_you_mean(name, [*known, *self.PARTS])}"
                    f" It takes: {', '.join(sorted({*known, *self.PARTS}))}."
                )
        prepared = dict(fields)
        for name in _DURATIONS:
            if name in prepared:
                prepared[name] = seconds(f"{label}: {name}", prepared[name])
        if "timestamp" in prepared:
            prepared["timestamp"] = timestamp(f"{label}: timestamp", prepared["timestamp"])
        return prepared

    def to_dict(self) -> dict[str, Any]:
        """The JSON. In the fields that hold data, None is null; elsewhere it is a field not given."""
        written: dict[str, Any] = super().to_dict()  # type: ignore[misc]
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        nulls = (name.title() for name in _NULL_MEANS_NULL if name in fields and fields[name] is None)
        return {**written, **dict.fromkeys(nulls)}

    def _remember_origin(self) -> None:
        self.origin = origin()


class AuthoredState(Authored):
    """Mixed in before an SDK state. Field names are the SDK's snake case, values are ASL's JSON or
    Python's own durations and moments; a string `{% … %}` is JSONata.

    Raises UnknownFieldError, MixedLanguagesError and StepError, each with the author's line.
    """

    def __init__(self, state_id: str, **fields: Any) -> None:
        __tracebackhide__ = True
        label = f"{type(self).__name__} {state_id!r}"
        if not isinstance(state_id, str) or not 0 < len(state_id) <= 80:
            raise StepError(f"{label}: a state's name is a text of 1 to 80 characters.")
        parts = {name: fields.pop(name) for name in self.PARTS if name in fields}
        fields = self._prepared(label, fields)
        try:
            super().__init__(state_id, **parts, **fields)  # type: ignore[call-arg]
        except ValueError as error:
            raise error if isinstance(error, StepError) else StepError(f"{label}: {error}") from None
        self._remember_origin()
        _check_language(label, Block.to_dict(self))

    def to_dict(self) -> dict[str, Any]:
        state = super().to_dict()
        for name in ("Assign", "ResultSelector", "ItemSelector"):
            if name in state:
                state[name] = self._replace_placeholders(state[name])  # type: ignore[attr-defined]
        _check_language(f"{type(self).__name__} {self.state_id!r}", state)  # type: ignore[attr-defined]
        if language_of(state) == "JSONata":
            state.setdefault("QueryLanguage", Inferred("JSONata"))
        return in_reading_order(state)


def _check_language(label: str, state: dict[str, Any]) -> None:
    __tracebackhide__ = True
    jsonpath, jsonata = signs(state)
    declared = state.get("QueryLanguage")
    if jsonpath and (jsonata or declared == "JSONata"):
        proof = jsonata[0] if jsonata else "QueryLanguage"
        raise MixedLanguagesError(
            f"{label} speaks two query languages: {jsonpath[0]} is JSONPath, {proof} is JSONata. "
            "A state speaks one. In JSONata the fields are Arguments, Output, Assign and Items."
        )
    if jsonata and declared == "JSONPath":
        raise MixedLanguagesError(f"{label} says it is JSONPath, but {jsonata[0]} is JSONata.")
