# %% [markdown] id="title"
# # 08 · Expected failures
#
# **The job.** In the evening the staging database is deleted. On some evenings somebody has deleted it already. That
# is no failure: it is gone, and gone is what we wanted.
#
# **The idea.** A **Catch** takes the errors you expect, by their exact names, and leads somewhere else. All others
# stay red.
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
# ```bash
# aws rds delete-db-cluster --db-cluster-identifier "$1" --skip-final-snapshot || true
# ```
#
# One line, and the two most expensive words in operations are at its end. `|| true` takes *it is gone already* for
# success, and just so: no permission, a wrong account, deletion protection, a network that is down. The job is
# green for months. The bill isn't.
#
# | what | what goes wrong |
# | --- | --- |
# | `\|\| true`, `except: pass` | hides the failures that you didn't expect |
# | no such line | red every time somebody was faster, until nobody looks at red any more |
# | a `grep` in the error's text | AWS changes the text, and says so nowhere |

# %% [markdown] id="before-words"
# ## Before: gone already is red

# %% id="before"
from datetime import UTC, datetime

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Catch, Chain, Succeed


def delete_it():
    """A state belongs to one machine, so this makes a new one each time."""
    return AwsSdk(
        "Delete it",
        "rds:deleteDBCluster",
        DbClusterIdentifier="{% $states.input.name %}",
        SkipFinalSnapshot=True,
    )


sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 18, 0, tzinfo=UTC))
rds = sandbox.aws("rds")


def make(name, **more):
    rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        **more,
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)


strict = Machine(f"{prefix}-strict", Chain([delete_it()]), comment="Every error is a failure")
deployed = sandbox.deploy(strict)
gone = deployed.start({"name": "shop-staging"})
gone.wait(timeout=60)
gone.graph()

# %% id="before-error"
print(gone.error)
print(gone.cause)

# %% [markdown] id="machine-words"
# ## The machine
#
# `error_equals` has the name as you have just read it. It leads to a Succeed.

# %% id="machine"
delete = delete_it()
delete.add_catch(
    Catch(
        error_equals=["Rds.DbClusterNotFoundException"],
        next_step=Succeed("It was gone already"),
        comment="Expected: somebody was faster, or this is the second try",
    )
)
ensure_gone = Machine(f"{prefix}-ensure-gone", Chain([delete]), comment="Deletes a cluster, if it is there")
ensure_gone.show()

# %% [markdown] id="run-words"
# ## Deploy, run, watch
#
# The database is there, so it is deleted. A quarter of an hour later, the same again.

# %% id="run"
make("shop-staging")
deployed = sandbox.deploy(ensure_gone)
first = deployed.start({"name": "shop-staging"})
first.wait(timeout=60)
print("first: ", first.status, first.trace.path)

sandbox.clock.advance(minutes=15)
second = deployed.start({"name": "shop-staging"})
second.watch()

# %% id="run-end"
second.wait(timeout=60)
print("second:", second.status, second.trace.path)

# %% [markdown] id="orange"
# **Orange**: the state failed, and a Catch took the failure. The execution is green. You can start this machine twice,
# or ten times, and the end is the same: the database is gone. A step of that kind is called **idempotent**.
#
# ## Read the history

# %% id="history"
second.events()

# %% [markdown] id="history-words"
# `TaskFailed` is there as before. Then `Delete it` is *left*, with an output: the error's name and its cause. That is
# what the next state gets as its input, in the place of what `Delete it` was given. A Catch can have an `Output` of its
# own; `{% $states.input %}` hands on what came in.

# %% [markdown] id="names"
# ## The fourth spelling
#
# Rung 02 promised it. The names of errors follow a rule:
#
# | boto3 | a state machine |
# | --- | --- |
# | `DBClusterNotFoundFault` | `Rds.DbClusterNotFoundException` |
# | `DBClusterAlreadyExistsFault` | `Rds.DbClusterAlreadyExistsException` |
# | `InvalidDBClusterStateFault` | `Rds.InvalidDbClusterStateException` |
# | no name in the API's model | `Rds.RdsException` |
#
# The service in front; runs of capitals collapse; `Fault` goes, `Exception` comes. A wrong name is no error: the Catch
# never fires, and you learn that at night. Lint knows the names:

