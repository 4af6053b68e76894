"""The course: rungs with their lessons, exercises and questions.

`rung("01").question(1).check(machine)` checks a learner's machine; `rungs()` lists what there is; an
executed notebook's checks are read by `checks_in(path)`. What is heavy is loaded when it is used.
"""

from __future__ import annotations

from kit.course.executed import Check, Execution, checks_in, execute
from kit.course.home import CourseNotFoundError, copy_exercises, course_root, home
from kit.course.home import reset as reset_exercise
from kit.course.ladder import Rung, UnknownRungError, rung, rungs
from kit.course.progress import Progress, Record

__all__ = [
    "Check",
    "CourseNotFoundError",
    "Execution",
    "Progress",
    "Record",
    "Rung",
    "UnknownRungError",
    "checks_in",
    "copy_exercises",
    "course_root",
    "execute",
    "home",
    "reset_exercise",
    "rung",
    "rungs",
]
