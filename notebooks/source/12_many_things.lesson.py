# %% [markdown] id="title"
# # 12 · Many things
#
# **The job.** The report of rung 11 names the old snapshots. Now they are to be deleted: first one cluster's six, then
# another's twenty-five.
#
# **The idea.** A Map does the same for each item of a list, and you say how many at a time.
#
# *About 30 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also runs in your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# By a line in a terminal, or the same line in a CI job:
#
# ```bash
# set -euo pipefail
# aws rds describe-db-cluster-snapshots --db-cluster-identifier "$1" --snapshot-type manual \
#     --query "DBClusterSnapshots[?SnapshotCreateTime<'$2'].DBClusterSnapshotIdentifier" --output text |
#   tr '\t' '\n' |
#   xargs -n 1 aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier
# ```
#
# | five lines, and then | what goes wrong |
# | --- | --- |
# | one refusal in the middle | xargs goes on, and the job is red at the end. Which one was it? |
# | an empty `$2` | nothing is older than nothing; a wrong `$2`, and everything goes |
# | no look before | the first time you see what it deletes is when it does |
# | what was deleted | in the log of a job that is kept for thirty days |
#
# The command line reads all pages by itself. boto3 doesn't, unless one asks for a paginator, and neither does a state
# machine.

# %% [markdown] id="world-words"
# ## The account
#
# Two clusters. The wiki's has 6 old snapshots, the shop's has 25, and each has a new one.

# %% id="world"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Map, Pass, Succeed, Wait

sandbox = Sandbox.local(clock=clock, seed=seed)
rung("12").world("two years", sandbox)
rds = sandbox.aws("rds")


def snapshots_of(name):
    pages = rds.get_paginator("describe_db_cluster_snapshots")
    found = pages.paginate(DBClusterIdentifier=name, SnapshotType="manual")
    return [one["DBClusterSnapshotIdentifier"] for page in found for one in page["DBClusterSnapshots"]]


print("wiki:", snapshots_of("wiki"))
print("shop:", len(snapshots_of("shop")))

# %% [markdown] id="machine-words"
# ## The machine
#
# `List` is the one of rung 11, with the names only. Then comes the Map. It has a small machine inside, and runs that
# once for each item. There the state's input is the item, here a name.
#
# The first state inside asks whether this is in earnest.

# %% id="machine"
old = """[
  $states.result.DbClusterSnapshots[
    Status = 'available'
    and $toMillis(SnapshotCreateTime) < $toMillis($states.context.State.EnteredTime) - $states.input.days * 86400000
  ].DbClusterSnapshotIdentifier
]"""


def each_of_them():
    """The Map: for each name in $old, say it or delete it."""
    delete = AwsSdk(
        "Delete",
        "rds:deleteDBClusterSnapshot",
        DbClusterSnapshotIdentifier="{% $states.input %}",
        output="{% $states.input %}",
    )
    second = Wait("A second", seconds=1, comment="So that a deletion is under way for a second")
    dry_run = Choice("Dry run?")
    dry_run.add_choice("{% $dry %}", Pass("Only say it"))
    dry_run.default_choice(delete)
    delete.next(second)
    return Map(
        "Each",
        item_processor=Chain([dry_run]),
        items="{% $old %}",
        max_concurrency=3,
        assign={"done": "{% [$append($done, $states.result)] %}"},
        output="{% $states.input %}",
    )


cleaner = Machine(
    f"{prefix}-snapshot-cleaner",
    Chain(
        [
            Pass(
                "Set out",
                assign={"done": [], "dry": "{% $not($states.input.dry_run = false) %}"},
                comment="In earnest only when the input says dry_run: false",
            ),
            AwsSdk(
                "List",
                "rds:describeDBClusterSnapshots",
                DbClusterIdentifier="{% $states.input.cluster %}",
                SnapshotType="manual",
                MaxRecords=20,
                assign={"old": "{% " + old + " %}"},
                output="{% $states.input %}",
            ),
            each_of_them(),
            Succeed("Done", output={"dry_run": "{% $dry %}", "names": "{% $done %}"}),
        ]
    ),
    comment="Deletes the old snapshots of a cluster",
)
cleaner.show()

# %% [markdown] id="machine-read"
# - **`Items`** is the list. **`ItemProcessor`** is what is done with each item.
# - **Inside**, a state can read the variables from outside, such as `$dry`. It can't change them. What the iterations
#   give comes back as a list, in the order of the items: `$states.result` of the Map.
# - **`MaxConcurrency: 3`** starts the fourth item when one of the first three is done. 0 means as many as there are.
#   An inline Map runs 40 at a time at most.
# - **The harmless way is the default.** A run is in earnest only when its input says `"dry_run": false`. Compare
#   carefully: in JSONata *any* comparison with something that isn't there is false, a test for "not equal" too. Asked
#   whether `dry_run` is not equal to `false`, a run without that field would say no, and delete.

# %% [markdown] id="dry-words"
# ## A dry run first

# %% id="dry"
deployed = sandbox.deploy(cleaner)
dry = deployed.start({"cluster": "wiki", "days": 30})
dry.watch()

# %% id="dry-end"
dry.wait(timeout=60)
print(dry.output)
print("still there:", snapshots_of("wiki"))

# %% [markdown] id="run-words"
# The list is as expected, and the new one isn't in it. In earnest:

# %% id="run"
run = deployed.start({"cluster": "wiki", "days": 30, "dry_run": False})
run.wait(timeout=60)
run.graph()

# %% id="run-calls"
for call in sandbox.calls:
    if call.by == run.arn and call.operation.startswith("Delete"):
        print(call.at.strftime("%H:%M:%S"), call.params["DBClusterSnapshotIdentifier"], call.outcome)
