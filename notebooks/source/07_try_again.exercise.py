# %% [markdown] id="title"
# # 07 · Try again: exercise
#
# Last night RDS refused all calls for forty seconds. Twelve databases were left running. It will happen again.
#
# **Build a machine that stops the Aurora cluster named by its input, and survives such a night.**
#
# ```json
# {"cluster": "reports"}
# ```
#
# | RDS | the run |
# | --- | --- |
# | answers | one call, no pause |
# | refuses calls for 3 s (`Throttling`) | succeeds within 15 s |
# | refuses calls for 40 s | succeeds within 100 s |
# | refuses for ever | fails within 5 minutes, after 10 calls at the most |
# | has no such cluster, or it isn't running | fails after one call |
#
# No jitter here, so that the times are the same each time.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Retry

# [solution]
q = rung("07", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("07").question(1)
# rung("07")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The tries come at 0, 2, 6, 14, 30, 60 and 90 seconds.

# %% id="answer"
# [solution 1]
stop = AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="{% $states.input.cluster %}")
stop.add_retry(
    Retry(
        error_equals=["Rds.RdsException"],
        interval_seconds=2,
        backoff_rate=2.0,
        max_attempts=6,
        max_delay_seconds=30,
        comment="Throttling has no name of its own in RDS",
    )
)
machine = Machine("stop-patiently", Chain([stop]), comment="Stops a database, through a short outage")
machine.show()
# [prompt]
# # stop = AwsSdk(...); stop.add_retry(Retry(...)); Machine("stop-patiently", Chain([stop])), or the ASL as a dict.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. RDS refuses for forty seconds from now on; the calls are printed.

# %% id="try"
from datetime import timedelta

sandbox = Sandbox.local(clock=clock, seed=seed)
rds = sandbox.aws("rds")
rds.create_db_cluster(
    DBClusterIdentifier="reports", Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
)
rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="reports")
begin = sandbox.clock.now()
sandbox.faults.fail("rds:StopDBCluster", code="Throttling", until=begin + timedelta(seconds=40))
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "reports"})
    run.wait(timeout=60)
    print(run.status, run.error or "")
    for call in sandbox.calls("rds:StopDBCluster"):
        print((call.at - begin).seconds, "s", call.outcome, call.error or "")

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 08, errors that one expects.
