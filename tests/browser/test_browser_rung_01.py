"""Rung 01 as a person sees it: in JupyterLab, in a real browser, with no way out of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lab import KERNEL_IS_IDLE, chromium_page, jupyterlab
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Notes every status that a state's group in a graph takes, with the colour its shape then has.
WATCH_STATES = """() => {
  window.seen = [];
  const note = (group) => {
    const shape = group.querySelector("path, rect, ellipse, polygon");
    const state = group.dataset.state, status = group.dataset.status;
    // The colour is the stylesheet's, which is applied once the change is drawn.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (shape?.isConnected) window.seen.push([state, status, getComputedStyle(shape).fill]);
    }));
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") note(change.target);
      for (const node of change.addedNodes) {
        if (node.querySelectorAll) node.querySelectorAll("[data-state]").forEach(note);
      }
    }
  }).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-status"],
  });
}"""

# As Shift-Enter does, one cell after the other: what is out of sight is not drawn.
RUN_NEXT = """async () => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const last = notebook.activeCellIndex === notebook.widgets.length - 1;
  await window.jupyterapp.commands.execute("notebook:run-cell-and-select-next");
  return last;
}"""

CELLS = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"

GO_TO_THE_GRAPH = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const source = (cell) => cell.model.sharedModel.getSource();
  notebook.activeCellIndex = notebook.widgets.findIndex((cell) => source(cell).includes("run.watch()"));
  return notebook.scrollToItem(notebook.activeCellIndex);
}"""

# The picture that stays when a run has ended: an image, whose text is read here as a graph again.
STILL = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const image = notebook.activeCell.node.querySelector("img[src^='data:image/svg+xml']");
  if (!image || !image.complete) return null;
  const svg = decodeURIComponent(image.src.slice(image.src.indexOf(",") + 1));
  const group = new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("[data-state]");
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = group.querySelector("path").getAttribute("fill");
  return [group.dataset.state, group.dataset.status, getComputedStyle(probe).color];
}"""

ERRORS = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  return [...cells].flatMap((cell, place) => (cell.toJSON().outputs ?? [])
    .filter((output) => output.output_type === "error")
    .map((output) => `cell ${place + 1}: ${output.ename}: ${output.evalue}`));
}"""


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab over a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(root / "notebooks", folder / "notebooks")
    # In the clock's own pace nine hours are over in half a second. Here each colour lasts for seconds.
    lesson = folder / "notebooks" / "01_one_wait.ipynb"
    source = lesson.read_text(encoding="utf-8")
    assert source.count('clock = \\"paced\\"') == 1
    lesson.write_text(source.replace('clock = \\"paced\\"', 'clock = \\"3600x\\"'), encoding="utf-8")
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium_page(1400, 1000, seconds=60) as page:
        yield page


def test_rung_01_runs_in_jupyterlab_and_its_states_change_colour(
    lab: str, page: Page, tmp_path: Path
) -> None:
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(f"{lab}/lab/tree/notebooks/01_one_wait.ipynb")
    page.wait_for_function(KERNEL_IS_IDLE)
    page.evaluate(WATCH_STATES)

    for _ in range(page.evaluate(CELLS)):
        ended = page.evaluate(RUN_NEXT)
    assert ended
    page.wait_for_function(KERNEL_IS_IDLE)
    page.evaluate(GO_TO_THE_GRAPH)
    ended_as = page.wait_for_function(STILL).json_value()
    page.screenshot(path=tmp_path / "rung_01.png")

    assert page.evaluate(ERRORS) == []
    seen: dict[str, dict[str, str]] = {}
    for state, status, colour in [*page.evaluate("() => window.seen"), ended_as]:
        seen.setdefault(state, {})[status] = colour
    waited = seen["Let staging live"]
    assert list(waited) == ["not started", "waiting", "succeeded"]
    assert len(set(waited.values())) == 3, waited
    assert hosts - {None, ""} == {"127.0.0.1"}
