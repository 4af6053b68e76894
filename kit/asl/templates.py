"""State machines inside of what deploys them: SAM and CloudFormation templates, CDK's output, and the
answer of DescribeStateMachine.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.asl.definition import Json
from kit.asl.encoding import decode

TYPES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_KNOWN = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
_IN_SUB = re.compile(r"\$\{(!?)([^{}$]+)\}")

_LOOKS_LIKE_YAML = re.compile(r"^Resources:|^Type:\s*AWS::", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FoundMachine:
    """A state machine in a template. `resource` is its logical id, `name` what it is called in the account,
    where the template says. One of `definition` (JSON, or its text) and `file` (a path as it is written
    there) is given. References to other resources are `${Name}` or `${Name.Arn}`; `substitutions` are
    those of the template whose values stand in it."""

    resource: str
    name: str | None
    definition: str | Mapping[str, Json] | None
    file: str | None
    substitutions: Mapping[str, str]


def find_machines(source: str | Mapping[str, Json]) -> list[FoundMachine]:
    """The state machines of a template, in its order; none where the source is no template (a definition,
    say). Raises ValueError for a machine whose definition isn't in the template or in a file beside it."""
    template = _read(source) if isinstance(source, str) else source
    if not isinstance(template, Mapping) or "States" in template:
        return []
    if "definition" in template and "Resources" not in template:
        name = template.get("name")
        return [FoundMachine(str(name or ""), name, template["definition"], None, {})]
    if template.get("Type") in TYPES:
        template = {"Resources": {"StateMachine": template}}
    resources = template.get("Resources")
    if not isinstance(resources, Mapping):
        return []
    reader = _Reader(template.get("Parameters") or {})
    return [
        reader.machine(str(logical_id), resource.get("Properties") or {})
        for logical_id, resource in resources.items()
        if isinstance(resource, Mapping) and resource.get("Type") in TYPES
    ]


def _read(text: str) -> Json:
    try:
        return decode(text)
    except (ValueError, RecursionError):
        if text.lstrip().startswith(("{", "[")) or not _LOOKS_LIKE_YAML.search(text):
            return None
        from kit.asl.template_text import load_template

        return load_template(text)


class _Reader:
    def __init__(self, parameters: Mapping[str, Json]) -> None:
        self._values = {
            name: str(each["Default"])
            for name, each in parameters.items()
            if isinstance(each, Mapping) and "Default" in each
        } | _KNOWN

    def machine(self, logical_id: str, properties: Mapping[str, Json]) -> FoundMachine:
        name = properties.get("StateMachineName", properties.get("Name"))
        given = {
            key: self._text(each) for key, each in (properties.get("DefinitionSubstitutions") or {}).items()
        }
        substitutions = {key: each for key, each in given.items() if not _IN_SUB.search(each)}
        definition: str | Mapping[str, Json] | None = None
        file = None
        if "DefinitionString" in properties:
            definition = self._text(properties["DefinitionString"])
        elif "Definition" in properties:
            definition = dict(self._fields(properties["Definition"]))
        else:
            place = properties.get("DefinitionUri", properties.get("DefinitionS3Location"))
            if not isinstance(place, str) or place.startswith("s3:"):
                said = f"at {place!r}, in S3" if place else "nowhere to be seen"
                raise ValueError(
                    f"The definition of {logical_id} is {said}, not in the template. Get it from there, or "
                    "from the account: sandbox.import_machine(arn)."
                )
            file = place
        plain = name if isinstance(name, str) else None
        return FoundMachine(logical_id, plain, definition, file, substitutions)

    def _text(self, value: Json) -> str:
        """What CloudFormation would make of a value, with `${…}` for what only it knows."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, Mapping):
            return str(value)
        ((function, argument),) = value.items() if len(value) == 1 else (("", ""),)
        if function == "Ref":
            return self._reference(str(argument))
        if function == "Fn::GetAtt":
            return _open(argument if isinstance(argument, str) else ".".join(map(str, argument)))
        if function == "Fn::Join":
            return str(argument[0]).join(map(self._text, argument[1]))
        if function == "Fn::Sub":
            text, own = argument if isinstance(argument, list) else (argument, {})
            return self._filled(str(text), {key: self._text(each) for key, each in own.items()})
        return _open(re.sub(r"[^A-Za-z0-9_.:]+", ".", function or "Unknown"))

    def _reference(self, name: str) -> str:
        return self._values.get(name, _open(name))

    def _filled(self, text: str, own: Mapping[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            return _open(name) if literal else own.get(name, self._reference(name))

        return _IN_SUB.sub(value, text)

    def _fields(self, value: Any) -> Iterator[tuple[str, Json]]:
        for key, each in value.items():
            yield key, self._plain(each)

    def _plain(self, value: Json) -> Json:
        if isinstance(value, Mapping):
            (only,) = value if len(value) == 1 else ("",)
            if only == "Ref" or str(only).startswith("Fn::"):
                return self._text(value)
            return dict(self._fields(value))
        return [self._plain(each) for each in value] if isinstance(value, list) else value


def _open(name: str) -> str:
    """A placeholder, for what only CloudFormation knows."""
    return f"${{{name}}}"
