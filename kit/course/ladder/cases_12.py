"""Typical answers to rung 12."""

from __future__ import annotations

from typing import Any

from kit.course.exercise import Case
from kit.machine import Machine
from kit.steps import AwsSdk, Catch, Chain, Choice, Map, Pass, Retry, Succeed, Wait, jsonata

_RDS = "arn:aws:states:::aws-sdk:rds:"
_GONE = "Rds.DbClusterSnapshotNotFoundException"
_OLD = (
    "[$states.result.DbClusterSnapshots[Status = 'available' and $toMillis(SnapshotCreateTime) < "
    "$toMillis($states.context.State.EnteredTime) - $states.input.days * 86400000"
    " and $not('keep' in TagList.Key)].DbClusterSnapshotIdentifier]"
)
_ASK = (
    "$merge([{'DbClusterIdentifier': $states.input.cluster, 'SnapshotType': 'manual', 'MaxRecords': 20},"
    " $marker = null ? {} : {'Marker': $marker}])"
)
_MARKER = "$exists($states.result.Marker) ? $states.result.Marker : null"


def _page_by_page(
    old: str = _OLD,
    ask: str = _ASK,
    marker: str = _MARKER,
    dry: str = "$not($states.input.dry_run = false)",
    done: str = "[$append($done, $states.result)]",
    catch: bool = True,
    **each: Any,
) -> dict[str, Any]:
    """As in the lesson: list a page, delete what is on it, go on while there is a marker."""
    delete: dict[str, Any] = {
        "Type": "Task",
        "Resource": f"{_RDS}deleteDBClusterSnapshot",
        "Arguments": {"DbClusterSnapshotIdentifier": "{% $states.input %}"},
        "Output": "{% $states.input %}",
        "Next": "A second",
    }
    if catch:
        delete["Catch"] = [{"ErrorEquals": [_GONE], "Output": "{% $states.input %}", "Next": "A second"}]
    work = {
        "Dry run?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $dry %}", "Next": "Only say it"}],
            "Default": "Delete",
        },
        "Only say it": {"Type": "Pass", "End": True},
        "Delete": delete,
        "A second": {"Type": "Wait", "Seconds": 1, "End": True},
    }
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Set out",
        "States": {
            "Set out": {
                "Type": "Pass",
                "Assign": {"marker": None, "done": [], "dry": f"{{% {dry} %}}"},
                "Next": "List",
            },
            "List": {
                "Type": "Task",
                "Resource": f"{_RDS}describeDBClusterSnapshots",
                "Arguments": f"{{% {ask} %}}",
                "Assign": {"old": f"{{% {old} %}}", "marker": f"{{% {marker} %}}"},
                "Output": "{% $states.input %}",
                "Next": "Each",
            },
            "Each": {
                "Type": "Map",
                "Items": "{% $old %}",
                "MaxConcurrency": 5,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "Dry run?",
                    "States": work,
                },
                "Assign": {"done": f"{{% {done} %}}"},
                "Output": "{% $states.input %}",
                "Next": "More?",
                **each,
            },
            "More?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $marker != null %}", "Next": "List"}],
                "Default": "Done",
            },
            "Done": {"Type": "Succeed", "Output": {"names": "{% $done %}"}},
        },
    }


def _without_the_wait() -> dict[str, Any]:
    machine = _page_by_page()
    work = machine["States"]["Each"]["ItemProcessor"]["States"]
    del work["A second"], work["Delete"]["Next"]
    work["Delete"] |= {"End": True, "Catch": [{"ErrorEquals": [_GONE], "Next": "Only say it"}]}
    return machine


def _collected_first() -> dict[str, Any]:
    """All pages first, then one Map, which isn't entered in a dry run."""
    machine = _page_by_page()
    states = machine["States"]
    each = states.pop("Each")
    work = each["ItemProcessor"]["States"]
    del work["Dry run?"], work["Only say it"], each["Assign"]
    each["ItemProcessor"]["StartAt"] = "Delete"
    states["Set out"]["Assign"] = {"marker": None, "all": [], "page": 0}
    states["List"] |= {
        "Assign": {
            "all": f"{{% [$append($all, {_OLD})] %}}",
            "marker": f"{{% {_MARKER} %}}",
            "page": "{% $page + 1 %}",
        },
        "Next": "More?",
    }
    states["More?"] |= {
        "Choices": [
            {"Condition": "{% $page >= 50 %}", "Next": "Too many"},
            {"Condition": "{% $marker != null %}", "Next": "List"},
            {"Condition": "{% $states.input.dry_run = false %}", "Next": "Each"},
        ]
    }
    states["Each"] = each | {"Items": "{% $all %}", "Next": "Done", "MaxConcurrency": 2}
    states["Done"]["Output"] = {"names": "{% $all %}"}
    states["Too many"] = {"Type": "Fail", "Error": "TooManyPages", "Cause": "More than 50 pages"}
    return machine


