"""What a scenario's world is often made of."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile
from typing import Any

ROLE = "functions-of-the-world"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def put_function(sandbox: Any, name: str, source: str) -> str:
    """A Lambda function of this Python, with `def handler(event, context)` in it. Returns its ARN.

    It runs for real, in a process of its own, while virtual time stands still.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", textwrap.dedent(source))
    made = sandbox.aws("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="index.handler",
        Role=_role(sandbox),
        Code={"ZipFile": buffer.getvalue()},
    )
    return str(made["FunctionArn"])


def _role(sandbox: Any) -> str:
    iam = sandbox.aws("iam")
    try:
        found = iam.get_role(RoleName=ROLE)
    except iam.exceptions.NoSuchEntityException:
        found = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
    return str(found["Role"]["Arn"])
