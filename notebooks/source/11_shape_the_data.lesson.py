# %% [markdown] id="title"
# # 11 · Shape the data
#
# **The job.** Before each risky change somebody takes a snapshot of the database. Nobody deletes them. Once a month
# the team wants a list: which are older than thirty days, the oldest first, and how old.
#
# **The idea.** An expression filters, sorts and reckons on lists, inside the state that made the call. There is no
# function for it.
#
# *About 25 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also runs in your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# A cron rule starts a Lambda function:
#
# ```python
# def handler(event, context):
#     rds = boto3.client("rds")
#     now = datetime.now(timezone.utc)
#     old = []
#     answer = rds.describe_db_cluster_snapshots(DBClusterIdentifier=event["cluster"])
#     for snapshot in answer["DBClusterSnapshots"]:
#         age = (now - snapshot["SnapshotCreateTime"]).days
#         if snapshot["Status"] == "available" and age >= 30:
#             old.append({"name": snapshot["DBClusterSnapshotIdentifier"], "days": age})
#     old.sort(key=lambda one: -one["days"])
#     return {"count": len(old), "oldest": old[0]["name"], "old": old}
# ```
#
# | a dozen lines, and then | what goes wrong |
# | --- | --- |
# | a runtime, a role, a log group | for three lines of reckoning |
# | `old[0]` | the month in which nothing is old, it raises at night |
# | the list that came | is in nobody's log. Why was this snapshot not in the report? |
# | automatic snapshots | are in the answer too, and can't be deleted by you |

# %% [markdown] id="world-words"
# ## The account
#
# Half a year in a sandbox: three clusters, and five snapshots of one of them.

# %% id="world"
from datetime import UTC, datetime

from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Pass

sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, tzinfo=UTC))
rung("11").world("half a year", sandbox)

answer = sandbox.aws("rds").describe_db_cluster_snapshots(DBClusterIdentifier="shop", SnapshotType="manual")
for snapshot in answer["DBClusterSnapshots"]:
    print(snapshot["DBClusterSnapshotIdentifier"], snapshot["SnapshotCreateTime"].date(), snapshot["Status"])
print("Today is", sandbox.clock.now().date())

# %% [markdown] id="words"
# ## The words for lists
#
# In JSONata a list is one value, and most of the language is about lists. This is all that this rung needs:
#
# | you write | you get |
# | --- | --- |
# | `list[Status = 'available']` | the items for which the test is true |
# | `list^(Time)` or `list^(<Time)` | sorted, the smallest first |
# | `list^(>Time)` | sorted, the largest first |
# | `list.Name` | the field of each item |
# | `list.{"name": Name, "size": Size}` | a new object of each item |
# | `$count(list)`, `$sum(list.Size)`, `$max(list.Size)` | one number |
# | `list[0]`, `list[-1]` | the first, the last |
# | `$filter(list, function($item, $index) { $index < 2 })` | the items for which the function says true |
# | `[ ... ]` | a list, whatever the expression found |
#
# They are put one behind the other, and read from the left. Try a few on a small list. A Pass is enough for it:


# %% id="try-words"
def tried(expression):
    """What an expression gives for a list of three, in a machine of one state."""
    shelf = [{"name": "b", "days": 30}, {"name": "a", "days": 7}, {"name": "c", "days": 90}]
    machine = Machine(f"{prefix}-try", Chain([Pass("Try", output="{% " + expression + " %}")]))
    run = sandbox.deploy(machine).start({"shelf": shelf})
    run.wait(timeout=60)
    return run.output if run.status == "SUCCEEDED" else f"{run.error}: {run.cause}"


for expression in (
    "$states.input.shelf[days >= 30]",
    "$states.input.shelf^(>days).name",
    "$sum($states.input.shelf.days)",
    "$filter($states.input.shelf, function($one, $index) { $index < 2 }).name",
    "$states.input.shelf[days >= 30]^(<days)[0].name",
):
    print(f"{expression}\n    {tried(expression)}")

