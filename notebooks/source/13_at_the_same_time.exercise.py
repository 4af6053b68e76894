# %% [markdown] id="title"
# # 13 · At the same time: exercise
#
# Staging's morning: a clone of the database, a cache from last night's snapshot, an empty search domain.
#
# **Build a machine that makes the three at the same time, and that a redrive helps when one of them fails.**
#
# ```json
# {"name": "shop-staging", "source": "shop-production", "snapshot": "shop-cache-nightly", "run": "2026-04-06"}
# ```
#
# - All three have the name of the input's `name`, and a tag `run` with the value of the input's `run`.
# - The run ends within two minutes after the slowest can be used, and never before. It never ends well without all
#   three.
# - When something is refused, somebody repairs it and redrives the run, once. Then it ends well. Nothing is made twice.
# - What is left of yesterday never passes for today's.
# - Each may need up to an hour.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Parallel, Succeed, Wait

# [solution]
q = rung("13", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("13").question(1)
# [end]

# %% [markdown] id="given-words"
# The lesson's function for a branch, and two branches made by it. Use them, or write your own.

# %% id="given"
TAGS = [{"Key": "run", "Value": "{% $states.input.run %}"}]


def branch(what, create, look, ready, broken):
    """Creates something and ends when `ready` is true of the look's answer; fails when `broken` is."""
    hold = Wait(f"{what}: half a minute", seconds=30)
    ask = AwsSdk(
        f"{what}: look",
        look[0],
        **look[1],
        assign={"is_ready": ready, "is_broken": broken, "rounds": "{% $rounds + 1 %}"},
        output="{% $states.input %}",
    )
    decide = Choice(f"{what}: ready?")
    decide.add_choice("{% $is_ready %}", Succeed(f"{what} is ready"))
    decide.add_choice("{% $is_broken %}", Fail(f"{what} is broken", error="Broken", cause=f"{what} came out broken"))
    decide.add_choice("{% $rounds >= 120 %}", Fail(f"{what} takes too long", error="TooLong", cause="An hour"))
    decide.default_choice(hold)
    make = AwsSdk(f"{what}: create", create[0], **create[1], assign={"rounds": 0}, output="{% $states.input %}")
    return Chain([make, hold, ask, decide])


def database():
    return branch(
        "Database",
        create=(
            "rds:restoreDBClusterToPointInTime",
            dict(
                DbClusterIdentifier="{% $states.input.name %}",
                SourceDBClusterIdentifier="{% $states.input.source %}",
                RestoreType="copy-on-write",
                UseLatestRestorableTime=True,
                Tags=TAGS,
            ),
        ),
        look=("rds:describeDBClusters", dict(DbClusterIdentifier="{% $states.input.name %}")),
        ready="{% $states.result.DbClusters[0].Status = 'available' %}",
        broken="{% $states.result.DbClusters[0].Status in ['cloning-failed', 'deleting'] %}",
    )


def cache():
    return branch(
        "Cache",
        create=(
            "elasticache:createReplicationGroup",
            dict(
                ReplicationGroupId="{% $states.input.name %}",
                ReplicationGroupDescription="Staging's cache",
                SnapshotName="{% $states.input.snapshot %}",
                Tags=TAGS,
            ),
        ),
        look=(
            "elasticache:describeReplicationGroups",
            dict(ReplicationGroupId="{% $states.input.name %}"),
        ),
        ready="{% $states.result.ReplicationGroups[0].Status = 'available' %}",
        broken="{% $states.result.ReplicationGroups[0].Status in ['create-failed', 'deleting'] %}",
    )

# %% [markdown] tags=["solution"] id="solution-words"
# The third branch has the same shape. What can be used is a domain that is `Active`.

# %% id="answer"
# [solution 1]
def search():
    return branch(
        "Search",
        create=(
            "opensearch:createDomain",
            dict(
                DomainName="{% $states.input.name %}",
                EngineVersion="OpenSearch_2.19",
                ClusterConfig={"InstanceType": "t3.small.search", "InstanceCount": 1},
                EbsOptions={"EbsEnabled": True, "VolumeType": "gp3", "VolumeSize": 10},
                TagList=TAGS,
            ),
        ),
        look=("opensearch:describeDomain", dict(DomainName="{% $states.input.name %}")),
        ready="{% $states.result.DomainStatus.DomainProcessingStatus = 'Active' %}",
        broken="{% $states.result.DomainStatus.Deleted %}",
    )


machine = Machine(
    "three-at-once",
    Chain(
        [
            Parallel(
                "Build staging",
                branches=[database(), cache(), search()],
                output={"name": "{% $states.input.name %}", "run": "{% $states.input.run %}"},
                comment="Whatever fails fails in place, so that a redrive can go on there",
            ),
            Succeed("Staging is up"),
        ]
    ),
    comment="Database, cache and search for staging, at the same time",
)
machine.graph()
# [prompt]
# # One more branch, and the Parallel around all three. By kit.steps, or the ASL as a dict: both are fine.
# # opensearch:createDomain takes DomainName, EngineVersion, ClusterConfig, EbsOptions and TagList, as in the lesson.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked: the account's quota is full, then it is redriven.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("13").world("production", sandbox)
if machine is not ...:
    rung("13").world("full quota", sandbox)
    run = sandbox.deploy(machine).start(data)
    run.wait(timeout=60)
    print(run.status, run.error or "", run.cause or "")
    if run.status == "FAILED":
        run.redrive()
        run.wait(timeout=60)
        print(run.status, run.error or "", run.cause or "")

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 14, telling people how it went.
