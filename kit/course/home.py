"""Where a learner's own work is: `my/` beside the course, or `$SMALL_STEPS_HOME`.

The course's notebooks are replaced by updates; copies under the home never are. `kit reset` puts a
fresh exercise there and keeps what was written as a backup.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

__all__ = ["CourseNotFoundError", "backup", "copy_exercises", "course_root", "home", "reset"]


class CourseNotFoundError(FileNotFoundError):
    """The course's notebooks are not beside this package."""


def course_root() -> Path:
    """The folder that holds `notebooks/` and `exercises/`: the clone. Raises `CourseNotFoundError`."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "notebooks" / "source").is_dir():
        raise CourseNotFoundError(
            f"{root} has no folder notebooks/source. The course needs a clone of its repository: "
            "run ./start there, and use the kit that it sets up."
        )
    return root


def home() -> Path:
    """`$SMALL_STEPS_HOME` where it is set, else `my/` in the clone. It may not exist yet."""
    chosen = os.environ.get("SMALL_STEPS_HOME")
    return Path(chosen).expanduser().absolute() if chosen else course_root() / "my"


def copy_exercises(where: Path | None = None) -> list[Path]:
    """Copies every exercise that is not in the home yet, and says which. Never overwrites."""
    where = where or home()
    where.mkdir(parents=True, exist_ok=True)
    copied = []
    for exercise in sorted((course_root() / "exercises").glob("*.ipynb")):
        target = where / exercise.name
        if not target.exists():
            # Under another name first: an interrupt leaves no half notebook that would never be replaced.
            half = target.with_suffix(".half")
            shutil.copyfile(exercise, half)
            half.replace(target)
            copied.append(target)
    return copied


def backup(path: Path) -> Path:
    """Moves a file aside as `name.backup-20260406-090000.ext`, and says where it is now."""
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    target = path.with_name(f"{path.stem}.backup-{stamp}{path.suffix}")
    count = 1
    while target.exists():
        count += 1
        target = path.with_name(f"{path.stem}.backup-{stamp}-{count}{path.suffix}")
    path.rename(target)
    return target


def reset(exercise: Path, where: Path | None = None) -> tuple[Path, Path | None]:
    """Puts a fresh copy of an exercise into the home: the copy, and the backup of what was there."""
    where = where or home()
    where.mkdir(parents=True, exist_ok=True)
    target = where / exercise.name
    kept = backup(target) if target.exists() else None
    shutil.copyfile(exercise, target)
    return target, kept
