# %% [markdown] id="title"
# # 12 · Many things: exercise
#
# The auditors want some snapshots kept. These have a tag with the key `keep`; its value says until when, in words.
#
# **Build a machine that deletes a cluster's old manual snapshots, and no protected one.**
#
# ```json
# {"cluster": "shop", "days": 30, "dry_run": false}
# ```
#
# - Old is what is `available` and was made more than `days` days ago. A tag with the key `keep` protects, whatever its
#   value. No other tag does.
# - Read all pages, and ask for pages of 20 (`MaxRecords`).
# - Delete only if the input says `"dry_run": false`. If it says true, or nothing, delete nothing.
# - At most five deletions in a second.
# - Somebody may delete one of them at the same time. That is no failure.
# - The output has a field `names`: the list of those that were deleted, or, in a dry run, would be. In any order.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Catch, Chain, Choice, Fail, Map, Pass, Succeed, Wait

# [solution]
q = rung("12", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("12").question(1)
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The lesson's last machine, with one more condition in the list and one Catch in the Map.

# %% id="answer"
# [solution 1]
second = Wait("A second", seconds=1, comment="Five at a time, each for a second: five in a second")
delete = AwsSdk(
    "Delete",
    "rds:deleteDBClusterSnapshot",
    DbClusterSnapshotIdentifier="{% $states.input %}",
    output="{% $states.input %}",
    catch=[
        Catch(
            second,
            error_equals=["Rds.DbClusterSnapshotNotFoundException"],
            output="{% $states.input %}",
            comment="Somebody was quicker: gone is gone",
        )
    ],
)
delete.next(second)
dry_run = Choice("Dry run?")
dry_run.add_choice("{% $dry %}", Pass("Only say it"))
dry_run.default_choice(delete)

listing = AwsSdk(
    "List",
    "rds:describeDBClusterSnapshots",
    arguments="""{% $merge([
  {"DbClusterIdentifier": $states.input.cluster, "SnapshotType": "manual", "MaxRecords": 20},
  $marker = null ? {} : {"Marker": $marker}
]) %}""",
    assign={
        "old": """{% [
  $states.result.DbClusterSnapshots[
    Status = 'available'
    and $toMillis(SnapshotCreateTime) < $toMillis($states.context.State.EnteredTime) - $states.input.days * 86400000
    and $not('keep' in TagList.Key)
  ].DbClusterSnapshotIdentifier
] %}""",
        "marker": "{% $exists($states.result.Marker) ? $states.result.Marker : null %}",
        "page": "{% $page + 1 %}",
    },
    output="{% $states.input %}",
    comment="One page, and the token of the next",
)
each = Map(
    "Each",
    item_processor=Chain([dry_run]),
    items="{% $old %}",
    max_concurrency=5,
    assign={"done": "{% [$append($done, $states.result)] %}"},
    output="{% $states.input %}",
)
more = Choice("Another page?")
more.add_choice("{% $marker = null %}", Succeed("Done", output={"names": "{% $done %}"}))
more.add_choice(
    "{% $page >= 50 %}",
    Fail("Too many pages", error="TooManyPages", cause="There are more than 50 pages of snapshots."),
)
more.default_choice(listing)

machine = Machine(
    "old-snapshots-away",
    Chain(
        [
            Pass(
                "Set out",
                assign={
                    "done": [],
                    "marker": None,
                    "page": 0,
                    "dry": "{% $not($states.input.dry_run = false) %}",
                },
                comment="In earnest only when the input says dry_run: false",
            ),
            listing,
            each,
            more,
        ]
    ),
    comment="Deletes the old snapshots of a cluster that no tag protects",
)
machine.show()
# [prompt]
# # A list, a Map, a loop around both. By kit.steps, or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. The sandbox has the lesson's two clusters; one snapshot gets a tag.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rung("12").world("two years", sandbox)
rds = sandbox.aws("rds")
arn = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier="wiki-03")["DBClusterSnapshots"][0]
rds.add_tags_to_resource(
    ResourceName=arn["DBClusterSnapshotArn"], Tags=[{"Key": "keep", "Value": "until the audit"}]
)
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "wiki", "days": 30, "dry_run": False})
    run.wait(timeout=60)
    print(run.status, run.error or "", run.cause or "")
    print(run.output)

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: [13 · At the same time](../notebooks/13_at_the_same_time.ipynb)
