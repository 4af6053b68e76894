# %% [markdown] id="title"
# # 09 · Fix it, then redrive: exercise
#
# This morning's run is red. The database is there; what came after it isn't. It is twenty past nine, and everybody
# waits.
#
# **Write a function `repair(sandbox, run)` that repairs the world and lets the failed execution go on.**
#
# - `sandbox.aws("iam")` and the other clients are boto3's; `run` is the execution that failed.
# - The role gets the permission that it lacks, and no other.
# - One redrive. No new execution, no second database.
#
# The check calls your function in a fresh account in which the same morning has failed.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
import json

from kit import Sandbox, rung

# [solution]
q = rung("09", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("09").question(1)
# rung("09")  # how far you are
# [end]

# %% [markdown] id="world-words"
# Here is the morning. Read the run before you repair anything.

# %% id="world"
sandbox = Sandbox.local(clock=clock, seed=seed)
names = rung("09").world("failed morning", sandbox)
run = sandbox.run(names["run"])
print(names)
run.graph()

# %% id="policy"
document = sandbox.aws("iam").get_role_policy(RoleName=names["role"], PolicyName=names["policy"])["PolicyDocument"]
print(json.dumps(document, indent=2))

# %% [markdown] tags=["solution"] id="solution-words"
# The cause names the action and the parameter. One more policy allows just that.

# %% id="answer"
# [solution 1]
def repair(sandbox, run):
    print(run.error, run.cause)
    missing = {
        "Effect": "Allow",
        "Action": "ssm:PutParameter",
        "Resource": "arn:aws:ssm:*:*:parameter/staging/ready",
    }
    sandbox.aws("iam").put_role_policy(
        RoleName="staging-morning",
        PolicyName="say-it-is-ready",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [missing]}),
    )
    run.redrive()
# [prompt]
# def repair(sandbox, run):
#     ...  # read run.cause; repair; go on
#     return ...
# [end]

# %% [markdown] id="try-words"
# Try it on the morning above.

# %% id="try"
repair(sandbox, run)
run.wait(timeout=60)
print(run.status)
print([call.name for call in sandbox.calls if call.by == run.arn and "Describe" not in call.name])

# %% id="check"
q.check(repair)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 10, when to clean up and when to keep things for a redrive.
