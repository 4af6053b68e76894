"""The live view as a person uses it: click, zoom, select, redrive, reload."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import KERNEL_IS_IDLE, chromium_page, jupyterlab
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

RUN = """async (cell) => {
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
  await window.jupyterapp.commands.execute("notebook:run-cell");
}"""
DO = "(name) => window.jupyterapp.commands.execute(name)"

SETUP = """
from kit import Machine, Sandbox
branch = {"StartAt": "Look <script>", "States": {
    "Look <script>": {"Type": "Pass", "End": True}}}
machine = Machine("breaks-once", {"StartAt": "Prepare", "States": {
    "Prepare": {"Type": "Pass", "Result": {"big": "x" * 2000}, "Next": "Wait for it"},
    "Wait for it": {"Type": "Wait", "Seconds": 90000, "Next": "Each"},
    "Each": {"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "ItemProcessor": branch, "Next": "Call"},
    "Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getBucketTagging",
             "Parameters": {"Bucket": "not-there-yet"}, "Next": "Done"},
    "Done": {"Type": "Succeed"}}})
sandbox = Sandbox.local()
run = sandbox.deploy(machine).start({"items": [1, 2, 3]})
"""
REPAIR = """
s3 = sandbox.aws("s3")
s3.create_bucket(Bucket="not-there-yet")
s3.put_bucket_tagging(Bucket="not-there-yet", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
print(run.status)
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lab")
    cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [
        {**cell, "id": f"cell-{n}", "source": text} for n, text in enumerate((SETUP, "run.watch()", REPAIR))
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "live.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium_page(1300, 1100, seconds=30) as page:
        yield page


def state(page: Page, name: str) -> Any:
    return page.locator(f'.small-steps-live [data-state="{name}"]')


def box(page: Page) -> list[float]:
    return [float(n) for n in page.locator(".picture svg").get_attribute("viewBox").split()]  # type: ignore[union-attr]


def test_a_failed_run_is_looked_into_repaired_redriven_and_still_answers(
    lab: str, page: Page, tmp_path: Path
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/lab/tree/live.ipynb?reset")
    page.wait_for_function(KERNEL_IS_IDLE)
    page.evaluate(RUN, 0)
    page.evaluate(RUN, 1)

    # The output holds the still picture, and the view over it answers.
    page.wait_for_selector('.small-steps-over .small-steps-live[data-execution="FAILED"]')
    assert state(page, "Call").get_attribute("data-status") == "failed"
    state(page, "Call").click()
    side = page.locator(".side")
    assert "S3.NoSuchBucketException" in side.inner_text()
    assert state(page, "Call").get_attribute("class").endswith("selected")

    # It fits its width; it zooms and comes back.
    fitted = box(page)
    page.get_by_role("button", name="Zoom in (+)").click()
    assert box(page)[2] < fitted[2] * 0.9
    page.keyboard.press("1")
    assert box(page)[2] == pytest.approx(fitted[2])

    # One selection in all views.
    page.get_by_role("button", name="Timeline").click()
    page.get_by_role("button", name="Events").click()
    page.get_by_role("button", name="Words").click()
    assert page.locator(".bars .label.chosen").text_content() == "Call"
    assert "○ 1 d 1 h" in str(page.locator(".bars .length").all_text_contents()).replace("√", "○")
    assert page.locator(".twin li.chosen").inner_text().startswith("Call: Failed")
    assert "Repair the cause" in page.locator(".said").inner_text()
    page.locator('.visit[data-bar="s1"]').click()
    assert side.locator("h3").inner_text() == "Prepare"
    side.get_by_role("button", name="Show the whole").click()
    page.wait_for_function("() => document.querySelector('.side').innerText.includes('x'.repeat(2000))")
    page.get_by_label("Type of event").select_option("PassStateEntered")
    row = page.locator("table.events tbody tr")
    assert row.count() == 1
    row.first.click()
    page.wait_for_function("() => document.querySelector('tr.json')?.innerText.includes('items')")

    page.screenshot(path=tmp_path / "live.png")

    # The iteration that is chosen is the one that is shown.
    assert "3 of 3" in state(page, "Look <script>").text_content()
    page.get_by_label("Iteration").select_option("1")
    assert "3 of 3" not in state(page, "Look <script>").text_content()
    page.get_by_label("Iteration").select_option("")

    # Repaired and redriven from the button, it goes on in the same place.
    page.evaluate(RUN, 2)
    page.get_by_role("button", name="Redrive").click()
    page.wait_for_selector('.small-steps-over .small-steps-live[data-execution="SUCCEEDED"]')
    assert state(page, "Call").get_attribute("data-status") == "succeeded"
    assert page.locator(".small-steps-live").count() == 1

    # After a reload the kernel is still there, and so is the view.
    page.evaluate(DO, "docmanager:save")
    page.reload()
    page.wait_for_function(KERNEL_IS_IDLE)
    page.wait_for_selector('.small-steps-over .small-steps-live[data-execution="SUCCEEDED"]')
    state(page, "Done").click()
    assert page.locator(".side h3").inner_text() == "Done"

    # Without a kernel what it held is gone, and the picture in the file stays.
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(KERNEL_IS_IDLE)
    page.reload()
    page.wait_for_function(KERNEL_IS_IDLE)
    page.wait_for_selector("img[src^='data:image/svg+xml']")
    assert page.locator(".small-steps-live").count() == 0
    assert errors == []
