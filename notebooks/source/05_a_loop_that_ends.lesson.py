# %% [markdown] id="title"
# # 05 · A loop that ends
#
# **The job.** Rung 04's machine stops a database and looks until it is stopped. On Tuesday evening a colleague needed
# the database once more and started it again. The machine is still looking.
#
# **The idea.** Every loop needs three ends: *it is so*, *it will never be so*, *it took too long*.
#
# *About 25 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also deploys to your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# The careful ones among us put a bound into the script:
#
# ```bash
# for round in $(seq 60); do
#   status=$(aws rds describe-db-clusters --db-cluster-identifier "$1" \
#              --query 'DBClusters[0].Status' --output text)
#   [ "$status" = stopped ] && exit 0
#   sleep 30
# done
# echo "still $status after half an hour" >&2
# exit 1
# ```
#
# | eight lines, and then | what goes wrong |
# | --- | --- |
# | one exit code for all | *it needs longer* and *somebody started it again* look the same |
# | half an hour, always | also when it was clear after a minute that it will never be so |
# | the CI's own time limit | ends the job first, without any of these words |
#
# With state machines people forget the bound altogether. A known sample for databases loops until the status is
# `available` and has no other exit. If somebody stops the database meanwhile, it asks for days; and when somebody
# starts it at last, the machine goes on and stops a database that is in use.

# %% [markdown] id="before-words"
# ## Before: no end in sight
#
# Here is the machine of rung 04. It counts its rounds now: `rounds` is 0 in the first state, and one more after each
# look. Counting alone ends nothing.

# %% id="before"
from datetime import UTC, datetime, timedelta

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Fail, Succeed, Wait

stop = AwsSdk(
    "Stop it",
    "rds:stopDBCluster",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"rounds": 0},
    output="{% $states.input %}",
    comment="Accepted at once, done in minutes",
)
hold = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"status": "{% $states.result.DbClusters[0].Status %}", "rounds": "{% $rounds + 1 %}"},
    output="{% $states.input %}",
)
decide = Choice("How is it")
decide.add_choice(ChoiceRule.Condition("{% $status = 'stopped' %}"), Succeed("It is stopped"))
decide.default_choice(hold)

endless = Machine(f"{prefix}-endless", Chain([stop, hold, look, decide]), comment="The machine of rung 04")
endless.lint()

# %% [markdown] id="colleague-words"
# Now the colleague. In this sandbox, stopping takes six minutes and ten seconds, and a second later the database is
# started again. `sandbox.at` lets somebody do something at a time on the virtual clock.

# %% id="colleague"
sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 7, 18, 30, tzinfo=UTC))
rds = sandbox.aws("rds")
for name in ("dev", "shop", "mail"):
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)
sandbox.provisioning.override("rds:StopDBCluster", minutes=6 + 1 / 6)


def started_again_by_a_colleague(name):
    """A second after the cluster is stopped."""
    sandbox.at(
        sandbox.clock.now() + timedelta(minutes=6, seconds=11),
        lambda: rds.start_db_cluster(DBClusterIdentifier=name),
    )


deployed = sandbox.deploy(endless)
sandbox.clock.pause()  # from here on, time passes only where we say so
run = deployed.start({"cluster": "dev"})
started_again_by_a_colleague("dev")
sandbox.clock.advance(hours=3)
events = len(run.history)
print(run.status, "after three hours, with", events, "events.")
print(f"At this pace the history is full after {25_000 / events * 3:.0f} hours.")
run.graph()

# %% [markdown] id="colleague-read"
# Nothing is red. It looks like work, and that is the trouble. We stop the execution by hand. That doesn't touch the
# database.

# %% id="stop-it"
run.stop(cause="Nobody knows what it waits for")
sandbox.clock.resume()
print(run.status)

# %% [markdown] id="machine-words"
# ## The machine
#
# Two more rules, each with a **Fail**: a state that ends the execution with an error of your own. `Error` is a name
# for machines, `Cause` a sentence for people.

# %% id="machine"
decide.add_choice(
    ChoiceRule.Condition("{% $status != 'stopping' %}"),
    Fail(
        "Somebody else has a hand in it",
        error="NotStopping",
        cause="The cluster is neither stopping nor stopped. Look who started or deleted it.",
    ),
)
decide.add_choice(
    ChoiceRule.Condition("{% $rounds >= 60 %}"),
    Fail("It takes too long", error="StillStopping", cause="Still stopping after 60 looks in 30 minutes."),
)
stop_in_time = Machine(
    f"{prefix}-stop-in-time",
    Chain([stop, hold, look, decide]),
    timeout=timedelta(hours=2),
    comment="Stops a database, and ends in half an hour at the latest",
)
stop_in_time.show()

