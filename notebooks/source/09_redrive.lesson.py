# %% [markdown] id="title"
# # 09 · Fix it, then redrive
#
# **The job.** The morning's run made the database, waited for it, and failed at its last step: a permission is
# missing. You add the permission. And now? All of it again?
#
# **The idea.** A **redrive** goes on where the execution failed: same execution, same input, same definition. What was
# green is not done again. It repairs nothing; that comes first.
#
# *About 20 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also redrives a run of your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# The CI job is red at step 7 of 9. You repair the cause and press *re-run*:
#
# ```text
# step 1  create database ........ failed: DBClusterAlreadyExists
# ```
#
# Then somebody opens the script, puts a `#` before steps 1 to 6, pushes, runs it, and takes the `#` away again. Or
# forgets to.
#
# | the repair of a script | what goes wrong |
# | --- | --- |
# | run all of it again | what is there already is in the way, or is made twice and paid twice |
# | `#` before the steps that are done | six lines commented out by a tired person |
# | each step asks "is it done already?" | right, and more code than the steps themselves |
# | delete all, and begin again | half an hour, while everybody waits |

# %% [markdown] id="machine-words"
# ## The machine
#
# Everything in it is known: a create with today's tag, rung 05's loop, and a parameter that says *ready* to other jobs.
# It comes ready-made.

# %% id="machine"
from datetime import UTC, datetime

from kit import Sandbox, rung

morning = rung("09").machine("small-morning")
morning.show()

# %% [markdown] id="failure-words"
# ## The morning fails
#
# Somebody tidied up the role yesterday. In the next cell it lacks one permission, and the morning is started.

# %% id="failure"
sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
names = rung("09").world("failed morning", sandbox)
run = sandbox.run(names["run"])
run.graph()

# %% id="cause"
print(run.error)
print(run.cause)

# %% [markdown] id="read"
# The cause names who asked, for which action, and why it is refused. The name differs by service: RDS would have said
# `Rds.RdsException`, since its model has no name for it. This is what the execution has done so far:

# %% id="calls"
def done():
    """The calls of this execution that changed something, or were to."""
    for call in sandbox.calls:
        if call.by == run.arn and not call.operation.startswith("Describe"):
            print(call.at.strftime("%H:%M:%S"), call.name, call.outcome)


done()

# %% [markdown] id="wrong-words"
# ## Make it fail again: a redrive without a repair
#
# This is the button that one presses first.

# %% id="wrong"
run.redrive()
run.wait(timeout=60)
print(run.status, "-", run.error)
done()

# %% [markdown] id="wrong-read"
# Red again, for the same reason. But look: there is no second create. The redrive began at the red state.
#
# ## Repair, then redrive
#
# `machine.policy()` is the least that this machine needs, worked out from its definition. What has the role?

# %% id="compare"
import json

iam = sandbox.aws("iam")
allowed = iam.get_role_policy(RoleName=names["role"], PolicyName=names["policy"])["PolicyDocument"]
has = {action for statement in allowed["Statement"] for action in statement["Action"]}
missing = [
    statement for statement in morning.policy().document["Statement"] if not set(statement["Action"]) <= has
]
print(json.dumps(missing, indent=2))

# %% id="repair"
iam.put_role_policy(
    RoleName=names["role"],
    PolicyName="say-it-is-ready",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": missing}),
)
run.redrive()
run.watch()

# %% id="green"
run.wait(timeout=60)
print(run.status)
described = sandbox.aws("stepfunctions").describe_execution(executionArn=run.arn)
print("redriven", described["redriveCount"], "times; still", run.name)
done()

# %% [markdown] id="history-words"
# ## Read the history
#
# The old events stay. `ExecutionRedriven` is where it went on. The last lines are the ones that count:

# %% id="history"
for event in run.history[-14:]:
    print(event["id"], event["timestamp"].strftime("%H:%M:%S"), event["type"])

# %% [markdown] id="when"
# ## Redrive, or a new execution?
#
# | what was wrong | what to do | why |
# | --- | --- | --- |
# | a permission, a quota, something in the way, a service that was down | repair it, **redrive** | the definition and the input were right |
# | the definition | mend it, deploy, **new execution** | a redrive takes the definition with which it began, whatever you have deployed since |
# | the input | **new execution** | a redrive takes the input with which it began |
#
# And the rules: it works for executions that failed, timed out or were stopped, within 14 days of their end. Timeouts
# and the counts of Retry begin anew. In the console it is *Recover*, then *Redrive from failure*.
#
# **What makes it useless:** a Catch for everything that leads to a Fail. Then the red state is the Fail, and a redrive
# enters the Fail again. Let what you didn't expect fail where it stands. Rung 10 is about the exception.

# %% [markdown] id="cost"
# ## What it costs
#
# | | price | done twice |
# | --- | --- | --- |
# | a redrive | one transition, and the states that are run again | nothing |
# | the script again | half an hour of a runner | all that wasn't commented out |

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **When a permission is in force.** Here at once. In AWS it takes seconds, at times minutes. If the first redrive is
#   refused, wait and redrive again.
# - **The history of a redrive, event by event.** It follows AWS's guide; there was no recording to compare it with.
# - **That all policies are seen.** In AWS there are also boundaries, policies of the organization and of the key. The
#   sandbox looks at what a role has.
#
# This cell redrives a failed execution of your own account, and does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    arn = "arn:aws:states:us-east-1:123456789012:execution:NAME:ID"  # of a run that failed, repaired by now
    account.run(arn).redrive().watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/09_redrive.ipynb): repair a morning, and let it go on.
#
# **Next:** [10 · Clean up, or keep for redrive](10_clean_up_or_keep.ipynb). Some failures leave something behind that may not stay.
