"""The account one deploys to, and what one does there: deploy, run, watch.

`Sandbox.local()`, `.connect(url)` and `.aws(account=...)` differ in where their boto3 clients come from,
and in nothing else.
"""

from kit.sandbox.deployed import Deployed
from kit.sandbox.errors import (
    AccountRefusedError,
    DeployError,
    LocalOnlyError,
    NotOursError,
    RunTimeoutError,
    SandboxError,
)
from kit.sandbox.guard import Identity
from kit.sandbox.run import Run
from kit.sandbox.sandbox import Sandbox
from kit.sandbox.single_state import StateTest

__all__ = [
    "AccountRefusedError",
    "DeployError",
    "Deployed",
    "Identity",
    "LocalOnlyError",
    "NotOursError",
    "Run",
    "RunTimeoutError",
    "Sandbox",
    "SandboxError",
    "StateTest",
]
