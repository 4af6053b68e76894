"""A small GitHub: issues and their comments.

What it doesn't model: who may do what (a token that is one may do all), users (everything is by
`small-steps`), milestones, reactions, pull requests, Markdown, pages of results (all come at once), GraphQL.
https://docs.github.com/en/rest/issues/issues
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kit.emulator.http.asked import Asked
from kit.emulator.http.limiting import Limiting
from kit.emulator.http.listener import json_response
from kit.emulator.messages import HttpResponse

_TOKENS = ("ghp_", "ghs_", "gho_", "ghu_", "github_pat_")
_DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(slots=True)
class Comment:
    id: int
    body: str
    created_at: str


@dataclass(slots=True)
class Issue:
    """An issue as it stands: `repository` is `owner/name`, `state` open or closed."""

    repository: str
    number: int
    title: str
    body: str | None
    labels: list[str]
    assignees: list[str]
    created_at: str
    state: str = "open"
    comments: list[Comment] = field(default_factory=list)


class GitHub(Limiting):
    """`url` is what stands in the place of `https://api.github.com`.

    A token that looks like one (`ghp_...`, `github_pat_...`) is taken. A repository exists, unless
    `repositories` names those (`owner/name`) that do.
    """

    def __init__(self, base: Callable[[], str], now: Callable[[], float]) -> None:
        super().__init__()
        self._base, self._now = base, now
        self._issues: list[Issue] = []
        self._comments = 0
        self.repositories: set[str] | None = None

    @property
    def url(self) -> str:
        return f"{self._base()}/github"

    @property
    def issues(self) -> list[Issue]:
        """All issues, of all repositories, the oldest first."""
        return list(self._issues)

    def clear(self) -> None:
        """Forgets the issues."""
        self._issues.clear()

    def answer(self, asked: Asked) -> HttpResponse:
        if "user-agent" not in asked.headers:
            return _refused(403, "Request forbidden by administrative rules. Please set a User-Agent header")
        if asked.scheme not in ("bearer", "token") or not asked.token.startswith(_TOKENS):
            return _refused(401, "Bad credentials" if asked.scheme else "Requires authentication")
        limited = self.refuse({"message": "You have exceeded a secondary rate limit."})
        if limited is not None:
            return limited
        path = asked.path
        if path[:1] != ("repos",) or not 4 <= len(path) <= 6 or path[3] != "issues":
            return _refused(404, "Not Found")
        repository = f"{path[1]}/{path[2]}"
        if self.repositories is not None and repository not in self.repositories:
            return _refused(404, "Not Found")
        if len(path) == 4:
            return self._collection(asked, repository)
        issue = self._find(repository, path[4])
        if issue is None:
            return _refused(404, "Not Found")
        if len(path) == 5:
            return self._one(asked, issue)
        return self._of_comments(asked, issue) if path[5] == "comments" else _refused(404, "Not Found")

    def _collection(self, asked: Asked, repository: str) -> HttpResponse:
        if asked.method == "GET":
            state = asked.query.get("state", "open")
            found = [
                each
                for each in reversed(self._issues)
                if each.repository == repository and state in (each.state, "all")
            ]
            return json_response([self._shown(each) for each in found])
        if asked.method != "POST":
            return _refused(404, "Not Found")
        fields = asked.fields
        if fields is None:
            return _refused(400, "Problems parsing JSON")
        if not fields.get("title"):
            return _invalid("title")
        issue = Issue(
            repository,
            1 + sum(each.repository == repository for each in self._issues),
            str(fields["title"]),
            fields.get("body"),
            _names(fields.get("labels")),
            _names(fields.get("assignees")),
            self._moment(),
        )
        self._issues.append(issue)
        return json_response(self._shown(issue), 201)

    def _one(self, asked: Asked, issue: Issue) -> HttpResponse:
        if asked.method == "PATCH":
            fields = asked.fields
            if fields is None:
                return _refused(400, "Problems parsing JSON")
            if fields.get("state", issue.state) not in ("open", "closed"):
                return _invalid("state")
            issue.state = fields.get("state", issue.state)
            issue.title, issue.body = fields.get("title", issue.title), fields.get("body", issue.body)
            if "labels" in fields:
                issue.labels = _names(fields["labels"])
        elif asked.method != "GET":
            return _refused(404, "Not Found")
        return json_response(self._shown(issue))

    def _of_comments(self, asked: Asked, issue: Issue) -> HttpResponse:
        if asked.method == "GET":
            return json_response([self._told(issue, each) for each in issue.comments])
        if asked.method != "POST":
            return _refused(404, "Not Found")
        body = (asked.fields or {}).get("body")
        if not body:
            return _invalid("body")
        self._comments += 1
        comment = Comment(self._comments, str(body), self._moment())
        issue.comments.append(comment)
        return json_response(self._told(issue, comment), 201)

    def _find(self, repository: str, number: str) -> Issue | None:
        return next(
            (each for each in self._issues if (each.repository, str(each.number)) == (repository, number)),
            None,
        )

    def _shown(self, issue: Issue) -> dict[str, Any]:
        return {
            "id": self._issues.index(issue) + 1,
            "number": issue.number,
            "url": self._address(issue),
            "html_url": f"https://github.com/{issue.repository}/issues/{issue.number}",
            "title": issue.title,
            "body": issue.body,
            "state": issue.state,
            "labels": [{"name": each} for each in issue.labels],
            "assignees": [{"login": each} for each in issue.assignees],
            "comments": len(issue.comments),
            "user": {"login": "small-steps"},
            "created_at": issue.created_at,
        }

    def _told(self, issue: Issue, comment: Comment) -> dict[str, Any]:
        return {
            "id": comment.id,
            "body": comment.body,
            "user": {"login": "small-steps"},
            "issue_url": self._address(issue),
            "created_at": comment.created_at,
        }

    def _address(self, issue: Issue) -> str:
        return f"{self.url}/repos/{issue.repository}/issues/{issue.number}"

    def _moment(self) -> str:
        return dt.datetime.fromtimestamp(self._now(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def __repr__(self) -> str:
        return f"<GitHub with {len(self._issues)} issues>"


def _refused(status: int, message: str) -> HttpResponse:
    told = {"message": message, "documentation_url": _DOCUMENTATION, "status": str(status)}
    return json_response(told, status)


def _invalid(name: str) -> HttpResponse:
    errors = [{"resource": "Issue", "code": "missing_field", "field": name}]
    told = {"message": "Validation Failed", "errors": errors, "documentation_url": _DOCUMENTATION}
    return json_response({**told, "status": "422"}, 422)


def _names(value: Any) -> list[str]:
    """Labels come as names or as objects with a name."""
    listed = value if isinstance(value, list) else []
    return [str(each.get("name") if isinstance(each, dict) else each) for each in listed]
