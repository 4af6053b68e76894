import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from view_stories import odd, real_definitions, run

from kit.asl import parse
from kit.history import Trace
from kit.view import Graph, LayoutError, graph
from kit.view import layout as layouts

SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: str) -> dict[str, ElementTree.Element]:
    tree = ElementTree.fromstring(svg)
    return {g.get("data-state", ""): g for g in tree.iter(f"{SVG}g") if g.get("data-state")}


def texts(group: ElementTree.Element, kind: str) -> list[str]:
    return [text.text or "" for text in group.iter(f"{SVG}text") if text.get("class") == kind]


def test_every_state_is_a_group_that_tells_its_name_and_status() -> None:
    definition, trace = run("staging_failed")
    found = groups(graph(definition, trace).svg())
    assert set(found) == {state.name for state in definition.walk()}
    assert found["Prepare targets"].get("data-status") == "caught"
    assert found["Staging failed"].get("data-status") == "failed"
    assert found["Publish manifest"].get("data-status") == "not started"
    assert texts(found["Check quota"], "footer") == ["√ Succeeded · 17 s · 1 retry"]
    assert texts(found["Copy each file"], "caption") == ["2 of 5 done, 1 failed, 2 stopped"]
    assert texts(found["Copy object to staging"], "footer") == [
        "\N{MULTIPLICATION SIGN} Failed 1 of 4 · 1 retry"
    ]


def test_status_is_in_fill_border_dashes_and_words() -> None:
    definition, trace = run("staging_failed", 58)
    shape = groups(graph(definition, trace).svg())["Copy each file"].find(f"{SVG}path")
    assert shape is not None
    assert (shape.get("fill"), shape.get("stroke")) == ("#DDEBFB", "#0B5CAD")
    assert (shape.get("stroke-width"), shape.get("stroke-dasharray")) == ("2.6", "6,3")


def test_a_picture_has_a_title_and_a_description_in_words() -> None:
    definition, trace = run("retries_ran_out")
    tree = ElementTree.fromstring(graph(definition, trace, title="stop-dev-db").svg())
    title, description = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text or "").startswith("stop-dev-db: Failed after")
    assert "Stop cluster: Failed" in (description.text or "")
    assert tree.get("role") == "img"


def test_names_of_any_kind_are_drawn_and_can_do_no_harm() -> None:
    svg = graph(odd(), Trace()).svg()
    assert "<script" not in svg
    assert set(groups(svg)) == {state.name for state in odd().walk()}
    shown = texts(groups(svg)['a "quoted" name'], "name")
    assert shown == ['a "quoted" name']


def test_two_pictures_on_a_page_share_no_id() -> None:
    definition, trace = run("nested_flows")
    tree = ElementTree.fromstring(graph(definition, trace).svg())
    assert not [element for element in tree.iter() if element.get("id")]


def test_the_png_is_a_png_and_shows_japanese_without_fonts_of_the_machine() -> None:
    definition, trace = run("staging_failed")
    picture = graph(definition, trace).png(scale=0.5)
    assert picture.startswith(b"\x89PNG")
    # Boxes for missing glyphs are all alike: two names that differ only in such glyphs would be equal.
    one, other = (_japanese(name).png() for name in ("写真を消す", "会議を開く"))
    assert one != other


def _japanese(name: str) -> Graph:
    return graph(parse({"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}))


def test_a_run_shows_itself_as_svg_png_and_words() -> None:
    definition, trace = run("polling_loop")
    bundle = graph(definition, trace)._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    assert "√ Describe (Task): Succeeded" in bundle["text/plain"]


def test_a_layout_doesnt_depend_on_the_run() -> None:
    definition, _ = run("staging_failed")
    boxes = []
    for events in (0, 30, 58, None):
        tree = ElementTree.fromstring(graph(definition, run("staging_failed", events)[1]).svg())
        boxes.append((tree.get("viewBox"), [path.get("d") for path in tree.iter(f"{SVG}path")]))
    assert all(box == boxes[0] for box in boxes)


def test_the_dot_text_carries_the_statuses() -> None:
    definition, trace = run("retries_ran_out")
    assert "3 retries" in graph(definition, trace).dot()
    assert "#FBE0DC" in graph(definition, trace).dot()


def test_a_definition_that_names_missing_states_is_still_drawn() -> None:
    machine = parse({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    odd = layouts.Layout(machine, room=False)
    assert "data-state" in odd.svg("t", "d", {})


def test_without_any_engine_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_kwargs: None)
    layouts.use_engine.cache_clear()
    try:
        with pytest.raises(LayoutError, match="pip install graphviz-pure"):
            layouts.use_engine()
    finally:
        layouts.use_engine.cache_clear()


def test_a_font_that_is_missing_is_named() -> None:
    from kit.view.picture import font_file

    with pytest.raises(FileNotFoundError, match="pip install no-such-font"):
        font_file("no_such_font", "x.ttf")


def test_real_definitions_are_drawn_with_all_their_states(
    shared: Path,
) -> None:
    assert len(real_definitions(shared)) == 50
    for path, definition in real_definitions(shared):
        assert len(groups(graph(definition).svg())) == sum(1 for _ in definition.walk()), path


HELVETICA_BOLD = dict(
    zip(
        "0123456789abcdefghijklmnopqrstuvwxyzACDFIMPRSTVWZ !·►√\N{MULTIPLICATION SIGN}■○",
        [556] * 10
        + [556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889]
        + [611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500]
        + [722, 722, 722, 611, 278, 833, 667, 722, 667, 611, 667, 944, 611]
        + [278, 333, 333, 990, 549, 584, 604, 604],
        strict=True,
    )
)
"""Widths of letters in thousandths of their size, from the metrics of Helvetica-Bold and of Arimo."""


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("Lock staging prefix", "► In progress · 12 min 30 s"),
        ("Verify checksum", "► In progress 4000 of 4000"),
        ("Check quota", "! Caught error · 23 h 59 min · 12 retries"),
        ("Ready?", "√ Succeeded · 59 min 59 s · visit 120"),
    ],
)
def test_the_longest_footer_stays_in_its_node(name: str, longest: str) -> None:
    story = "polling_loop" if name == "Ready?" else "staging_failed"
    group = groups(graph(*run(story, 1)).svg())[name]
    (foot,) = [text for text in group.iter(f"{SVG}text") if text.get("class") == "footer"]
    wide = sum(HELVETICA_BOLD[letter] for letter in longest) * 9 / 1000
    assert float(foot.get("x", "0")) + wide <= _right_border(group)


def _right_border(group: ElementTree.Element) -> float:
    shape = group.find(f"{SVG}path")
    assert shape is not None
    points = shape.get("d", "").replace("M", " ").replace("C", " ").split()
    return max(float(point.split(",")[0]) for point in points)


def test_a_machine_of_thirty_states_is_drawn_at_once() -> None:
    """The aim is 150 ms with its PNG; the bound leaves room for a loaded machine."""
    names = [f"State {number}" for number in range(30)]
    states = {
        name: {"Type": "Pass", "Next": names[number + 1]} if number < 29 else {"Type": "Succeed"}
        for number, name in enumerate(names)
    }
    machine = parse({"StartAt": names[0], "States": states})
    start = time.perf_counter()
    graph(machine)._repr_mimebundle_()
    assert time.perf_counter() - start < 1.5
