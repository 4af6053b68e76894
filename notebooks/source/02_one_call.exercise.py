# %% [markdown] id="title"
# # 02 · One call, no code: exercise
#
# Other teams have heard of it. Each has a cluster of its own and wants it stopped, by the same machine.
#
# **Build a machine that stops the Aurora cluster named by its input.** One call, at once, and no other cluster
# is touched.
#
# ```json
# {"cluster": "reports"}
# ```

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain

# [solution]
q = rung("02", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("02").question(1)
# rung("02")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The lesson's Task, with an expression where the fixed name was.

# %% id="answer"
# [solution 1]
machine = Machine(
    "stop-one",
    Chain(
        [
            AwsSdk(
                "Stop it",
                "rds:stopDBCluster",
                DbClusterIdentifier="{% $states.input.cluster %}",
                comment="Which one, the input says",
            )
        ]
    ),
)
machine.show()
# [prompt]
# # Machine("stop-one", Chain([AwsSdk(...)])), or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. Here are two clusters; the calls are printed.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rds = sandbox.aws("rds")
for name in ("dev", "reports"):
    rds.create_db_cluster(
        DBClusterIdentifier=name, Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "reports"})
    run.wait(timeout=60)
    print(run.status)
for cluster in rds.describe_db_clusters()["DBClusters"]:
    print(cluster["DBClusterIdentifier"], cluster["Status"])

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% [markdown] id="next"
# Next: rung 03, how to read a run.
