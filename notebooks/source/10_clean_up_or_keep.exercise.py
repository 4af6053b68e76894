# %% [markdown] id="title"
# # 10 · Clean up, or keep for redrive: exercise
#
# The copy for staging: clone production's cluster, wait until the clone is available, mask it, make the cache.
#
# **Build it so that no unmasked clone is left, whatever fails, and so that everything else can be redriven.**
#
# ```json
# {"name": "shop-staging", "source": "shop-production", "snapshot": "shop-cache-nightly", "secret": "arn:aws:secretsmanager:..."}
# ```
#
# - Clone and cache have the name of the input's `name`. The cache is made from the snapshot; nobody waits for it.
# - Masking is `rdsdata:executeStatement` on the *clone*, with the input's `secret` and `CALL mask_people()`, when the
#   clone is available.
# - Half an hour after a run that failed, no unmasked clone is there. It may take more than one try to delete it.
# - A run without a staging doesn't end well.
# - If the clone or the cache is refused, somebody repairs it and redrives the run, once. Then it ends well, and nothing is
#   made or masked twice.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Catch, Chain, Choice, Fail, Retry, Succeed, Wait

# [solution]
q = rung("10", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("10").question(1)
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The lesson's table, state by state. From the moment the clone was asked for until it is masked, each way out leads
# through `Delete the clone`.

# %% id="answer"
# [solution 1]
delete = AwsSdk(
    "Delete the clone",
    "rds:deleteDBCluster",
    DbClusterIdentifier="{% $states.input.name %}",
    SkipFinalSnapshot=True,
    retry=[
        Retry(
            error_equals=["Rds.InvalidDbClusterStateException", "Rds.RdsException"],
            interval_seconds=60,
            backoff_rate=1.0,
            max_attempts=30,
        )
    ],
    comment="Unmasked data may not stay; a clone that is being made can't be deleted yet",
)
delete.next(Fail("No staging", error="NoStaging", cause="{% 'The clone is deleted, after ' & $why %}"))


def clean_up():
    return Catch(
        delete,
        error_equals=["States.ALL"],
        assign={"why": "{% $states.errorOutput.Error %}"},
        output="{% $states.input %}",
    )


clone = AwsSdk(
    "Clone",
    "rds:restoreDBClusterToPointInTime",
    DbClusterIdentifier="{% $states.input.name %}",
    SourceDBClusterIdentifier="{% $states.input.source %}",
    RestoreType="copy-on-write",
    UseLatestRestorableTime=True,
    assign={"rounds": 0, "arn": "{% $states.result.DbCluster.DbClusterArn %}", "why": "TooLong"},
    output="{% $states.input %}",
    comment="Refused: nothing is there. It fails in place",
)
hold = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.name %}",
    assign={
        "status": "{% $states.result.DbClusters[0].Status %}",
        "rounds": "{% $rounds + 1 %}",
    },
    output="{% $states.input %}",
    catch=[clean_up()],
)
mask = AwsSdk(
    "Mask",
    "rdsdata:executeStatement",
    ResourceArn="{% $arn %}",
    SecretArn="{% $states.input.secret %}",
    Database="shop",
    Sql="CALL mask_people()",
    output="{% $states.input %}",
    catch=[clean_up()],
)
cache = AwsSdk(
    "Cache",
    "elasticache:createReplicationGroup",
    ReplicationGroupId="{% $states.input.name %}",
    ReplicationGroupDescription="Staging's cache",
    SnapshotName="{% $states.input.snapshot %}",
    comment="Refused: a masked clone is there, which may stay. It fails in place",
)
mask.next(cache)
cache.next(Succeed("Staging is up"))
ready = Choice("Available?")
ready.add_choice("{% $status = 'available' %}", mask)
ready.add_choice("{% $rounds >= 60 %}", delete)
ready.default_choice(hold)

machine = Machine(
    "masked-copy",
    Chain([clone, hold, look, ready]),
    comment="A masked copy of production; no unmasked one is left",
)
machine.graph()
# [prompt]
# # Begin with the lesson's states. By kit.steps, or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked: here the masking fails.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("10").world("production", sandbox)
if machine is not ...:
    rung("10").world("mask fails", sandbox)
    run = sandbox.deploy(machine).start(data)
    run.wait(timeout=60)
    print(run.status, run.error or "", run.cause or "")
    sandbox.clock.advance(minutes=30)
    for one in sandbox.aws("rds").describe_db_clusters()["DBClusters"]:
        print(one["DBClusterIdentifier"], one["Status"])

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: [11 · Shape the data](../notebooks/11_shape_the_data.ipynb)
