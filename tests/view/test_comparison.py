"""Two runs side by side."""

from view_stories import ODD_NAMES, run

from kit.history import Trace
from kit.view import compare


def test_a_run_does_not_differ_from_itself() -> None:
    trace = run("staging_failed")[1]
    assert "No state differs." in repr(compare(trace, trace))


def test_states_that_ran_in_one_of_two_runs_differ_in_path() -> None:
    whole = run("staging_failed")[1]
    found = compare(Trace(whole.events[:12]), whole)
    differs = {difference.state: difference for difference in found.differences}
    assert differs[ODD_NAMES[3]].before == "Not started"
    assert "path" in differs[ODD_NAMES[3]].in_what
    assert ODD_NAMES[3] in repr(found)
    assert "<td>Not started</td>" in found._repr_html_()
