"""SVG to PNG, with fonts that come as packages: no font of the machine is needed or used.

Arimo (metric-compatible with Helvetica, which the layout measures by) and, where a picture needs
it, Noto Sans JP for Japanese; both under the SIL Open Font License 1.1.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import resvg_py

ARIMO = ("fontpkg_arimo", "files/Arimo[wght].ttf")
JAPANESE = ("pylopdf_fonts_jp", "NotoSansJP-Regular.otf")
SIZE = re.compile(r'<svg[^>]* width="([\d.]+)pt" height="([\d.]+)pt"')
NOTEBOOK_FULL, NOTEBOOK_PIXELS = 1_000_000, 6_000_000
"""Pixels up to which a notebook has a picture in full size, and those it has at most."""
ARIMO_ENDS = 0x2E7F
"""Above it stand the scripts of East Asia."""


def png(svg: str, *, scale: float = 1.5, most: int | None = None) -> bytes:
    """A picture of an SVG text on white. `scale` 1 gives 96 pixels an inch. A picture that would
    have more pixels than `most` is drawn smaller."""
    if most is not None:
        scale = min(scale, (most / _pixels(svg)) ** 0.5)
    fonts = [ARIMO, JAPANESE] if any(ord(character) > ARIMO_ENDS for character in svg) else [ARIMO]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            background="#FFFFFF",
            skip_system_fonts=True,
            font_files=[str(font_file(*font)) for font in fonts],
            font_family="Arimo",
            sans_serif_family="Arimo",
            dpi=96,
            zoom=scale,
        )
    )


def notebook_png(svg: str) -> bytes:
    """A picture for a notebook: of one that would be slow to draw, a smaller one whose words can still be
    read. Drawing costs about 0.1 s for each million pixels."""
    large = _pixels(svg) > NOTEBOOK_FULL
    return png(svg, scale=0.75 if large else 1, most=NOTEBOOK_PIXELS)


def _pixels(svg: str) -> float:
    """Pixels that an SVG has at 96 an inch; its own size is in points of 1/72 inch."""
    size = SIZE.search(svg)
    width, height = (float(side) for side in size.groups()) if size else (1.0, 1.0)
    return width * height * (96 / 72) ** 2


def font_file(package: str, file: str) -> Path:
    """Where a font package keeps a file. Raises FileNotFoundError if it isn't installed."""
    found = find_spec(package)
    if found is None or found.origin is None:
        name = package.replace("_", "-")
        raise FileNotFoundError(f"The font package {name} is missing. Run `pip install {name}`.")
    return Path(found.origin).parent / file
