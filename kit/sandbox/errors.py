"""What a sandbox refuses or can't do.

SandboxError
├── AccountRefusedError    a real account that isn't the one named, or isn't on the user's list
├── NotOursError           a thing in the account that carries neither prefix nor tag
├── LocalOnlyError         what only the sandbox on this machine can do (also an AttributeError)
├── DeployError            a machine that can't be deployed as it is
└── RunTimeoutError        a run that didn't end in the time given (also a TimeoutError)
"""

from __future__ import annotations


class SandboxError(Exception):
    """Something that a sandbox won't or can't do; the message says what to do."""


class AccountRefusedError(SandboxError):
    """The account may not be touched."""


class NotOursError(SandboxError):
    """Somebody else made this."""


class LocalOnlyError(SandboxError, AttributeError):
    """Only `Sandbox.local()` has this."""


class DeployError(SandboxError):
    """The machine can't go there."""


class RunTimeoutError(SandboxError, TimeoutError):
    """The run goes on."""
