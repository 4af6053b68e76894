# %% [markdown] id="title"
# # 04 · Wait until it is so
#
# **The job.** The database is to be stopped, and the next job may only begin when it *is* stopped. In rung 02 the
# machine was done while the database was still `stopping`.
#
# **The idea.** Wait, look, decide. If it is not so yet, go back to the Wait. A loop is an arrow that leads back.
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
# By a script in a CI job. boto3 and the AWS command line can wait for a cluster to become *available*, but they
# have no waiter for *stopped*. So everybody writes this loop:
#
# ```bash
# set -euo pipefail
# aws rds stop-db-cluster --db-cluster-identifier "$1"
# while true; do
#   status=$(aws rds describe-db-clusters --db-cluster-identifier "$1" \
#              --query 'DBClusters[0].Status' --output text)
#   [ "$status" = stopped ] && break
#   sleep 30
# done
# ```
#
# | eight lines, and then | what goes wrong |
# | --- | --- |
# | a runner that sleeps | it is occupied, and paid for, while nothing happens |
# | the job's time limit | the job is cut off; the database goes on stopping, and nobody looks any more |
# | the runner restarts | where were we? The script begins again with a stop, which AWS refuses |
# | the log | a blank page: the script prints nothing while it waits |
#
# In a Lambda it is the same loop, and it dies after 15 minutes.

# %% [markdown] id="machine-words"
# ## The machine
#
# The call of rung 02 comes first. Then there are three states, and an arrow from the last back to the first of
# them. Each is an object in Python, since the Choice has to name the Wait.

# %% id="machine"
from datetime import UTC, datetime

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Succeed, Wait

stop = AwsSdk(
    "Stop it",
    "rds:stopDBCluster",
    DbClusterIdentifier="{% $states.input.cluster %}",
    output="{% $states.input %}",
    comment="Accepted at once, done in minutes",
)
half_a_minute = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"status": "{% $states.result.DbClusters[0].Status %}"},
    output="{% $states.input %}",
)
stopped = Choice("Stopped?")
stopped.add_choice(ChoiceRule.Condition("{% $status = 'stopped' %}"), Succeed("It is stopped"))
stopped.default_choice(half_a_minute)

stop_and_wait = Machine(
    f"{prefix}-stop-and-wait",
    Chain([stop, half_a_minute, look, stopped]),
    comment="Stops a database and ends when it is stopped",
)
stop_and_wait.show()

# %% [markdown] id="new-words"
# Three things in `Look` deserve a closer look:
#
# - **`$states.result`** is what the call answered. The status is in the first of its `DbClusters`. (Results have the
#   casing of the state machine, not boto3's `DBClusters`.)
# - **`Assign`** keeps a value in a **variable**, here `$status`. Every later state can read it, until it is assigned
#   anew. In each round it is.
# - **`Output`** is what the next state gets as its input. Without it, that is the call's answer, and the name of the
#   cluster would be gone. `{% $states.input %}` hands on what came in.
#
# The Choice asks for the status that we want. It does not ask for "no longer `stopping`": AWS has more than twenty
# statuses of a cluster, and you have met three.

# %% [markdown] id="run-words"
# ## Deploy, run, watch

# %% id="world"
sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 18, 30, tzinfo=UTC))
rds = sandbox.aws("rds")
for name in ("dev", "shop", "mail"):
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)


def status_of(name):
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["Status"]


deployed = sandbox.deploy(stop_and_wait)
run = deployed.start({"cluster": "dev"})
run.watch()

# %% id="end"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"), "- dev is", status_of("dev"))

# %% [markdown] id="rounds-words"
# ## Read the history
#
# Each round of the loop is three states. The variable is in the history too: this is what the machine saw.

# %% id="rounds"
for visit in run.trace.visits:
    if visit.state == "Look":
        print(visit.entered.strftime("%H:%M:%S"), visit.variables["status"])

# %% [markdown] id="slow-words"
# The machine doesn't mind how long it takes. From here on, stopping a database in this sandbox takes more than half
# an hour. `sandbox.provisioning` is the table that says how long things take.

# %% id="slow"
sandbox.provisioning.override("rds:StopDBCluster", minutes=36.5)

slow = deployed.start({"cluster": "shop"})
slow.wait(timeout=60)
looks = [visit for visit in slow.trace.visits if visit.state == "Look"]
print(slow.status, "after", len(looks), "looks, at", sandbox.clock.now().strftime("%H:%M"))

# %% [markdown] id="failure-words"
# ## Make it fail
#
# Take the Output of `Look` away. The first round goes well. What does the second one do?

# %% id="failure"
without_output = stop_and_wait.asl
del without_output["States"]["Look"]["Output"]
forgetful = sandbox.deploy(Machine(f"{prefix}-forgetful", without_output)).start({"cluster": "mail"})
forgetful.wait(timeout=60)
forgetful.graph()

# %% id="failure-cause"
print(forgetful.error)
print(forgetful.cause)
print("The input of the red state begins with", str(forgetful.trace.failures()[0].input)[:70], "...")

# %% [markdown] id="failure-read"
# `Look` is red, and the first time it was green. Its input in the second round is the answer of the first look: a
# long description of a cluster, and no field `cluster`. This is the commonest mistake in loops. It shows only in the
# second round, so a test in which everything is ready at once doesn't find it.

# %% [markdown] id="lint-words"
# ## What lint says
#
# The kit looks at a definition without running it and says what will bite. `machine.lint()` gives its findings:

# %% id="lint"
stop_and_wait.lint()

# %% [markdown] id="lint-read"
# It is right. The loop ends when the database is stopped, and in no other way. For now we know; rung 05 mends it.

# %% [markdown] id="cost"
# ## What it costs
#
# | | price | size | to keep current |
# | --- | --- | --- | --- |
# | this machine | 3 transitions a round. Ten minutes at 30 s are 60: 0.0015 USD | 5 states | nothing |
# | the script in CI | ten minutes of a runner, each time | 8 lines | the runner, its command line tools |
# | the Lambda | ten minutes of memory, each time; dies at 15 | a few lines more | a runtime |
#
# How long between two looks? A status that changes after minutes needs no look each second. AWS limits how often an
# account may ask, for all who ask together, and each look also writes to the history, which ends at 25,000 events.
# Half a minute is what AWS's own waiters for databases use.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **How long it takes.** The minutes come from a table in the kit, much of it guessed. That is why the machine
#   must not rely on them, and the exercise tries several.
# - **What the first look says.** In AWS a look right after a call may still show the status from before. Waiting
#   before the first look helps; it proves nothing.
# - **That it will be so.** If somebody starts the database again meanwhile, this machine asks until its history is
#   full.
#
# The same machine in your own account stops the cluster `dev`, if there is one. This cell does nothing unless
# `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(stop_and_wait).start({"cluster": "dev"}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/04_wait_until.ipynb): start a database, and end when it can be used.
#
# **Next:** [05 · A loop that ends](05_a_loop_that_ends.ipynb). What if it never becomes so?
