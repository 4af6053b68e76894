"""What runs of a machine went through: states, ways on, retriers, catchers and choice rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from kit.asl.definition import Choice, Fallible, Place, State, StateMachine
from kit.history import Trace
from kit.testing.ways import Ways

Kind: TypeAlias = Literal["state", "way on", "retrier", "catcher", "choice rule"]
KINDS: tuple[Kind, ...] = ("state", "way on", "retrier", "catcher", "choice rule")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a test may go through. `place` is where it stands in the definition, `to` the state
    that follows by it, None for a state and a retrier."""

    kind: Kind
    state: str
    words: str
    place: Place
    to: str | None = None


class Coverage:
    """The coverage of one machine by runs of it: `coverage.add(trace)` for each.

    Way on is a Next or a Default. A retrier is covered when a retry was made by it, a catcher when it took a
    failure, a rule when its Choice went by it.
    """

    def __init__(self, definition: StateMachine, title: str = "") -> None:
        self.definition, self.title = definition, title or definition.comment or "State machine"
        self.parts = tuple(_parts(definition))
        self.hits: Counter[Part] = Counter()
        self.runs = 0
        self._by_key = {(part.kind, part.place): part for part in self.parts}
        self._ways = Ways(definition)

    def add(self, trace: Trace) -> None:
        """Counts what a run went through."""
        self.runs += 1
        for kind, place in self._ways.taken(trace):
            if (part := self._by_key.get((kind, place))) is not None:  # type: ignore[arg-type]
                self.hits[part] += 1

    @property
    def missing(self) -> list[Part]:
        """What no run went through, in the order of the definition."""
        return [part for part in self.parts if not self.hits[part]]

    @property
    def percent(self) -> float:
        """How much of all parts is covered, from 0 to 100."""
        return 100.0 * (len(self.parts) - len(self.missing)) / len(self.parts)

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """By kind, how many are covered and how many there are; kinds that aren't there are left out."""
        found = {}
        for kind in KINDS:
            of_kind = [part for part in self.parts if part.kind == kind]
            if of_kind:
                found[kind] = (sum(1 for part in of_kind if self.hits[part]), len(of_kind))
        return found

    def table(self, most: int | None = None) -> str:
        """The figures by kind, and what is missing: each with its place, or the first `most` without."""
        runs = f"{self.runs} run{'' if self.runs == 1 else 's'}"
        lines = [f"{self.title}: {self.percent:.0f} % covered by {runs}"]
        for kind, (covered, total) in self.counts().items():
            lines.append(f"  {_plural(kind):<14}{covered:>4} of {total:<4}{100 * covered / total:>5.0f} %")
        missing = self.missing
        if missing:
            lines.append("  missing:")
            if most is None:
                lines += [f"    {part.words}  ({part.place})" for part in missing]
            else:
                lines += [f"    {part.words}" for part in missing[:most]]
        if most is not None and len(missing) > most:
            lines.append(f"    and {len(missing) - most} more")
        return "\n".join(lines)

    def graph(self) -> Any:
        """The machine's graph: what is missing is white and faint, the rest green with its count."""
        from kit.view.marked import MarkedGraph

        marks = {state.name: self._mark(state) for state in self.definition.walk()}
        untaken, drawn = set(), Counter[tuple[str, str]]()
        for part in self.parts:
            if part.to is not None:
                ends = (part.state, part.to)
                if not self.hits[part]:
                    untaken.add((*ends, drawn[ends]))
                drawn[ends] += 1
        title = f"{self.title}: {self.percent:.0f} % covered"
        return MarkedGraph(self.definition, marks, untaken, title)

    def _mark(self, state: State) -> Any:
        from kit.view.layout import Mark

        own = [part for part in self.parts if part.state == state.name]
        count, gaps = self.hits[own[0]], [part for part in own[1:] if not self.hits[part]]
        if not count:
            return Mark(None, "not covered", spoken="Not covered")
        words = f"{count} visit{'' if count == 1 else 's'}"
        if not gaps:
            return Mark("succeeded", words, spoken=f"Covered, {words}")
        missing = f"{len(gaps)} gap{'' if len(gaps) == 1 else 's'}"
        spoken = f"Covered, {words}, but for {'; '.join(part.words for part in gaps)}"
        return Mark("caught", f"{words}, {missing}", spoken=spoken)

    def __repr__(self) -> str:
        return self.table()

    def _repr_mimebundle_(self, **limits: Any) -> Mapping[str, Any]:
        shown: dict[str, Any] = self.graph()._repr_mimebundle_(**limits)
        return {**shown, "text/plain": self.table()}


def _plural(kind: Kind) -> str:
    return "ways on" if kind == "way on" else f"{kind}s"


def _parts(definition: StateMachine) -> Iterator[Part]:
    for state in definition.walk():
        name, place = state.name, state.place
        yield Part("state", name, f"state {name!r}", place)
        if state.next is not None:
            yield Part("way on", name, f"{name!r} on to {state.next!r}", place / "Next", state.next)
        if isinstance(state, Choice):
            for rule in state.rules:
                words = f"{name!r} by its rule {rule.place.steps[-1]} to {rule.next!r}"
                yield Part("choice rule", name, words, rule.place, rule.next)
            if state.default is not None:
                words = f"{name!r} by Default to {state.default!r}"
                yield Part("way on", name, words, place / "Default", state.default)
        if isinstance(state, Fallible):
            for retrier in state.retriers:
                errors = ", ".join(retrier.error_equals)
                yield Part("retrier", name, f"{name!r} tried again after {errors}", retrier.place)
            for catcher in state.catchers:
                words = f"{name!r} caught {', '.join(catcher.error_equals)}, to {catcher.next!r}"
                yield Part("catcher", name, words, catcher.place, catcher.next)