def _by_steps() -> Machine:
    """Slowly, one by one; the names kept as objects on the way, the dry run decided per page."""
    delete = AwsSdk(
        "Delete",
        "rds:deleteDBClusterSnapshot",
        DbClusterSnapshotIdentifier=jsonata("$states.input.name"),
        retry=[Retry(error_equals=["Rds.RdsException"], interval_seconds=2, max_attempts=4)],
        output=jsonata("$states.input.name"),
    )
    second = Wait("A second", seconds=1)
    delete.add_catch(Catch(second, error_equals=[_GONE], output=jsonata("$states.input.name")))
    listing = AwsSdk(
        "List",
        "rds:describeDBClusterSnapshots",
        arguments=jsonata(_ASK),
        assign={
            "marker": jsonata(_MARKER),
            "old": jsonata(
                "["
                + _OLD[1:-1].replace(".DbClusterSnapshotIdentifier", ".{'name': DbClusterSnapshotIdentifier}")
                + "]"
            ),
        },
        output=jsonata("$states.input"),
    )
    each = Map(
        "Each",
        item_processor=Chain([delete, second]),
        items=jsonata("$old"),
        max_concurrency=1,
        output=jsonata("$states.input"),
    )
    note = Pass("Note", assign={"done": jsonata("[$done, $old.name]")})
    more = Choice("More?")
    more.add_choice(jsonata("$marker != null"), listing)
    more.default_choice(Succeed("Done", output={"names": jsonata("$done")}))
    earnest = Choice("In earnest?")
    earnest.add_choice(jsonata("$states.input.dry_run = false"), each)
    earnest.default_choice(note)
    each.next(note)
    note.next(more)
    begin = Pass("Set out", assign={"marker": None, "done": []})
    return Machine("old-snapshots-away", Chain([begin, listing, earnest]))


CASES = {
    1: (
        Case(name="the placeholder", outcome="unattempted", answer=lambda: ...),
        Case(
            name="the tags forgotten",
            outcome="failed",
            advice="protected",
            answer=lambda: _page_by_page(_OLD.replace(" and $not('keep' in TagList.Key)", "")),
        ),
        Case(
            name="the tag's value instead of its key",
            outcome="failed",
            advice="protected",
            answer=lambda: _page_by_page(_OLD.replace("TagList.Key", "TagList.Value")),
        ),
        Case(
            name="whatever has a tag is protected",
            outcome="failed",
            advice="too_careful",
            answer=lambda: _page_by_page(_OLD.replace("$not('keep' in TagList.Key)", "$count(TagList) = 0")),
        ),
        Case(
            name="young ones too",
            outcome="failed",
            advice="young",
            answer=lambda: _page_by_page(_OLD.replace("$states.input.days * 86400000", "$states.input.days")),
        ),
        Case(
            name="every cluster's",
            outcome="failed",
            advice="other_cluster",
            answer=lambda: _page_by_page(
                ask=_ASK.replace("'DbClusterIdentifier': $states.input.cluster, ", "")
            ),
        ),
        Case(
            name="the first page only",
            outcome="failed",
            advice="first_page",
            answer=lambda: _page_by_page(marker="null"),
        ),
        Case(
            name="no size of a page",
            outcome="failed",
            advice="page_size",
            answer=lambda: _page_by_page(ask=_ASK.replace(", 'MaxRecords': 20", "")),
        ),
        Case(
            name="as many at a time as there are",
            outcome="failed",
            advice="all_at_once",
            answer=lambda: _page_by_page(MaxConcurrency=0),
        ),
        Case(
            name="five at a time without a wait",
            outcome="failed",
            advice="all_at_once",
            answer=_without_the_wait,
        ),
        Case(
            name="unequal to false",
            outcome="failed",
            advice="not_said",
            answer=lambda: _page_by_page(dry="$states.input.dry_run != false"),
        ),
        Case(
            name="always in earnest",
            outcome="failed",
            advice="dry_run_deletes",
            answer=lambda: _page_by_page(dry="false"),
        ),
        Case(name="no Catch", outcome="failed", advice="gone", answer=lambda: _page_by_page(catch=False)),
        Case(
            name="one list in another",
            outcome="failed",
            advice="names",
            answer=lambda: _page_by_page(done="$states.result"),
        ),
        Case(
            name="no brackets around the list",
            outcome="failed",
            advice="undefined",
            answer=lambda: _page_by_page(_OLD[1:-1]),
        ),
        Case(
            name="a Map without a processor",
            outcome="failed",
            advice="refused",
            answer=lambda: _page_by_page(ItemProcessor={"StartAt": "Delete"}),
        ),
        Case(name="one by one, the dry run beside the Map, by kit.steps", outcome="passed", answer=_by_steps),
        Case(name="page by page, as ASL", outcome="passed", answer=_page_by_page),
        Case(name="all pages first, as ASL", outcome="passed", answer=_collected_first),
    )
}
