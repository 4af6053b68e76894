# %% [markdown] id="title"
# # 04 · Wait until it is so: exercise
#
# In the morning the database has to be up *before* the reports start. Now the other direction.
#
# **Build a machine that starts the stopped Aurora cluster named by its input, and ends when it is `available`.**
#
# ```json
# {"cluster": "reports"}
# ```
#
# - The run ends within two minutes after the cluster is available, and never before.
# - A look comes at least 15 seconds after the start, and after the look before it.
# - A start may take four minutes or an hour. The run ends well in either case.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, ChoiceRule, Succeed, Wait

# [solution]
q = rung("04", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("04").question(1)
# rung("04")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The lesson's loop. Another call comes before it, and it waits for another status.

# %% id="answer"
# [solution 1]
start = AwsSdk(
    "Start it",
    "rds:startDBCluster",
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
ready = Choice("Available?")
ready.add_choice(ChoiceRule.Condition("{% $status = 'available' %}"), Succeed("It is up"))
ready.default_choice(half_a_minute)

machine = Machine(
    "start-and-wait",
    Chain([start, half_a_minute, look, ready]),
    comment="Starts a database and ends when it can be used",
)
machine.show()
# [prompt]
# # Build the states one by one, as in the lesson, or write the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rds = sandbox.aws("rds")
rds.create_db_cluster(
    DBClusterIdentifier="reports", Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
)
rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="reports")
rds.stop_db_cluster(DBClusterIdentifier="reports")
sandbox.clock.advance(hours=1)
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "reports"})
    run.watch()

# %% id="try-end"
if machine is not ...:
    run.wait(timeout=60)
    print(run.status, run.error or "", run.cause or "")
for cluster in rds.describe_db_clusters()["DBClusters"]:
    print(cluster["DBClusterIdentifier"], cluster["Status"])

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 05, a loop that ends.
