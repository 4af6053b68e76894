import pytest

from kit.view import dot
from kit.view.looks import (
    CATCH,
    DARK_GROUND,
    DARK_INK,
    DARK_LOOKS,
    DARK_NOT_STARTED,
    DARK_QUIET,
    DEFAULT_RULE,
    INK,
    LINE,
    LOOKS,
    NOT_STARTED,
    PANEL,
    QUIET,
    Look,
    contrast,
)

ENOUGH = 4.5
LIGHT: dict[str, Look] = dict([*LOOKS.items(), ("not started", NOT_STARTED)])
DARK: dict[str, Look] = dict([*DARK_LOOKS.items(), ("not started", DARK_NOT_STARTED)])


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("status", LIGHT)
def test_every_text_of_a_node_can_be_read_on_its_fill(status: str) -> None:
    look = LIGHT[status]
    assert min(contrast(text, look.fill) for text in (look.text, INK, QUIET)) >= ENOUGH


@pytest.mark.parametrize("status", DARK)
def test_every_text_of_a_node_can_be_read_on_its_fill_in_the_dark(status: str) -> None:
    look = DARK[status]
    assert min(contrast(text, look.fill) for text in (look.text, DARK_INK, DARK_QUIET)) >= ENOUGH


def test_labels_of_edges_and_icons_can_be_read() -> None:
    for text in (LINE, CATCH, DEFAULT_RULE, QUIET):
        assert min(contrast(text, ground) for ground in ("#FFFFFF", PANEL)) >= ENOUGH
    for colour in (dot.TASK_COLOUR, *(colour for _, colour in dot.ICONS.values())):
        assert contrast("#FFFFFF", colour) >= ENOUGH
    assert contrast(DARK_INK, DARK_GROUND) >= ENOUGH


def test_no_two_statuses_differ_by_colour_alone() -> None:
    for looks in (LIGHT, DARK):
        words = [look.word for look in looks.values()]
        assert len(set(words)) == len(words)
        signs = {(look.glyph, look.border, look.dashes) for look in looks.values()}
        assert len(signs) == len(looks) - 1, "aborted and timed out share a sign; their words differ"


def test_borders_can_be_seen() -> None:
    for look in (*LIGHT.values(), *DARK.values()):
        assert contrast(look.stroke, look.fill) >= 3
