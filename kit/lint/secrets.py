"""Rules about secrets, and about headers that an HTTP Task may not set.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kit.asl.definition import State, Task
from kit.lint.needs import integration
from kit.lint.rule import Rule, Said
from kit.lint.subject import Subject, arguments_field, own_fields, texts

_KNOWN = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a Slack token", re.compile(r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}")),
    ("a Slack webhook", re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/T\w+/\w+/\w+")),
    ("a GitHub token", re.compile(r"\b(?:gh[opsur]_[0-9A-Za-z]{30,}|github_pat_\w{30,})")),
    ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[0-9A-Za-z]{16,}")),
    ("a signed token (JWT)", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
    ("a bearer or basic credential", re.compile(r"\b(?:Bearer|Basic) +[0-9A-Za-z+/=._~-]{16,}")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}$]+:[^/\s:@{}$]+@")),
)
_PASSWORD = re.compile(r"\w*(?:password|passwd)", re.IGNORECASE)
_KEY = re.compile(
    r"(?:\w*(?:secret_?access_?key|client_?secret|api[_-]?key|auth_?token|access_?token|private_?key)|"
    r"authorization)",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?=\D*\d)\S{16,}")
_FORBIDDEN = frozenset(
    (
        "a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control",
        "connection", "content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host",
        "http2-settings", "max-forwards", "origin", "pragma", "proxy-authorization", "referer", "server",
        "te", "trailer", "transfer-encoding", "upgrade", "via", "warning",
    )
)  # fmt: skip
_FORBIDDEN_BEGINNINGS = ("x-forwarded-", "x-amz-", "x-amzn-", "if-")


def _secret_in_definition(subject: Subject) -> Iterator[Said]:
    for state in subject.states:
        for inside, text in texts({**own_fields(state), "Comment": state.fields.get("Comment")}):
            what = _secret(inside, text)
            if what:
                yield Said(
                    state,
                    f"{what}, written into the definition",
                    "a reference: Secrets Manager, or the EventBridge connection of an HTTP Task",
                    "take it out, and change the secret: whoever could read the definition or its history "
                    "has it",
                    inside,
                )


def _secret(inside: str, text: str) -> str | None:
    for what, pattern in _KNOWN:
        if pattern.search(text):
            return what
    name = re.sub(r"(?:\[\d+\])+$", "", inside).rpartition("/")[2]
    password = _PASSWORD.fullmatch(name) and re.fullmatch(r"\S{4,}", text)
    if not password and not (_KEY.fullmatch(name) and _LONG.fullmatch(text)):
        return None
    reference = re.match(r"\$|\{%|\{\{resolve:|arn:|States\.|https?://|alias/", text) or "${" in text
    return None if reference else f"a literal value of {name}"


def _forbidden_header(subject: Subject) -> Iterator[Said]:
    for state, field, headers in _http_headers(subject):
        for name in headers:
            header = name.removesuffix(".$").lower()
            if header in _FORBIDDEN or header.startswith(_FORBIDDEN_BEGINNINGS):
                credential = header in ("authorization", "proxy-authorization")
                yield Said(
                    state,
                    f"the header {name.removesuffix('.$')}, which an HTTP Task may not set",
                    "headers that Step Functions doesn't keep for itself",
                    "put the credential into the EventBridge connection (API key named Authorization, value "
                    "Bearer …), which adds it to the request"
                    if credential
                    else "take the header away; the connection can add what the service needs",
                    f"/{field}/Headers/{name}",
                )


def _http_headers(subject: Subject) -> Iterator[tuple[State, str, Mapping[str, object]]]:
    for state in subject.of_type(Task):
        called, field = integration(state.resource), arguments_field(state)
        given = state.fields.get(field) if field else None
        if called and called.name == "http:invoke" and field and isinstance(given, Mapping):
            headers = given.get("Headers")
            if isinstance(headers, Mapping):
                yield state, field, headers


RULES = (
    Rule(
        "secret-in-definition", "warning",
        "Definitions are in repositories, and histories show them: a secret in one is no secret.",
        _secret_in_definition,
    ),
    Rule(
        "forbidden-header", "error",
        "The state fails with States.Runtime each time it runs.",
        _forbidden_header,
    ),
)  # fmt: skip
