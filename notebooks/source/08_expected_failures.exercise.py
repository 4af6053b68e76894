# %% [markdown] id="title"
# # 08 · Expected failures: exercise
#
# Every morning a machine makes the staging database. Now and then it is started twice, and now and then yesterday's
# database was never deleted. On such a day the team tested against old data, and all was green.
#
# **Build a machine that makes today's cluster, and can be started as often as you like.**
#
# ```json
# {"name": "shop-staging", "day": "2026-04-06"}
# ```
#
# | a cluster of that name | the run |
# | --- | --- |
# | isn't there | makes it, with the tag `run` = the day, and succeeds. (It need not wait until it is available.) |
# | has the tag `run` = the day, and is `available` | succeeds |
# | is there, and anything else is the case | fails with the error `Stale`, and leaves it as it is |
# | can't be made, or not be looked at, for another reason (a quota, throttling) | fails with AWS's own error |

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Catch, Chain, Choice, ChoiceRule, Fail, Succeed

# [solution]
q = rung("08", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("08").question(1)
# rung("08")  # how far you are
# [end]

# %% [markdown] id="given"
# The call that makes the cluster is given. What is missing is everything that can happen to it.

# %% id="create"
create = AwsSdk(
    "Create it",
    "rds:createDBCluster",
    DbClusterIdentifier="{% $states.input.name %}",
    Engine="aurora-mysql",
    MasterUsername="admin",
    ManageMasterUserPassword=True,
    Tags=[{"Key": "run", "Value": "{% $states.input.day %}"}],
)

# %% [markdown] tags=["solution"] id="solution-words"
# One error is caught, by its name. It leads to a question: whose is the cluster that is there?

# %% id="answer"
# [solution 1]
there = Succeed("It is there")
look = AwsSdk(
    "Whose is it",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.name %}",
    assign={"found": "{% $states.result.DbClusters[0] %}"},
    output="{% $states.input %}",
)
create.add_catch(
    Catch(
        error_equals=["Rds.DbClusterAlreadyExistsException"],
        next_step=look,
        output="{% $states.input %}",
        comment="Expected: a second run of the day, or a leftover",
    )
)
create.next(there)
fit = Choice("Today's, and ready?")
fit.add_choice(
    ChoiceRule.Condition(
        "{% $found.TagList[Key = 'run'].Value = $states.input.day and $found.Status = 'available' %}"
    ),
    there,
)
fit.default_choice(Fail("It is stale", error="Stale", cause="A cluster of that name is not of today, or not ready."))
look.next(fit)

machine = Machine("create-once", create, comment="Makes today's cluster, once")
machine.show()
# [prompt]
# # Use `create` from above, or write all of it as an ASL dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked: twice today, and once more tomorrow.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rds = sandbox.aws("rds")
if machine is not ...:
    deployed = sandbox.deploy(machine)
    for day in ("2026-04-06", "2026-04-06", "2026-04-07"):
        run = deployed.start({"name": "shop-staging", "day": day})
        run.wait(timeout=60)
        print(day, run.status, run.error or "")
        rds.get_waiter("db_cluster_available").wait()

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 09, fix it, then redrive.
