# %% [markdown] id="title"
# # 11 · Shape the data: exercise
#
# The team has agreed on a rule: of each cluster's manual snapshots the newest few are kept. How many, the input says.
#
# **Build a machine that says which snapshots are kept and which may go.** It deletes nothing.
#
# ```json
# {"cluster": "shop", "keep": 3}
# ```
#
# Its output has two lists of names. `keep`: the newest first. `delete`: the oldest first.
#
# ```json
# {"keep": ["before-index", "before-upgrade", "before-audit"], "delete": ["before-sale"]}
# ```
#
# - Only manual snapshots of that cluster count, and of these only the ones that are `available`.
# - Both are always lists, with one name or with none too. There may be fewer than `keep`, and `keep` may be 0.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Pass

# [solution]
q = rung("11", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("11").question(1)
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The list is shaped once, in the order of the lesson's table: which ones, in which order, their names. Then it is
# split by the index.

# %% id="answer"
# [solution 1]
machine = Machine(
    "keep-the-newest",
    Chain(
        [
            AwsSdk(
                "List",
                "rds:describeDBClusterSnapshots",
                DbClusterIdentifier="{% $states.input.cluster %}",
                SnapshotType="manual",
                assign={
                    "newest": """{% [
  $states.result.DbClusterSnapshots[Status = 'available']^(>SnapshotCreateTime).DbClusterSnapshotIdentifier
] %}"""
                },
                output="{% $states.input %}",
                comment="The names, the newest first",
            ),
            Pass(
                "Say",
                output={
                    "keep": "{% [$filter($newest, function($name, $index) { $index < $states.input.keep })] %}",
                    "delete": """{% [
  $reverse($filter($newest, function($name, $index) { $index >= $states.input.keep }))
] %}""",
                },
                comment="Square brackets: always a list",
            ),
        ]
    ),
    comment="Says which manual snapshots of a cluster are kept and which may go",
)
machine.show()
# [prompt]
# # A look, and then lists. By kit.steps, or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. The sandbox has the lesson's half a year in it.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rung("11").world("half a year", sandbox)
if machine is not ...:
    run = sandbox.deploy(machine).start({"cluster": "shop", "keep": 3})
    run.wait(timeout=60)
    print(run.status, run.error or "", run.cause or "")
    print(run.output)

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: [12 · Many things](../notebooks/12_many_things.ipynb)
