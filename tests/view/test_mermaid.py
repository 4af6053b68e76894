import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from view_stories import odd, real_definitions, run

from kit.view import mermaid
from kit.view.mermaid import label

PARSER = """
import { JSDOM } from 'jsdom';
const page = new JSDOM('');
globalThis.window = page.window;
globalThis.document = page.window.document;
const { default: mermaid } = await import('mermaid');
const wrong = [];
for (const [name, text] of JSON.parse(await new Response(process.stdin).text())) {
  try { await mermaid.parse(text); } catch (error) { wrong.push([name, String(error)]); }
}
console.log(JSON.stringify(wrong));
"""


def test_what_the_parser_could_misread_is_written_as_a_code() -> None:
    assert label('Any files? "yes"; <b>') == "Any files#63; #34;yes#34;#59; #60;b#62;"
    assert label("環境 a-b_c/d(e).f") == "環境 a-b_c/d(e).f"
    assert label("the End Note") == "the End#32;Note"


def test_a_machine_is_told_with_composite_states_choices_and_catches() -> None:
    text = mermaid(run("staging_failed")[0])
    assert text.startswith("stateDiagram-v2\n")
    assert 'state "Prepare targets" as s3 {' in text
    assert text.count("\n        --\n") == 2
    assert "state s2_rules <<choice>>" in text
    assert "s2_rules --> s3: #36;.count #62; 0" in text
    assert "s2_rules --> s15: Default" in text
    assert "s3 --> s8: Catch QuotaError" in text


def test_a_run_colours_its_states_and_says_their_status() -> None:
    text = mermaid(*run("staging_failed"))
    assert "classDef failed fill:#FBE0DC" in text
    assert "(√ Succeeded · 17 s · 1 retry)" in text.replace("#183;", "·")
    assert "class s7,s10,s14 failed" in text


def parser_folder() -> Path:
    """A folder with npm's mermaid and jsdom, named by SMALL_STEPS_NODE_MODULES."""
    place = os.environ.get("SMALL_STEPS_NODE_MODULES")
    if not place or not shutil.which("node"):
        pytest.skip("needs node, and npm's mermaid and jsdom in SMALL_STEPS_NODE_MODULES")
    return Path(place).parent


def refused(diagrams: list[tuple[str, str]], tmp_path: Path) -> object:
    folder = parser_folder()
    script = folder / f"parse-{tmp_path.name}.mjs"
    script.write_text(PARSER, encoding="utf-8")
    try:
        done = subprocess.run(
            ["node", str(script)],
            input=json.dumps(diagrams),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    finally:
        script.unlink()
    return json.loads(done.stdout)


def test_names_of_any_kind_pass_the_real_parser(tmp_path: Path) -> None:
    diagrams = [("odd", mermaid(odd())), ("run", mermaid(*run("staging_failed")))]
    assert refused(diagrams, tmp_path) == []


def test_real_definitions_pass_the_real_parser(shared: Path, tmp_path: Path) -> None:
    assert (
        refused([(path, mermaid(definition)) for path, definition in real_definitions(shared)], tmp_path)
        == []
    )
