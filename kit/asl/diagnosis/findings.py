"""What a diagnosis collects, and what it knows of its surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from kit.asl.definition import Json, Place, QueryLanguage
from kit.asl.errors import Diagnostic
from kit.asl.reading import has_placeholder


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The findings so far, with what the checks must know.

    `language` is the query language in force at this place, `machine_language` that of the whole
    machine. `placeholders` says whether `${Name}` may stand for any value. `catcher` is true in a
    Catch, the one place that has `$states.errorOutput`.
    """

    findings: list[Diagnostic] = field(default_factory=list)
    machine_language: QueryLanguage = "JSONPath"
    language: QueryLanguage = "JSONPath"
    placeholders: bool = True
    express: bool = False
    catcher: bool = False

    def speaking(self, language: QueryLanguage) -> Diagnosis:
        return replace(self, language=language)

    def in_catcher(self) -> Diagnosis:
        return replace(self, catcher=True)

    def error(self, place: Place | None, message: str, code: str = "SCHEMA_VALIDATION_FAILED") -> None:
        self._add("ERROR", place, message, code)

    def warning(self, place: Place, message: str, code: str) -> None:
        self._add("WARNING", place, message, code)

    def _add(
        self, severity: Literal["ERROR", "WARNING"], place: Place | None, message: str, code: str
    ) -> None:
        self.findings.append(Diagnostic(severity, code, message, None if place is None else str(place)))

    def is_open(self, value: Json) -> bool:
        """Whether the value is still to be filled in: a text with a placeholder."""
        return self.placeholders and isinstance(value, str) and has_placeholder(value)


Check: TypeAlias = Callable[[Json, Place, Diagnosis], None]
"""Looks at the value of a field at a place."""


def required(fields: dict[str, Json], names: Iterable[str], place: Place, diagnosis: Diagnosis) -> None:
    if missing := [name for name in names if name not in fields]:
        diagnosis.error(place, f"These fields are required: [{', '.join(missing)}]")


def exactly_one(fields: dict[str, Json], names: tuple[str, ...], place: Place, diagnosis: Diagnosis) -> None:
    given = sum(name in fields for name in names)
    if given == 0:
        diagnosis.error(
            place, f"This object should have only one of the following fields: [{', '.join(names)}]"
        )
    else:
        at_most_one(fields, names, place, diagnosis)


def at_most_one(fields: dict[str, Json], names: tuple[str, ...], place: Place, diagnosis: Diagnosis) -> None:
    if sum(name in fields for name in names) > 1:
        diagnosis.error(place, f"There should only be one of the following fields: [{', '.join(names)}]")


def only(fields: dict[str, Json], allowed: Iterable[str], place: Place, diagnosis: Diagnosis) -> None:
    known = set(allowed)
    for name in fields:
        if name not in known:
            diagnosis.error(place, f"Field '{name}' is not supported")


def belongs_to(name: str, other: QueryLanguage, place: Place, diagnosis: Diagnosis) -> None:
    """A field of the query language that isn't in force."""
    diagnosis.error(
        place,
        f"The QueryLanguage is set to '{diagnosis.language}', but field '{name}' is only supported for the "
        f"'{other}' QueryLanguage",
    )
