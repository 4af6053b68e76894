# %% [markdown] id="title"
# # 13 · At the same time
#
# **The job.** In the morning staging needs three things: a clone of the database, a cache from last night's snapshot,
# an empty search domain. One after the other that takes half an hour and more, and people wait.
#
# **The idea.** A Parallel does different things at once and ends with the slowest. When one branch fails, all stop. A
# redrive goes on in each branch where it stood.
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
# By a shell script that puts things into the background:
#
# ```bash
# set -euo pipefail
# ./clone-database.sh &
# ./make-cache.sh &
# ./make-domain.sh &
# wait
# ./tell-everybody.sh "staging is up"
# ```
#
# | six lines, and then | what goes wrong |
# | --- | --- |
# | `wait` without names | gives 0 whatever the three scripts gave: green, without a cache |
# | three outputs in one log | line by line, mixed |
# | one of them failed | run all three again: two say "already exists" |
# | the CI matrix instead | three runners, paid for while they sleep, and a fourth job that gathers |

# %% [markdown] id="one-words"
# ## One branch
#
# Create, then the loop of rung 05. The three branches have the same shape, so a Python function makes them. What comes
# out is ASL all the same; nothing of Python is left in it. Each thing is tagged with the day's run, as in rung 08.

# %% id="one"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Parallel, Succeed, Wait

TAGS = [{"Key": "run", "Value": "{% $states.input.run %}"}]


def branch(what, create, look, ready, broken):
    """Creates something and ends when `ready` is true of the look's answer; fails when `broken` is."""
    hold = Wait(f"{what}: half a minute", seconds=30)
    ask = AwsSdk(
        f"{what}: look",
        look[0],
        **look[1],
        assign={"is_ready": ready, "is_broken": broken, "rounds": "{% $rounds + 1 %}"},
        output="{% $states.input %}",
    )
    decide = Choice(f"{what}: ready?")
    decide.add_choice("{% $is_ready %}", Succeed(f"{what} is ready"))
    decide.add_choice("{% $is_broken %}", Fail(f"{what} is broken", error="Broken", cause=f"{what} came out broken"))
    decide.add_choice("{% $rounds >= 120 %}", Fail(f"{what} takes too long", error="TooLong", cause="An hour"))
    decide.default_choice(hold)
    make = AwsSdk(f"{what}: create", create[0], **create[1], assign={"rounds": 0}, output="{% $states.input %}")
    return Chain([make, hold, ask, decide])


def database():
    return branch(
        "Database",
        create=(
            "rds:restoreDBClusterToPointInTime",
            dict(
                DbClusterIdentifier="{% $states.input.name %}",
                SourceDBClusterIdentifier="{% $states.input.source %}",
                RestoreType="copy-on-write",
                UseLatestRestorableTime=True,
                Tags=TAGS,
            ),
        ),
        look=("rds:describeDBClusters", dict(DbClusterIdentifier="{% $states.input.name %}")),
        ready="{% $states.result.DbClusters[0].Status = 'available' %}",
        broken="{% $states.result.DbClusters[0].Status in ['cloning-failed', 'deleting'] %}",
    )


def cache():
    return branch(
        "Cache",
        create=(
            "elasticache:createReplicationGroup",
            dict(
                ReplicationGroupId="{% $states.input.name %}",
                ReplicationGroupDescription="Staging's cache",
                SnapshotName="{% $states.input.snapshot %}",
                Tags=TAGS,
            ),
        ),
        look=(
            "elasticache:describeReplicationGroups",
            dict(ReplicationGroupId="{% $states.input.name %}"),
        ),
        ready="{% $states.result.ReplicationGroups[0].Status = 'available' %}",
        broken="{% $states.result.ReplicationGroups[0].Status in ['create-failed', 'deleting'] %}",
    )


def search():
    return branch(
        "Search",
        create=(
            "opensearch:createDomain",
            dict(
                DomainName="{% $states.input.name %}",
                EngineVersion="OpenSearch_2.19",
                ClusterConfig={"InstanceType": "t3.small.search", "InstanceCount": 1},
                EbsOptions={"EbsEnabled": True, "VolumeType": "gp3", "VolumeSize": 10},
                TagList=TAGS,
            ),
        ),
        look=("opensearch:describeDomain", dict(DomainName="{% $states.input.name %}")),
        ready="{% $states.result.DomainStatus.DomainProcessingStatus = 'Active' %}",
        broken="{% $states.result.DomainStatus.Deleted %}",
    )


Machine(f"{prefix}-only-the-database", database()).graph()

# %% [markdown] id="machine-words"
# ## The machine
#
# A Parallel has branches. Each is a small machine of its own and begins with the Parallel's input. When all have ended
# well, their outputs are a list, in the order of the branches: `$states.result`.

# %% id="machine"
build = Parallel(
    "Build staging",
    branches=[database(), cache(), search()],
    output={"name": "{% $states.input.name %}", "run": "{% $states.input.run %}"},
    comment="Whatever fails fails in place, so that a redrive can go on there",
)
morning = Machine(
    f"{prefix}-three-at-once",
    Chain([build, Succeed("Staging is up")]),
    comment="Database, cache and search for staging, at the same time",
)
morning.graph()

