"""Runs a definition in virtual time; what it needs of the world it takes through small Protocols.

`Engine` runs executions; its `scheduler` is the clock. `compile_program` makes of a definition what an
engine runs. `kit.engine.ports` holds the Protocols: who answers tasks, where objects are stored.
"""

from kit.engine.engine import Engine
from kit.engine.execution import Execution, Revision
from kit.engine.ports import (
    Done,
    Failed,
    Integrations,
    Later,
    ObjectStore,
    ObjectStoreError,
    Submitted,
    TaskAnswer,
    TaskCall,
)
from kit.engine.program import Program, compile_program
from kit.engine.scheduler import Kind, Scheduler, Timer

__all__ = [
    "Done",
    "Engine",
    "Execution",
    "Failed",
    "Integrations",
    "Kind",
    "Later",
    "ObjectStore",
    "ObjectStoreError",
    "Program",
    "Revision",
    "Scheduler",
    "Submitted",
    "TaskAnswer",
    "TaskCall",
    "Timer",
    "compile_program",
]
