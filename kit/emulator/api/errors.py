"""Errors as the Step Functions API gives them.

https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
"""

from __future__ import annotations


class ApiError(Exception):
    """An error answer: `code` such as `ExecutionDoesNotExist`, AWS's message, the HTTP status.

    `members` are further fields of the error (`resourceName`, `reason`)."""

    def __init__(self, code: str, message: str, status: int = 400, **members: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status
        self.members = {name: value for name, value in members.items() if value is not None}


def validation_error(message: str, reason: str | None = None) -> ApiError:
    return ApiError("ValidationException", message, 400, reason=reason)


def invalid_arn(arn: str) -> ApiError:
    return ApiError("InvalidArn", f"Invalid Arn: '{arn}'")


def missing_member(name: str) -> ApiError:
    return validation_error(
        f"1 validation error detected: Value null at '{name}' failed to satisfy constraint: "
        "Member must not be null"
    )