# %% [markdown] id="machine-words"
# ## The machine
#
# Two states. `List` makes the call and keeps what is old in a variable. `Report` makes the answer of it. The moment
# at which a state was entered is in the context, `$states.context.State.EnteredTime`; a day has 86,400,000
# milliseconds.

# %% id="machine"
report = Machine(
    f"{prefix}-old-snapshots",
    Chain(
        [
            AwsSdk(
                "List",
                "rds:describeDBClusterSnapshots",
                DbClusterIdentifier="{% $states.input.cluster %}",
                SnapshotType="manual",
                assign={
                    "old": """{% (
  $today := $toMillis($states.context.State.EnteredTime);
  $aged := $states.result.DbClusterSnapshots[Status = 'available'].{
    "name": DbClusterSnapshotIdentifier,
    "days": $floor(($today - $toMillis(SnapshotCreateTime)) / 86400000)
  };
  [$aged[days >= $states.input.days]^(>days)]
) %}"""
                },
                output="{% $states.input %}",
                comment="The answer is long; only the names and ages of the old ones are kept",
            ),
            Pass(
                "Report",
                output={
                    "cluster": "{% $states.input.cluster %}",
                    "count": "{% $count($old) %}",
                    "oldest": "{% $old[0].name %}",
                    "old": "{% $old %}",
                },
            ),
        ]
    ),
    comment="Says which snapshots of a cluster are old",
)
report.show()

# %% [markdown] id="machine-read"
# - **`Assign`** or **`Output`**? Output is what the *next* state gets as its input. A variable can be read by *every*
#   later state. The list is kept in a variable, and the input is handed on as it came.
# - In `( ...; ...; ... )` names are given with `:=`. The last line is the value. These names are gone afterwards; only
#   `$old`, which Assign names, stays.
# - **Both see the same moment.** An Output can't read what the Assign beside it writes. That is why there are two
#   states.

# %% [markdown] id="run-words"
# ## Deploy, run, watch

# %% id="run"
deployed = sandbox.deploy(report)
run = deployed.start({"cluster": "shop", "days": 30})
run.watch()

# %% id="end"
run.wait(timeout=60)
print(run.status)
run.output

# %% [markdown] id="between-words"
# What was this made of? The history has it: RDS's whole answer in the event `TaskSucceeded`, and what the state kept
# of it. Nobody had to log it.

# %% id="between"
call = next(visit for visit in run.trace.visits if visit.state == "List")
print("kept in $old:", call.variables["old"])

# %% [markdown] id="failure-words"
# ## Make it fail
#
# The cluster `wiki` has no snapshot. What is the name of the oldest one?

# %% id="failure"
nothing = deployed.start({"cluster": "wiki", "days": 30})
nothing.wait(timeout=60)
nothing.graph()

# %% id="failure-cause"
print(nothing.error)
print(nothing.cause)

# %% [markdown] id="failure-read"
# The Lambda's `old[0]` again. In JSONata nothing is not `null`. It is **undefined**, and a state whose Output has
# an undefined value fails. The cause names the field. So say what holds when there is nothing:
# `$exists($old) ...`, or here `$count($old) > 0 ? $old[0].name : null`.

# %% id="mended"
asl = report.asl
asl["States"]["Report"]["Output"]["oldest"] = "{% $count($old) > 0 ? $old[0].name : null %}"
mended = sandbox.deploy(Machine(f"{prefix}-old-snapshots", asl))
nothing = mended.start({"cluster": "wiki", "days": 30})
nothing.wait(timeout=60)
nothing.output

# %% [markdown] id="one-words"
# ## The quiet one
#
# `mail` has a single snapshot. Take the square brackets away from the last line of the expression, and ask for it.
# Nothing turns red.

