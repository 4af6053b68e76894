# %% [markdown] id="title"
# # 02 · One call, no code
#
# **The job.** The development database runs all night, and nobody uses it. It is to be stopped at seven in the
# evening.
#
# **The idea.** A Task state calls an AWS API itself. There is no function between, so there is nothing to deploy.
# What you have to know is how AWS spells the names.
#
# *About 20 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also deploys to your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# A cron rule starts a Lambda function, and the function makes one call:
#
# ```python
# import logging
# import os
#
# import boto3
#
# log = logging.getLogger()
# log.setLevel("INFO")
#
# def handler(event, context):
#     rds = boto3.client("rds")
#     cluster = os.environ["CLUSTER"]
#     log.info("stopping %s", cluster)
#     try:
#         rds.stop_db_cluster(DBClusterIdentifier=cluster)
#     except rds.exceptions.InvalidDBClusterStateFault:
#         log.warning("%s is not available", cluster)      # and now?
# ```
#
# | thirteen lines, and then | what goes wrong |
# | --- | --- |
# | a runtime | it is retired every few years; somebody moves the function, or it stops being patched |
# | a role, a log group, an alarm | each is made once and understood never again |
# | the log | which run was it, and what was its input? |
# | the caught error | the function ends well, the database runs on |
#
# The call is one line. The rest is what the function needs to exist.

# %% [markdown] id="world-words"
# ## The account
#
# First a database to stop. `sandbox.aws("rds")` is a boto3 client of the sandbox's account. A new cluster takes
# minutes to become available, here as in AWS; boto3's waiter waits for it, on the virtual clock.

# %% id="world"
from datetime import UTC, datetime

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Chain, Wait

sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
rds = sandbox.aws("rds")
rds.create_db_cluster(
    DBClusterIdentifier="dev",
    Engine="aurora-mysql",
    MasterUsername="admin",
    ManageMasterUserPassword=True,
)
rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="dev")


def status_of(name):
    return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["Status"]


print("dev is", status_of("dev"), "at", sandbox.clock.now().strftime("%H:%M"))

# %% [markdown] id="machine-words"
# ## The machine
#
# The Wait is the one from rung 01. After it comes a Task.

# %% id="machine"
stop_dev = Machine(
    f"{prefix}-stop-dev",
    Chain(
        [
            Wait("Until the evening", timestamp="{% $states.input.evening %}"),
            AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="dev"),
        ]
    ),
    comment="Nobody uses the development database at night",
)
stop_dev.show()

# %% [markdown] id="casing"
# ## Three spellings of one name
#
# Look closely at the JSON. This is the trap that costs everybody an afternoon:
#
# | where | the action | the parameter |
# | --- | --- | --- |
# | AWS's API reference, CLI | `StopDBCluster`, `stop-db-cluster` | `DBClusterIdentifier` |
# | boto3 | `stop_db_cluster` | `DBClusterIdentifier` |
# | a state machine | `stopDBCluster` | `DbClusterIdentifier` |
#
# - **The action**: the API's name with its first letter lowered. Only that letter: `stopDBCluster`.
# - **Parameters and results**: the first letter is a capital, and a run of capitals *at the front*
#   collapses. `DBClusterIdentifier` becomes `DbClusterIdentifier`. A run further inside stays:
#   `SourceDBClusterIdentifier`.
# - **Results** follow the same rule: `DbClusters`, not `DBClusters`.
#
# `AwsSdk` knows the names of every service. It checks them when the cell runs, not at seven in the evening:

# %% id="casing-error"
try:
    AwsSdk("Stop it", "rds:stopDBCluster", DBClusterIdentifier="dev")
except ValueError as error:
    print(error)

# %% [markdown] id="run-words"
# ## Deploy, run, watch

# %% id="run"
deployed = sandbox.deploy(stop_dev)
run = deployed.start({"evening": "2026-04-06T19:00:00Z"})
run.watch()

# %% id="end"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"), "- dev is", status_of("dev"))

# %% [markdown] id="stopping-words"
# The machine is done and the database is `stopping`. The call returns as soon as AWS has *accepted* the stop. To
# wait until it is so is rung 04. Here we let half an hour pass:

# %% id="half-an-hour"
sandbox.clock.advance(minutes=30)
print("dev is", status_of("dev"), "at", sandbox.clock.now().strftime("%H:%M"))

# %% [markdown] id="history-words"
# ## Read the history
#
# A Task writes five events: it is entered, the call is scheduled, started, answered, and the state is left. The
# answer of the API is there too.

# %% id="history"
run.events()

# %% [markdown] id="calls-words"
# The sandbox also keeps a journal of all calls, in the API's own spelling. These are the run's:

# %% id="calls"
for call in sandbox.calls:
    if call.by == run.arn:
        print(call.at.strftime("%H:%M:%S"), call.service, call.operation, call.params)

# %% [markdown] id="failure-words"
# ## Make it fail
#
# Stop it again, now that it is stopped. The Lambda above caught this error and ended well. The machine doesn't hide
# it:

# %% id="failure"
again = deployed.start({"evening": "2026-04-06T19:00:00Z"})
again.wait(timeout=60)
again.graph()

# %% id="failure-cause"
print(again.error)
print(again.cause)

# %% [markdown] id="failure-read"
# Look at the error's name. It is a fourth spelling: boto3 calls it `InvalidDBClusterStateFault`. Rung 08 is about
# these names, and about errors that one expects.

# %% [markdown] id="cost"
# ## What it costs
#
# | a month of evenings | price | size | to keep current |
# | --- | --- | --- | --- |
# | this machine | fewer than 100 transitions: under a cent, and 4,000 are free | 2 states | nothing |
# | the Lambda function | next to nothing | 13 lines, and their deployment | a runtime, a log group |
#
# Both are cheap. What is not cheap is the database: a stopped Aurora cluster is paid for its storage only.
# AWS starts it again after seven days; rung 19 deals with that.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **Permissions.** In AWS the machine runs under a role, which needs `rds:StopDBCluster`. Step Functions doesn't
#   write that policy for you. The kit does, for every cluster; narrow it to yours. Here a role may do everything.
# - **Time.** How long a cluster is `creating` or `stopping` comes from a table in the kit, and much of that table
#   is guessed.
# - **Names.** They come from boto3's models and the rules above. Not every one was seen in a real account.
#
# This cell stops a cluster named `dev` in your own account, and does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(stop_dev).start({"evening": datetime.now(UTC).isoformat()}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/02_one_call.ipynb): stop another cluster, named by the input.
#
# **Next:** [03 · Read the run](03_read_the_run.ipynb). Sooner or later, one goes wrong.