# %% id="lint"
misspelt = delete_it()
misspelt.add_catch(Catch(error_equals=["Rds.DBClusterNotFoundFault"], next_step=Succeed("Gone")))
Machine(f"{prefix}-misspelt", Chain([misspelt])).lint()

# %% [markdown] id="failure-words"
# ## Make it fail: a Catch for everything
#
# `States.ALL` is every error's name. Somebody was in a hurry; this is `|| true` in another language. And this database
# has deletion protection.

# %% id="failure"
careless_delete = delete_it()
careless_delete.add_catch(Catch(error_equals=["States.ALL"], next_step=Succeed("It was gone already")))
careless = Machine(f"{prefix}-careless", Chain([careless_delete]), comment="Takes every error for good news")

make("reports-staging", DeletionProtection=True)
for machine in (careless, ensure_gone):
    run = sandbox.deploy(machine).start({"name": "reports-staging"})
    run.wait(timeout=60)
    print(f"{machine.name:26}", run.status, run.error or "", run.trace.path)
print("and reports-staging is", rds.describe_db_clusters()["DBClusters"][0]["Status"])

# %% [markdown] id="failure-read"
# The careless machine says *it was gone already*, and it is there, and it is paid for. The other one is red, as it
# should be. **Catch what you expect. Let the rest be red.**

# %% [markdown] id="already-there"
# ## The other direction: already there
#
# Deleting is easy: gone is gone. *Already there* is another matter. Is the database that is there the one that you
# were about to make? Watch a careless machine on two mornings. Nobody deletes anything in the evening.

# %% id="leftover"
from kit.steps import Pass

create = AwsSdk(
    "Create it",
    "rds:createDBCluster",
    DbClusterIdentifier="{% $states.input.name %}",
    Engine="aurora-mysql",
    MasterUsername="admin",
    ManageMasterUserPassword=True,
    Tags=[{"Key": "run", "Value": "{% $states.input.day %}"}],
)
create.add_catch(
    Catch(error_equals=["Rds.DbClusterAlreadyExistsException"], next_step=Pass("It is there already"))
)
hasty = sandbox.deploy(Machine(f"{prefix}-hasty", Chain([create]), comment="Takes any cluster of that name"))
for day in ("2026-04-06", "2026-04-07"):
    run = hasty.start({"name": "mail-staging", "day": day})
    run.wait(timeout=60)
    tags = rds.describe_db_clusters(DBClusterIdentifier="mail-staging")["DBClusters"][0]["TagList"]
    print("morning of", day, "-", run.status, "- the cluster's tags:", tags)

# %% [markdown] id="already-there-read"
# Both mornings are green. On the second one, the team works with yesterday's data and doesn't know. The tag knows.
# So the rule is:
#
# > *Already there* is success only if it carries **today's run tag** and is **ready**. Anything else is stale.
#
# You will build that in the exercise.

# %% [markdown] id="cost"
# ## What it costs
#
# | | price | when somebody was faster | when it really fails |
# | --- | --- | --- | --- |
# | this machine | 2 transitions: 0.00005 USD | orange, green at the end | red, with AWS's words |
# | `\|\| true` | a second of a runner | green | green |
#
# A database instance of medium size that nobody deletes was about 50,000 yen a month for one team that wrote about it.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **The names.** `Rds.DbClusterNotFoundException` is used by many. Others, such as the one for *already exists*, follow
#   from the rule and were not recorded. Provoke each error once in your own account before you rely on it.
# - **That a name is free at once.** In AWS a name may be taken for a while after its thing is gone.
# - **Two at the same moment.** Between the look and the decision somebody may delete what you saw. Rung 20 is about
#   that.
#
# The same machine in your own account deletes the cluster `shop-staging` **without a last snapshot**, if there is one.
# This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(ensure_gone).start({"name": "shop-staging"}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/08_expected_failures.ipynb): make today's database, and don't take yesterday's for it.
#
# **Next:** [09 · Fix it, then redrive](09_redrive.ipynb). What to do with the red that is left.