# %% id="one"
asl["States"]["List"]["Assign"]["old"] = asl["States"]["List"]["Assign"]["old"].replace(
    "[$aged[days >= $states.input.days]^(>days)]", "$aged[days >= $states.input.days]^(>days)"
)
single = sandbox.deploy(Machine(f"{prefix}-without-brackets", asl)).start({"cluster": "mail", "days": 30})
single.wait(timeout=60)
print(single.status)
print(single.output["old"])

# %% [markdown] id="one-read"
# `old` is an object, not a list of one. A filter that finds exactly one thing gives that thing. Whoever reads this
# report next, in rung 12 a Map, gets a list on most days and something else on some. **Put square brackets around
# everything that has to be a list.** They mend both: with one item they give a list of one, with none an empty list.

# %% [markdown] id="jsonpath"
# ## Reading JSONPath
#
# Until the end of 2024 there was no JSONata in state machines. The ones you inherit are written in **JSONPath**. You
# needn't write it, but you will read it. A key that ends in `.$` has a path as its value; `$` is the state's input.

# %% id="jsonpath-machine"
in_jsonpath = Machine(
    f"{prefix}-names-in-jsonpath",
    {
        "Comment": "The names of a cluster's snapshots, in JSONPath",
        "StartAt": "List",
        "States": {
            "List": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:rds:describeDBClusterSnapshots",
                "Parameters": {"DbClusterIdentifier.$": "$.cluster", "SnapshotType": "manual"},
                "ResultSelector": {
                    "names.$": "$.DbClusterSnapshots[?(@.Status == 'available')].DbClusterSnapshotIdentifier"
                },
                "ResultPath": "$.found",
                "OutputPath": "$.found.names",
                "End": True,
            }
        },
    },
)
older = sandbox.deploy(in_jsonpath).start({"cluster": "shop"})
older.wait(timeout=60)
older.output

# %% [markdown] id="jsonpath-read"
# Data goes through these fields from top to bottom. Each sees what the one above it left:
#
# | JSONPath | does | in JSONata |
# | --- | --- | --- |
# | `InputPath` | picks a part of the input | `$states.input.x` |
# | `Parameters` | what the call gets | `Arguments` |
# | `ResultSelector` | picks from what the call answered | `$states.result.x` in `Output` |
# | `ResultPath` | puts that beside the input, under a name; `null` drops it | `$merge([$states.input, ...])` in `Output` |
# | `OutputPath` | picks what goes on | `Output` |
#
# There are filters, `[?(...)]`. There is no sorting, no age in days, and no "nothing found, then null": that was a
# Lambda. A state takes one language or the other, never both. `QueryLanguage` in a state says which, so an old machine
# can be moved state by state.

# %% [markdown] id="cost"
# ## What it costs
#
# | a report a month | price | size | to keep current |
# | --- | --- | --- | --- |
# | this machine | 3 transitions: 0.000075 USD | 2 states, one expression of 6 lines | nothing |
# | the Lambda | next to nothing | 12 lines, and their deployment | a runtime, a role, a log group |
#
# A state's data may be 256 KiB. A snapshot is about 1 KiB in the answer, so a few hundred are too many to hand on
# whole. Keep the fields that you need, as `List` does. The next rung goes through more than one page of them.
#
# When is a function better? When the expression no longer fits on a screen, or when it needs a library. Rung 16 is
# about that.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **In which order RDS gives its list.** AWS doesn't promise one. So sort, even when it looks sorted.
# - **Every function of JSONata in every corner.** The kit evaluates with the reference implementation, or one that is
#   compared with it, and knows AWS's own additions (`$partition`, `$range`, `$hash`, `$random`, `$uuid`, `$parse`).
# - **How AWS writes times.** Here a snapshot's time is `2026-04-06T00:00:00Z`; a real one may have parts of a second.
#   `$toMillis` reads both.
#
# The same in your own account: it only reads. This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(report).start({"cluster": "dev", "days": 30}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/11_shape_the_data.ipynb): which snapshots are kept, and which may go.
#
# **Next:** [12 · Many things](12_many_things.ipynb) deletes the ones that may go, one by one.
