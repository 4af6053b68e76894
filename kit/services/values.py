"""Values between ASL and an API, as a service's model says: names in both casings, times, blobs.

Converters are made once and kept by who uses them. A value of no concern (a string,
a number) is handed on as it is.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from botocore.model import ListShape, MapShape, Shape, StructureShape

from kit.services import casing

Json: TypeAlias = Any
Converter: TypeAlias = Callable[[Json, str], Json]
Spelling: TypeAlias = Callable[[str], str]


class UnknownMember(Exception):  # noqa: N818
    """A name that the structure has not; `path` says where (`ServerlessV2ScalingConfiguration.MinCap`)."""

    def __init__(self, name: str, path: str, known: list[str]) -> None:
        super().__init__(path)
        self.name, self.path, self.known = name, path, known


@dataclass(frozen=True)
class Member:
    """One member of a structure: `name` as ASL spells it, `api_name` as the API does."""

    name: str
    api_name: str
    shape: Shape
    required: bool
    spell: Spelling

    @property
    def members(self) -> Mapping[str, Member]:
        """The members of the structure inside, also of a list's or map's elements; else none."""
        shape = self.shape
        while isinstance(shape, ListShape | MapShape):
            shape = shape.member if isinstance(shape, ListShape) else shape.value
        return members(shape, self.spell)


def members(shape: Shape | None, spell: Spelling = casing.member) -> Mapping[str, Member]:
    """The members of a structure by the names that ASL has for them; none of any other shape."""
    if not isinstance(shape, StructureShape):
        return {}
    required = set(shape.required_members)
    return {
        spell(name): Member(spell(name), name, inner, name in required, spell)
        for name, inner in shape.members.items()
    }


def to_api(shape: Shape | None, spell: Spelling = casing.member) -> Converter:
    """Makes a converter of arguments with ASL's names into those with the API's. It raises UnknownMember
    at the first unknown name."""
    return (shape and _to_api(shape, spell)) or _nothing_known


def from_api(shape: Shape | None, spell: Spelling = casing.member) -> Converter:
    """Makes a converter of answers with the API's names into those with ASL's. What the model doesn't know
    (ResponseMetadata) is left out."""
    return (shape and _from_api(shape, spell)) or (lambda _value, _path: {})


def _nothing_known(value: Json, path: str) -> Json:
    for name in value:
        raise UnknownMember(name, f"{path}{name}", [])
    return {}


def _to_api(shape: Shape, spell: Spelling) -> Converter | None:
    if isinstance(shape, StructureShape):
        return _structure_to_api(shape, spell)
    if isinstance(shape, ListShape):
        return _each_element(_Lazy(_to_api, shape.member, spell))
    if isinstance(shape, MapShape):
        return _each_value(_Lazy(_to_api, shape.value, spell))
    return {"string": _text, "blob": _bytes, "integer": _whole, "long": _whole}.get(shape.type_name)


def _from_api(shape: Shape, spell: Spelling) -> Converter | None:
    if isinstance(shape, StructureShape):
        return _structure_from_api(shape, spell)
    if isinstance(shape, ListShape):
        return _each_element(_Lazy(_from_api, shape.member, spell))
    if isinstance(shape, MapShape):
        return _each_value(_Lazy(_from_api, shape.value, spell))
    return {"timestamp": _timestamp, "blob": _blob_text}.get(shape.type_name)


class _Lazy:
    """The converter of an inner shape, made at its first use: shapes may hold themselves."""

    __slots__ = ("converter", "known", "maker", "shape", "spell")

    def __init__(
        self, maker: Callable[[Shape, Spelling], Converter | None], shape: Shape, spell: Spelling
    ) -> None:
        self.maker, self.shape, self.spell, self.known = maker, shape, spell, False
        self.converter: Converter | None = None

    def __call__(self, value: Json, path: str) -> Json:
        if not self.known:
            self.converter, self.known = self.maker(self.shape, self.spell), True
        return value if value is None or self.converter is None else self.converter(value, path)


def _structure_to_api(shape: StructureShape, spell: Spelling) -> Converter:
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    table = {spell(name): (name, _Lazy(_to_api, inner, spell)) for name, inner in shape.members.items()}

    def convert(value: Json, path: str) -> Json:
        if not isinstance(value, Mapping):
            return value
        converted = {}
        for name, inner in value.items():
            if name not in table:
                raise UnknownMember(name, f"{path}{name}", list(table))
            api_name, converter = table[name]
            converted[api_name] = converter(inner, f"{path}{name}.")
        return converted

    return convert


def _structure_from_api(shape: StructureShape, spell: Spelling) -> Converter:
    if getattr(shape, "is_document_type", False):
        return _as_it_is
    table = {name: (spell(name), _Lazy(_from_api, inner, spell)) for name, inner in shape.members.items()}

    def convert(value: Json, path: str) -> Json:
        converted = {}
        for name, inner in value.items():
            if name in table and inner is not None:
                asl_name, converter = table[name]
                converted[asl_name] = converter(inner, path)
        return converted

    return convert


def _each_element(convert: _Lazy) -> Converter:
    def converter(value: Json, path: str) -> Json:
        return [convert(each, path) for each in value] if isinstance(value, list) else value

    return converter


def _each_value(convert: _Lazy) -> Converter:
    def converter(value: Json, path: str) -> Json:
        return {k: convert(v, path) for k, v in value.items()} if isinstance(value, Mapping) else value

    return converter


def _as_it_is(value: Json, _path: str) -> Json:
    return value


def _text(value: Json, _path: str) -> Json:
    """Recorded: an object where the API wants a text is sent as its JSON."""
    return value if isinstance(value, str) else compact(value)


def _bytes(value: Json, _path: str) -> Json:
    return value.encode() if isinstance(value, str) else compact(value).encode()


def _whole(value: Json, _path: str) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _blob_text(value: Json, _path: str) -> Json:
    """A body as text; bytes that are no UTF-8 as base64 (a guess: not recorded)."""
    raw = value.read() if hasattr(value, "read") else value
    if not isinstance(raw, bytes):
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode()


def _timestamp(value: Json, _path: str) -> Json:
    return instant(value) if isinstance(value, dt.datetime) else value


def instant(moment: dt.datetime) -> str:
    """As Java's Instant prints it: UTC, and of the fraction none, three or six digits."""
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if not moment.microsecond:
        return text + "Z"
    if moment.microsecond % 1000:
        return f"{text}.{moment.microsecond:06d}Z"
    return f"{text}.{moment.microsecond // 1000:03d}Z"


def compact(value: Json) -> str:
    """JSON without spaces, as Step Functions writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
