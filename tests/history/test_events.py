from datetime import UTC, datetime

import pytest

from kit.history import HistoryError, details_key, read_event, read_history


def test_every_event_type_of_the_api_has_its_details_found() -> None:
    from botocore.loaders import Loader

    model = Loader().load_service_model("stepfunctions", "service-2", "2016-11-23")["shapes"]
    members = {name for name in model["HistoryEvent"]["members"] if name.endswith("EventDetails")}
    found = {details_key(event_type) for event_type in model["HistoryEventType"]["enum"]}
    assert members <= found


def test_timestamps_of_boto3_and_of_both_versions_of_the_cli_mean_the_same_moment() -> None:
    moment = datetime(2026, 4, 6, 9, 0, 0, 500000, tzinfo=UTC)
    for timestamp in (moment, "2026-04-06T09:00:00.500Z", "2026-04-06T18:00:00.500000+09:00", 1775466000.5):
        assert read_event({"id": 1, "type": "ExecutionStarted", "timestamp": timestamp}).time == moment


def test_a_history_is_read_from_what_the_cli_prints_in_either_order() -> None:
    text = '{"events": [{"id": 2, "type": "B", "previousEventId": 1}, {"id": 1, "type": "A"}]}'
    assert [event.type for event in read_history(text)] == ["A", "B"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("not json", "Expected the JSON of an execution history"),
        ('{"executions": []}', "found the keys: executions"),
        ([{"type": "PassStateEntered"}], "Not an event of an execution history"),
        (["PassStateEntered"], "Not an event of an execution history"),
    ],
)
def test_what_is_no_history_is_refused_with_what_was_found(source: object, said: str) -> None:
    with pytest.raises(HistoryError, match=said):
        read_history(source)  # type: ignore[arg-type]


def test_a_timestamp_that_is_none_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(HistoryError, match="found 'yesterday'"):
        _ = read_event({"id": 1, "type": "A", "timestamp": "yesterday"}).time