# %% id="lint"
stop_in_time.lint()

# %% [markdown] id="rules-words"
# **The first rule that is true is taken.** So *it is so* comes first: what is stopped in the sixtieth round is a success.
# Then *it will never be so*, then *it took too long*. The default goes on waiting.
#
# Rung 04 said: ask for the status you want, and not for "no longer `stopping`". That was about the success. A failure
# may say so: whatever is neither `stopping` nor `stopped` is not what we asked for.

# %% [markdown] id="run-words"
# ## Deploy, run, watch
#
# The same colleague, another evening.

# %% id="run"
deployed = sandbox.deploy(stop_in_time)
meddled = deployed.start({"cluster": "shop"})
started_again_by_a_colleague("shop")
meddled.watch()

# %% id="run-end"
meddled.wait(timeout=60)
print(meddled.status, meddled.error)
print(meddled.cause)
print("after", meddled.trace.ended - meddled.trace.started)

# %% [markdown] id="stuck-words"
# ## Make it fail: a database that is stuck
#
# `sandbox.faults` makes things go wrong. The next stop in this sandbox never comes to an end. How long does the
# machine look?

# %% id="stuck"
sandbox.faults.stuck("rds:StopDBCluster")
stuck = deployed.start({"cluster": "mail"})
stuck.wait(timeout=60)
print(stuck.status, stuck.error, "after", stuck.trace.ended - stuck.trace.started)
stuck.graph()

# %% [markdown] id="timeouts-words"
# ## Which timeout ends how
#
# The machine above has one more net: a `timeout` of two hours, `TimeoutSeconds` in the JSON. What does that
# one look like when it ends a run? The endless machine gets one of ten minutes, for the cluster that is stuck:

# %% id="timed-out"
asl = endless.asl
asl["StartAt"] = "Half a minute"
asl["States"].pop("Stop it")
asl["States"]["Look"]["Assign"].pop("rounds")
ten_minutes = Machine(f"{prefix}-ten-minutes", asl | {"TimeoutSeconds": 600})
timed_out = sandbox.deploy(ten_minutes).start({"cluster": "mail"})
timed_out.wait(timeout=60)
print(timed_out.status, "- error:", timed_out.error, "- cause:", timed_out.cause)
timed_out.graph()

# %% [markdown] id="timeouts-table"
# | what | where it stands | how it ends | who can answer |
# | --- | --- | --- | --- |
# | a count, and a Fail | in the loop | `FAILED`, with *your* error and cause | whoever watches: they know what happened |
# | `TimeoutSeconds` of a state | on a Task | that state fails with `States.Timeout` | the machine itself (rung 08) |
# | `TimeoutSeconds` of the machine | at the top | `TIMED_OUT`, wherever it stands | nobody inside: no state runs any more |
# | nothing | | after a year, or when the history is full | |
#
# A timeout of a Task bounds *one* call, and calls like these take a second. It doesn't bound the loop. The machine's
# timeout bounds everything, and says nothing about why. Use the count for what you expect, and the machine's timeout
# as the net below it, well above all counts together.

# %% [markdown] id="cost"
# ## What it costs
#
# | for one evening with a stuck database | price | what you know then |
# | --- | --- | --- |
# | this machine | 182 transitions: 0.0046 USD | `StillStopping`, after half an hour |
# | without an end | 3 transitions each half minute, until the history is full: about 0.19 USD | nothing |
# | the script with a bound | half an hour of a runner | exit code 1 |
#
# The money is small. The two days in which nobody knew are not.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **Which statuses are hopeless.** AWS's list of cluster statuses is long, and grows. Here only those occur that you
#   or the sandbox's table bring up.
# - **How long is too long.** Look at your own databases. AWS's own waiters give up after 60 looks, 30 s apart.
# - **What a look says right after the call.** In AWS it may be old for a while. If your first look says `available`
#   after a stop, wait longer before it, or let the first rounds pass.
#
# The same machine in your own account. This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(stop_in_time).start({"cluster": "dev"}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/05_a_loop_that_ends.ipynb): a start that survives somebody's manual stop.
#
# **Next:** rung 06 takes the machine home, into a repository. [07 · Try again](07_try_again.ipynb) is about calls that
# AWS refuses for a moment.
