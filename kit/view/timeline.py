"""A run on its time: a row for each state, a bar for each visit.

Attempts are filled, what is waited for is a dashed frame; stretches in which nothing happens are
folded and say how long they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import escape
from typing import Any, Protocol

from kit.history import Trace
from kit.view.bars import WIDTH, Bar, Scale, bars_of, scale
from kit.view.captions import duration_text, headline, shorten
from kit.view.layout import FONTS, printable
from kit.view.looks import CATCH, FAINT, INK, LOOKS, PANEL, QUIET, look_of
from kit.view.picture import notebook_png, png

LABELS, ROW, HEAD, ROOM = 220, 26, 62, 130
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
DAY = 86400


class Noted(Protocol):
    """A call that a sandbox did something to: `note` says what."""

    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...


class Timeline:
    """A run's visits on its time, as SVG and PNG, and as text.

    `calls` are a sandbox's; those with a note (a fault that was injected) are marked.
    """

    def __init__(self, trace: Trace, title: str | None = None, calls: Iterable[Noted] = ()) -> None:
        self.trace, self.title = trace, title or "Timeline"
        self._calls = [call for call in calls if call.note]

    def svg(self) -> str:
        """The picture as SVG, with title and description."""
        bars = bars_of(self.trace)
        rows = list(dict.fromkeys(bar.state for bar in bars))
        last = self._seconds(self.trace.ended or self.trace.last_time)
        places = scale(bars, last)
        wide, high = LABELS + WIDTH + ROOM, HEAD + ROW * len(rows) + 10
        heading = f"{self.title}: {headline(self.trace)}"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * 0.75:g}pt" height="{high * 0.75:g}pt" '
            f'viewBox="0 0 {wide:g} {high:g}" role="img" font-family="{FONTS}" font-size="12">',
            f"<title>{escape(printable(heading))}</title><desc>{escape(printable(repr(self)))}</desc>",
            f'<rect width="{wide:g}" height="{high:g}" fill="#FFFFFF"/>',
            _text(8, 18, heading, INK, bold=True),
            *_axis(places, high),
        ]
        for row, state in enumerate(rows):
            parts.append(_text(8, HEAD + row * ROW + 17, shorten(state, 32), INK))
            parts += _row([bar for bar in bars if bar.state == state], places, HEAD + row * ROW, last)
            for call in self._calls:
                if call.state == state:
                    x = LABELS + places.place(self._seconds(call.at))
                    said = escape(printable(f"{call.name}: {call.note}"))
                    mark = _text(x - 4, HEAD + row * ROW + 8, "◊", CATCH, bold=True)
                    parts.append(f"<g><title>{said}</title>{mark}</g>")
        return "".join([*parts, "</svg>"])

    def png(self, scale: float = 1.5) -> bytes:
        """The picture as PNG. `scale` 1 gives 96 pixels an inch."""
        return png(self.svg(), scale=scale)

    def __repr__(self) -> str:
        lines = [f"{self.title}: {headline(self.trace)}"]
        for bar in bars_of(self.trace):
            look = look_of(bar.status)
            name = bar.state if bar.iteration is None else f"{bar.state} [{bar.iteration}]"
            start = duration_text(timedelta(seconds=bar.start))
            lasted = f" for {_lasting(bar.end - bar.start)}" if bar.end is not None else ""
            tries = sum(1 for segment in bar.segments if segment.kind == "failed")
            failed = f", {tries} failed attempts" if tries > 1 else ""
            lines.append(f"  +{start}  {name}: {look.glyph} {look.word}{lasted}{failed}")
        for call in self._calls:
            lines.append(f"  +{_lasting(self._seconds(call.at))}  ◊ {call.name}: {call.note}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_limits: Any) -> dict[str, Any]:
        svg = self.svg()
        picture = notebook_png(svg)
        return {"image/svg+xml": svg, "image/png": picture, "text/plain": repr(self)}

    def _seconds(self, time: datetime | None) -> float:
        if time is None or self.trace.started is None:
            return 0.0
        return (time - self.trace.started).total_seconds()


def timeline(trace: Trace, title: str | None = None, calls: Iterable[Noted] = ()) -> Timeline:
    """The timeline of a run."""
    return Timeline(trace, title, calls)


def _axis(places: Scale, high: float) -> Iterator[str]:
    points = places.points
    for fold in places.folds:
        (start, left), (end, right) = points[fold], points[fold + 1]
        yield (
            f'<rect x="{LABELS + left:.1f}" y="{HEAD - 10}" width="{right - left:.1f}" '
            f'height="{high - HEAD + 10:g}" fill="{PANEL}" stroke="{FAINT}" stroke-dasharray="2 3"/>'
        )
        middle = LABELS + (left + right) / 2
        yield _text(middle, HEAD - 26, _lasting(end - start), QUIET, anchor="middle", size=11)
    reach = -100.0
    for at, (t0, x0) in enumerate(points[:-1]):
        t1, x1 = points[at + 1]
        if at in places.folds or x1 - x0 < 60 or t1 <= t0:
            continue
        least = (t1 - t0) / (x1 - x0) * 130
        step = next((step for step in STEPS if step >= least), -(-least // DAY) * DAY)
        time = -(-t0 // step) * step
        while time <= t1:
            x = x0 + (time - t0) / (t1 - t0) * (x1 - x0)
            if x - reach >= 70:
                reach = x
                line = f'x1="{LABELS + x:.1f}" x2="{LABELS + x:.1f}" y1="{HEAD - 10}" y2="{high:g}"'
                yield f'<line {line} stroke="{FAINT}" stroke-opacity="0.4"/>'
                yield _text(LABELS + x + 2, HEAD - 12, f"+{_lasting(time)}", QUIET, size=11)
            time += step


def _row(bars: list[Bar], places: Scale, top: float, last: float) -> Iterator[str]:
    lanes = max(bar.lane for bar in bars) + 1
    high = 14.0 if lanes == 1 else (ROW - 6) / lanes
    for bar in bars:
        y = top + (6 if lanes == 1 else 3 + bar.lane * high)
        end = last if bar.end is None else bar.end
        look = look_of(bar.status)
        left, right = LABELS + places.place(bar.start), LABELS + places.place(end)
        said = escape(printable(f"{bar.state}: {look.word}, {_lasting(end - bar.start)}"))
        faded = ' opacity="0.55"' if bar.replaced else ""
        yield f"<g{faded}><title>{said}</title>"
        yield _box(left, y + high / 4, right, high / 2, PANEL, look.stroke)
        for segment in bar.segments:
            until = end if segment.end is None else segment.end
            start, stop = LABELS + places.place(segment.start), LABELS + places.place(until)
            if segment.kind == "wait":
                yield _box(start, y, stop, high - 1, "#FFFFFF", look.stroke, dashes="4 3")
            elif segment.kind == "failed":
                failed = LOOKS["failed"]
                yield _box(start, y, stop, high - 1, failed.fill, failed.stroke, border=2.4)
            else:
                yield _box(start, y, stop, high - 1, look.stroke, look.stroke)
        yield "</g>"
        if bar is bars[-1]:
            words = f"{look.glyph} {_lasting(end - bar.start)}"
            yield _text(max(right, left + 3) + 5, top + 17, words, look.text, bold=True, size=11)


def _box(
    left: float,
    top: float,
    right: float,
    high: float,
    fill: str,
    stroke: str,
    border: float = 1.2,
    dashes: str = "",
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 3):.1f}" height="{max(high, 2):.1f}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{border:g}"{dashed}/>'
    )


def _text(
    x: float, y: float, text: str, colour: str, *, bold: bool = False, anchor: str = "start", size: int = 12
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}"{weight}>'
        f"{escape(printable(text))}</text>"
    )


def _lasting(seconds: float) -> str:
    return duration_text(timedelta(seconds=seconds))
