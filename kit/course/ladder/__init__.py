"""The rungs: what is taught in which order, and where a rung's parts are.

A rung NN is `texts/NN.en.toml` (its words), `rung_NN.py` (its questions: scenarios, judge, advice),
`cases_NN.py` (typical answers and what must be said about them), `machines/` (ready-made machines), and
its two sources under `notebooks/source/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kit.course.exercise import Case, Exercise
from kit.course.home import course_root
from kit.course.regions import regions
from kit.course.texts import RungTexts, numbers, texts

if TYPE_CHECKING:
    from kit.course.question import Question
    from kit.machine import Machine

__all__ = ["Rung", "UnknownRungError", "cases", "rung", "rungs"]

_MACHINES = Path(__file__).parent / "machines"


class UnknownRungError(KeyError):
    """There is no such rung, or no such question or machine in it."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Rung:
    """One rung: `number` such as "01". Nothing is noted in the progress file where `record` is False."""

    number: str
    texts: RungTexts
    record: bool = True

    @property
    def title(self) -> str:
        return self.texts.title

    @property
    def minutes(self) -> int:
        """Estimated minutes for the lesson and the exercise together."""
        return self.texts.minutes

    @property
    def lesson(self) -> Path:
        return self._notebook("notebooks")

    @property
    def exercise(self) -> Path:
        return self._notebook("exercises")

    @property
    def solution(self) -> Path:
        return self._notebook("solutions")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        # The questions bring the sandbox; titles and paths are wanted without it.
        from kit.course.progress import Progress
        from kit.course.question import Question

        exercises: Mapping[int, Exercise] = self._module().EXERCISES
        return tuple(
            Question(
                id=f"{self.number}.{key}",
                exercise=exercise,
                texts=self.texts.questions[key],
                progress=Progress() if self.record else None,
                read_solution=partial(self.solution_code, key),
            )
            for key, exercise in sorted(exercises.items())
        )

    def question(self, number: int) -> Question:
        """Question `number`, from 1. Raises `UnknownRungError`."""
        if not 1 <= number <= len(self.questions):
            raise UnknownRungError(
                f"rung {self.number} has questions 1 to {len(self.questions)}, not {number}"
            )
        return self.questions[number - 1]

    def machine(self, name: str) -> Machine:
        """A ready-made machine of the course, by its name. Raises `UnknownRungError`."""
        from kit.machine import Machine

        path = _MACHINES / f"{name}.asl.json"
        if not path.exists():
            known = sorted(file.name.removesuffix(".asl.json") for file in _MACHINES.glob("*.asl.json"))
            raise UnknownRungError(f"no ready-made machine {name!r}; there are: {', '.join(known)}")
        return Machine.from_asl(path, name=name)

    def world(self, name: str, sandbox: Any) -> dict[str, str]:
        """Puts one of the rung's worlds into a sandbox's account: the names of what is there now.
        Raises `UnknownRungError`."""
        worlds: Mapping[str, Callable[[Any], dict[str, str]]] = self._module().WORLDS
        if name not in worlds:
            raise UnknownRungError(f"rung {self.number} has no world {name!r}; it has: {', '.join(worlds)}")
        return worlds[name](sandbox)

    def solution_code(self, question: int) -> str:
        """The course's own answer to a question, as it stands in the exercise's source."""
        source = course_root() / "notebooks" / "source" / f"{self.exercise.stem}.exercise.py"
        found = [r for r in regions(source.read_text(encoding="utf-8")) if r.question == question]
        return "\n\n".join("\n".join(region.solution).strip() for region in found)

    def _module(self) -> ModuleType:
        return import_module(f"{__name__}.rung_{self.number}")

    def _notebook(self, folder: str) -> Path:
        root = course_root()
        found = sorted((root / "notebooks" / "source").glob(f"{self.number}_*.lesson.py"))
        if not found:
            raise UnknownRungError(f"rung {self.number} has no lesson under {root / 'notebooks' / 'source'}")
        return root / folder / f"{found[0].name.removesuffix('.lesson.py')}.ipynb"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        from kit.course.bar import bar
        from kit.course.progress import Progress

        # Who keeps no progress, or can't read it, has none; checks say what is wrong with the file.
        try:
            records = Progress().records() if self.record else {}
        except OSError:
            records = {}
        return bar(self.number, records)

    def __repr__(self) -> str:
        return f"Rung {self.number}: {self.title} (about {self.minutes} minutes)"


@cache
def _rung(number: str, record: bool) -> Rung:
    try:
        return Rung(number, texts(number), record)
    except KeyError:
        raise UnknownRungError(f"there is no rung {number!r}; there are: {', '.join(numbers())}") from None


def rung(number: str | int, *, record: bool = True) -> Rung:
    """A rung by its number: `rung("01")` or `rung(1)`. Raises `UnknownRungError`.

    `record=False`, as in the notebooks of solutions: checks leave no mark in the progress file."""
    return _rung(f"{number:02d}" if isinstance(number, int) else number, record)


def rungs() -> Sequence[Rung]:
    """Every rung, in order."""
    return [rung(number) for number in numbers()]


def cases(number: str) -> Mapping[int, tuple[Case, ...]]:
    """The typical answers of a rung, by question."""
    found: Mapping[int, tuple[Case, ...]] = import_module(f"{__name__}.cases_{number}").CASES
    return found