print("still there:", snapshots_of("wiki"))

# %% [markdown] id="concurrency-words"
# Three at a time, and a second later the next three. The Wait matters. A deletion is accepted within milliseconds, so
# with MaxConcurrency alone, three *at a time* could still be fifty *in a second*. AWS limits how often an account may
# call, for everybody in it.

# %% [markdown] id="failure-words"
# ## Make it fail
#
# Now the shop's 25 old ones. This failure isn't red.

# %% id="failure"
first_page = deployed.start({"cluster": "shop", "days": 30, "dry_run": False})
first_page.wait(timeout=60)
print(first_page.status, "- it deleted", len(first_page.output["names"]))
print("still there:", snapshots_of("shop"))

# %% [markdown] id="failure-read"
# Green, and a part of the old ones is still there. RDS gives a list in **pages**, here of 20, and we read one. Without
# `MaxRecords` a page has 100: then this works for years, until there is a hundred-and-first. A green run that did half
# of the work is worse than a red one.
#
# An answer that isn't the last page has a token for the next one. RDS calls it `Marker`; other services say
# `NextToken`. So: a loop, as in rung 05, with a bound. At the bound it fails: ending well with pages unread would be the
# same mistake again.

# %% id="pages"
listing = AwsSdk(
    "List",
    "rds:describeDBClusterSnapshots",
    arguments="""{% $merge([
  {"DbClusterIdentifier": $states.input.cluster, "SnapshotType": "manual", "MaxRecords": 20},
  $marker = null ? {} : {"Marker": $marker}
]) %}""",
    assign={
        "old": "{% " + old + " %}",
        "marker": "{% $exists($states.result.Marker) ? $states.result.Marker : null %}",
        "page": "{% $page + 1 %}",
    },
    output="{% $states.input %}",
    comment="One page, and the token of the next",
)
more = Choice("Another page?")
more.add_choice(
    "{% $marker = null %}",
    Succeed("Done", output={"dry_run": "{% $dry %}", "pages": "{% $page %}", "names": "{% $done %}"}),
)
more.add_choice(
    "{% $page >= 50 %}",
    Fail("Too many pages", error="TooManyPages", cause="There are more than 50 pages of snapshots."),
)
more.default_choice(listing)
all_pages = Machine(
    f"{prefix}-snapshot-cleaner",
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
            each_of_them(),
            more,
        ]
    ),
    comment="Deletes the old snapshots of a cluster, page by page",
)
all_pages.graph()

# %% [markdown] id="pages-words"
# `Arguments` as a whole may be an expression. `$merge` makes one object of several, and the marker is in it only when
# there is one.
#
# To see two pages we put back the 20 that the first run has deleted. Then the same input again:

# %% id="pages-run"
with sandbox.provisioning.at_once():
    for name in first_page.output["names"]:
        rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier=name, DBClusterIdentifier="shop")
    sandbox.clock.advance(days=45)
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="shop-today", DBClusterIdentifier="shop")

both = sandbox.deploy(all_pages).start({"cluster": "shop", "days": 30, "dry_run": False})
both.wait(timeout=60)
print(both.output["pages"], "pages,", len(both.output["names"]), "names")
print("still there:", snapshots_of("shop"))

# %% [markdown] id="red-words"
# ## And if one of them fails?
#
# Then the Map fails, and the iterations that are under way are stopped. Let somebody delete one at the same moment:

# %% id="red"
for name in ("wiki-a", "wiki-b", "wiki-c", "wiki-d"):
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier=name, DBClusterIdentifier="wiki")
sandbox.clock.advance(days=45)
sandbox.faults.fail("rds:DeleteDBClusterSnapshot", code="DBClusterSnapshotNotFoundFault", at=2)

red = sandbox.deploy(all_pages).start({"cluster": "wiki", "days": 30, "dry_run": False})
red.wait(timeout=60)
red.graph()

# %% id="red-cause"
print(red.error)
for visit in red.trace.visits:
    if visit.state == "Delete":
        print(visit.input, visit.status)

# %% [markdown] id="red-read"
# What was deleted stays deleted; what came later was not begun. Here "not found" is what we want, so it is an expected
# failure, and `Delete` should catch exactly that one (rung 08). In your exercise it must.
#
# Unexpected ones are better left to fail: then somebody looks, and a redrive does only the items that are not done
# (rung 09). Rung 23 has a Map that tolerates a few.

# %% [markdown] id="cost"
# ## What it costs
#
# | 25 snapshots, two pages | price | size | to keep current |
# | --- | --- | --- | --- |
# | this machine | 3 transitions an item and 3 a page, about 80 in all: 0.002 USD | 9 states | nothing |
# | the line in CI | a minute of a runner | 5 lines | the runner, its command line tools |
# | what 25 forgotten snapshots cost | their storage, each month | | |
#
# An inline Map writes all its iterations into one history, and a history ends at 25,000 events. An item takes about
# ten events here. Some two thousand items, and it is time for rung 23.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **How much is too much.** Where AWS begins to refuse calls depends on the account and on who else calls.
# - **How pages behave while you delete.** Here a marker stays good when what it points at is gone. AWS doesn't promise
#   this for every service. Who wants to be sure reads all pages first and deletes afterwards: the exercise takes both.
# - **In which order iterations run.** With MaxConcurrency above 1, don't rely on one.
#
# In your own account, as a dry run: it only reads. This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(all_pages).start({"cluster": "dev", "days": 30, "dry_run": True}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/12_many_things.ipynb): some snapshots are protected by a tag.
#
# **Next:** [13 · At the same time](13_at_the_same_time.ipynb). A Map does the same with many things. What about three
# different things at once?
