# %% [markdown] id="title"
# # 05 · A loop that ends: exercise
#
# The reports' database is started every morning. Last week somebody stopped it by hand, to save money, while the
# machine was still looking. The machine looked for two days.
#
# **Build a machine that starts the stopped Aurora cluster named by its input, and ends in time, whatever happens.**
#
# ```json
# {"cluster": "reports"}
# ```
#
# | the cluster | the run | when |
# | --- | --- | --- |
# | is `available` | succeeds | within two minutes |
# | is `stopping`, `stopped`, `deleting` or `inaccessible-encryption-credentials` | fails with the error `NotComing` | within two minutes |
# | is anything else, 30 minutes after the start | fails with the error `TooLong` | after 30 to 35 minutes |
#
# What is available after 29 minutes is a success. A look comes at least 15 seconds after the start, and after the
# look before it.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Fail, Succeed, Wait

# [solution]
q = rung("05", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("05").question(1)
# rung("05")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# Rung 04's loop with three rules, in this order: it is so, it will never be so, it took too long.

# %% id="answer"
# [solution 1]
start = AwsSdk(
    "Start it",
    "rds:startDBCluster",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"rounds": 0},
    output="{% $states.input %}",
    comment="Accepted at once, done in minutes",
)
half_a_minute = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"status": "{% $states.result.DbClusters[0].Status %}", "rounds": "{% $rounds + 1 %}"},
    output="{% $states.input %}",
)
hopeless = "['stopping', 'stopped', 'deleting', 'inaccessible-encryption-credentials']"
ready = Choice("How is it")
ready.add_choice(ChoiceRule.Condition("{% $status = 'available' %}"), Succeed("It is up"))
ready.add_choice(
    ChoiceRule.Condition(f"{{% $status in {hopeless} %}}"),
    Fail("It won't come up", error="NotComing", cause="Somebody stopped or deleted it, or its key is gone."),
)
ready.add_choice(
    ChoiceRule.Condition("{% $rounds >= 60 %}"),
    Fail("It takes too long", error="TooLong", cause="Not available after 60 looks in 30 minutes."),
)
ready.default_choice(half_a_minute)

machine = Machine(
    "start-in-time",
    Chain([start, half_a_minute, look, ready]),
    comment="Starts a database, and ends in half an hour at the latest",
)
machine.show()
# [prompt]
# # Begin with your machine of rung 04. The ASL as a dict is fine, too.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. In this world, a colleague stops the cluster a moment after it is up.

# %% id="try"
from datetime import timedelta

sandbox = Sandbox.local(clock=clock, seed=seed)
rds = sandbox.aws("rds")
rds.create_db_cluster(
    DBClusterIdentifier="reports", Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
)
rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="reports")
rds.stop_db_cluster(DBClusterIdentifier="reports")
sandbox.clock.advance(hours=1)
sandbox.provisioning.override("rds:StartDBCluster", minutes=6 + 1 / 6)
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "reports"})
    sandbox.at(
        sandbox.clock.now() + timedelta(minutes=6, seconds=11),
        lambda: rds.stop_db_cluster(DBClusterIdentifier="reports"),
    )
    run.watch()

# %% id="try-end"
if machine is not ...:
    sandbox.clock.advance(hours=1)
    print(run.status, run.error or "", "- reports is", rds.describe_db_clusters()["DBClusters"][0]["Status"])

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 06, the machine in a repository of your own.