# %% id="machine-asl"
asl = morning.asl["States"]["Build staging"]
print("fields:", list(asl))
for one in asl["Branches"]:
    print("starts at", one["StartAt"], "-", len(one["States"]), "states")

# %% [markdown] id="run-words"
# ## Deploy, run, watch

# %% id="run"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("13").world("production", sandbox)
print(data)
deployed = sandbox.deploy(morning)
run = deployed.start(data)
run.watch()

# %% id="end"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"))
for visit in run.trace.visits:
    if visit.state.endswith("is ready"):
        print(visit.entered.strftime("%H:%M:%S"), visit.state)

# %% [markdown] id="end-read"
# The end comes with the slowest. In a row the times would add up.
#
# ## Make it fail
#
# The next morning, under another name. The account now has as many search domains as it may have.

# %% id="failure"
rung("13").world("full quota", sandbox)
tuesday = deployed.start({**data, "name": "shop-tuesday", "run": "2026-04-07"})
tuesday.wait(timeout=60)
tuesday.graph()

# %% id="failure-cause"
print(tuesday.error)
print(tuesday.cause)

# %% [markdown] id="failure-read"
# Red is the box that failed, and `Build staging` around it. The other two branches had just begun: `create` is green, and
# nothing after it was entered. They were **stopped**. When one branch fails, the Parallel fails, and the others end where
# they stand. (Had they been waiting, their boxes would be grey.)
#
# Stopped here does not mean stopped in AWS. The clone had been asked for, and AWS goes on making it:

# %% id="goes-on"
sandbox.clock.advance(minutes=20)
for one in sandbox.aws("rds").describe_db_clusters()["DBClusters"]:
    print(one["DBClusterIdentifier"], one["Status"])

# %% [markdown] id="redrive-words"
# ## Repair, then redrive
#
# Somebody deletes an old domain, so there is room again. (The sandbox's fault was for one call only.) Now redrive:

# %% id="redrive"
tuesday.redrive()
tuesday.watch()

# %% id="redrive-calls"
tuesday.wait(timeout=60)
print(tuesday.status)
for call in sandbox.calls:
    if call.by == tuesday.arn and not call.operation.startswith("Describe"):
        print(call.at.strftime("%H:%M"), call.operation, call.outcome)

# %% [markdown] id="redrive-read"
# One clone, one cache, two tries for the domain. What failed was done again. What had been stopped went on from the
# state in which it stood, with its variables. In a branch that was already done nothing happens at all.
#
# It works because nothing here catches the failure. Two things would have spoiled it:
#
# - **A Catch that leads to a Fail.** A redrive enters the Fail again, and it fails again (rung 09).
# - **A Retry around the Parallel.** It begins all branches from their first state, so the clone is asked for a second
#   time: `DBClusterAlreadyExistsFault`. Put a Retry on the single call that may be throttled.
#
# The Fail states inside the branches are final in the same way. They are for what no repair mends: a clone that came out
# broken. Delete it and start anew.

# %% [markdown] id="leftover-words"
# ## Yesterday's leftover
#
# Wednesday. Somebody forgot to delete Tuesday's cache, and starts with the same name:

# %% id="leftover"
sandbox.aws("rds").delete_db_cluster(DBClusterIdentifier="shop-tuesday", SkipFinalSnapshot=True)
sandbox.aws("opensearch").delete_domain(DomainName="shop-tuesday")
sandbox.clock.advance(hours=1)
wednesday = deployed.start({**data, "name": "shop-tuesday", "run": "2026-04-08"})
wednesday.wait(timeout=60)
print(wednesday.status, wednesday.error)

# %% [markdown] id="leftover-read"
# Red, and rightly so. A machine that takes "already exists" for success would be green with Tuesday's data in its
# cache. Who wants to go on must look at the tag first (rung 08).

# %% [markdown] id="cost"
# ## What it costs
#
# | a morning | price | time | size |
# | --- | --- | --- | --- |
# | this machine | 3 transitions a round and branch, under 300 in all: 0.0075 USD | the slowest of the three | 23 states, one function |
# | the three in a row | the same number of transitions | the sum | the same states |
# | three CI jobs | three runners for the slowest's time | the slowest | three scripts and what gathers them |
#
# A finer cut of the looks is cheap here and not free: half a minute for 30 minutes in three branches are 180 rounds.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **A redrive's history, event by event.** It follows AWS's guide: failed and stopped branches are done again, finished
#   ones not. There was no recording of a real one to compare.
# - **How long a repaired permission or quota takes to be in force.** In AWS it can be minutes.
# - **Which of the three is the slowest in your account.** The minutes come from a table, much of it guessed.
#
# In your own account this would build three things that cost money by the hour, so it is off even for `target = "aws"`,
# until you take the `#` away. Delete what it has built.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    print(account.deploy(morning).arn)
    # account.deploy(morning).start({**data, "name": "try-staging"}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/13_at_the_same_time.ipynb): build all three yourself, so that a redrive helps.
#
# **Next:** rung 14, telling people how it went.
