"""What a target gets: the event itself, a part of it, a text of the user's with parts of it filled in.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from kit.asl.errors import PathError
from kit.asl.paths import compile_path
from kit.asl.scope import Surroundings
from kit.services.values import compact

Json = Any
_PLACE = re.compile(r"<([\w.-]+)>")


def of_target(target: Mapping[str, Any], event: Mapping[str, Json], rule_arn: str) -> str:
    """The text that a rule's target gets."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath"):
        return compact(_read(str(target["InputPath"]), event))
    transformer = target.get("InputTransformer")
    if transformer:
        return _transformed(transformer, event, rule_arn)
    return compact(event)


def _transformed(transformer: Mapping[str, Any], event: Mapping[str, Json], rule_arn: str) -> str:
    values = {name: _read(path, event) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values["aws.events.rule-arn"] = rule_arn
    values["aws.events.rule-name"] = rule_arn.rsplit("/", 1)[-1]
    values["aws.events.event.ingestion-time"] = event["time"]
    values["aws.events.event"] = event
    values["aws.events.event.json"] = event
    template = str(transformer["InputTemplate"])

    def fill(found: re.Match[str]) -> str:
        """Inside of quotes a value stands as text, elsewhere as JSON."""
        if found[1] not in values:
            return found[0]
        value = values[found[1]]
        quoted = template[: found.start()].count('"') - template[: found.start()].count('\\"')
        if quoted % 2:
            text = value if isinstance(value, str) else compact(value)
            return orjson.dumps(text).decode()[1:-1]
        return compact(value)

    return _PLACE.sub(fill, template)


def _read(path: str, event: Mapping[str, Json]) -> Json:
    """None where nothing is there, as EventBridge has it."""
    try:
        return compile_path(path)(event, Surroundings())
    except PathError:
        return None
