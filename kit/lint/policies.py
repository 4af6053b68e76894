"""The policy that a machine's role needs: a value, with words for each statement.

https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is allowed, and why: `why` is a sentence that names the states."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    condition: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """As IAM takes it; `Action` is always a list, `Resource` a text where there is one."""
        made: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": self.resources[0] if len(self.resources) == 1 else list(self.resources),
        }
        return {**made, "Condition": self.condition} if self.condition else made


class Policy:
    """The statements that a role needs, no more. False where it needs none.

    `document` is the IAM policy document; `{}` where there is nothing to allow, since IAM takes no
    empty one. Placeholders such as `${TopicArn}` stay in it, for whoever fills in the definition.
    """

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self.statements = tuple(statements)

    @property
    def document(self) -> dict[str, Any]:
        if not self.statements:
            return {}
        return {"Version": "2012-10-17", "Statement": [each.to_json() for each in self.statements]}

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions that are allowed, sorted."""
        return tuple(sorted({action for each in self.statements for action in each.actions}))

    @property
    def words(self) -> str:
        """Why each statement is there, a line a statement."""
        if not self.statements:
            return "It calls nothing, so its role needs no policy."
        return "\n".join(f"{', '.join(each.actions)}: {each.why}" for each in self.statements)

    def to_json(self, indent: int | None = 2) -> str:
        return json.dumps(self.document, indent=indent, ensure_ascii=False)

    def __bool__(self) -> bool:
        return bool(self.statements)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Policy):
            return NotImplemented
        return self.statements == other.statements

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"{self.to_json()}\n\n{self.words}" if self else self.words

    def _repr_html_(self) -> str:
        if not self.statements:
            return f"<p>{html.escape(self.words)}</p>"
        head = "".join(f"<th>{name}</th>" for name in ("Allows", "On", "Why"))
        rows = "".join(map(_row, self.statements))
        text = html.escape(self.to_json())
        document = f"<details><summary>The policy as JSON</summary><pre>{text}</pre></details>"
        return f"<table><tr>{head}</tr>{rows}</table>{document}"


def _row(statement: Statement) -> str:
    resources = [*statement.resources]
    if statement.condition:
        resources.append(f"where {json.dumps(statement.condition)}")
    cells = (statement.actions, resources, (statement.why,))
    return (
        "<tr>"
        + "".join(
            f'<td style="text-align: left">{"<br>".join(map(html.escape, lines))}</td>' for lines in cells
        )
        + "</tr>"
    )
