"""JSONata and its mark."""

from __future__ import annotations

import pytest

from kit.steps import StepError, jsonata


def test_jsonata_gets_its_mark_once() -> None:
    assert jsonata("$states.input.x") == "{% $states.input.x %}"
    assert jsonata("{% $states.input.x %}") == "{% $states.input.x %}"


def test_jsonata_that_cannot_be_read_is_refused_where_it_is_written() -> None:
    with pytest.raises(StepError, match="can't be read") as caught:
        jsonata("$states.input.(")
    assert 'jsonata("$states.input.(")' in str(caught.value)
