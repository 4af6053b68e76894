# %% [markdown] id="title"
# # 07 · Try again
#
# **The job.** At seven in the evening forty machines stop forty databases. RDS answers the first ones and tells the
# others that the rate is exceeded. A minute later it would have said yes.
#
# **The idea.** A **Retry** on a Task makes the call again after a pause. It names the errors that heal by themselves,
# and leaves all others alone.
#
# *About 20 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also deploys to your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# ```python
# def handler(event, context):
#     rds = boto3.client("rds")
#     for attempt in range(6):
#         try:
#             return rds.stop_db_cluster(DBClusterIdentifier=event["cluster"])
#         except ClientError as error:
#             log.warning("attempt %s: %s", attempt, error)
#             time.sleep(2 ** attempt)
#     raise RuntimeError("gave up")
# ```
#
# | nine lines, and then | what goes wrong |
# | --- | --- |
# | every error is tried again | a typing error takes a minute to be told, and is told six times |
# | all forty sleep 1, 2, 4 ... seconds | they come back together, and are refused together |
# | boto3 retries too, inside each attempt | how many calls were made? Nobody knows |
# | the caller is asynchronous | Lambda itself runs the whole function twice more |
# | it sleeps | paid for, and bounded by 15 minutes |

# %% [markdown] id="before-words"
# ## Before: the first refusal ends it
#
# The Task of rung 02, and a sandbox in which RDS refuses the next three calls. `Throttling` is the code that RDS
# gives.

# %% id="before"
from datetime import UTC, datetime, timedelta

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Chain, Retry


def stop_it():
    """A state belongs to one machine, so this makes a new one each time."""
    return AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="{% $states.input.cluster %}")


def world():
    """A fresh account with two databases, at seven in the evening."""
    made = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 19, 0, tzinfo=UTC))
    for name in ("dev", "shop"):
        made.aws("rds").create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-mysql",
            MasterUsername="admin",
            ManageMasterUserPassword=True,
        )
        made.aws("rds").get_waiter("db_cluster_available").wait(DBClusterIdentifier=name)
    return made


sandbox = world()
impatient = Machine(f"{prefix}-impatient", Chain([stop_it()]), comment="One try")
sandbox.faults.fail("rds:StopDBCluster", code="Throttling", message="Rate exceeded", times=3)
refused = sandbox.deploy(impatient).start({"cluster": "dev"})
refused.wait(timeout=60)
refused.graph()

# %% id="before-error"
print(refused.error)
print(refused.cause)

# %% [markdown] id="name-words"
# **Look at the name: `Rds.RdsException`.** The API's model of RDS has no error for throttling, and what has no name
# in the model gets the service's common name. Other services do have one: `DynamoDb.ThrottlingException`, say. A
# Retry for `ThrottlingException` would never fire here, and nothing would tell you, except lint:

# %% id="name-lint"
guessed = stop_it()
guessed.add_retry(Retry(error_equals=["Rds.ThrottlingException"], max_attempts=5))
Machine(f"{prefix}-guessed", Chain([guessed])).lint()

# %% [markdown] id="machine-words"
# ## The machine
#
# The same Task, and a Retry on it.

# %% id="machine"
patient_stop = stop_it()
patient_stop.add_retry(
    Retry(
        error_equals=["Rds.RdsException"],
        interval_seconds=2,
        backoff_rate=2.0,
        max_attempts=6,
        max_delay_seconds=30,
        comment="RDS has no name of its own for throttling",
    )
)
patient = Machine(f"{prefix}-patient", Chain([patient_stop]), comment="Tries again for two minutes")
patient.show()

# %% [markdown] id="fields"
# | field | means | if you leave it out |
# | --- | --- | --- |
# | `ErrorEquals` | the names for which it tries again, letter by letter | it is required |
# | `IntervalSeconds` | the first pause | 1 |
# | `BackoffRate` | each pause is so many times the one before | 2.0 |
# | `MaxDelaySeconds` | no pause is longer; more than the interval | no bound |
# | `MaxAttempts` | how often it tries *again*: 6 are seven calls in all; 0 is never | 3 |
# | `JitterStrategy` | `FULL`: each pause is a random part of itself | `NONE` |
#
# So the pauses are 2, 4, 8, 16, 30 and 30 seconds, and the calls come at 0, 2, 6, 14, 30, 60 and 90.

# %% [markdown] id="run-words"
# ## Deploy, run, watch
#
# The first call used up one of the three refusals. Two more are left, so we add one.

# %% id="run"
sandbox.faults.fail("rds:StopDBCluster", code="Throttling", message="Rate exceeded")
run = sandbox.deploy(patient).start({"cluster": "dev"})
run.watch()

# %% id="run-end"
run.wait(timeout=60)
print(run.status)
for attempt in run.trace.visits[0].attempts:
    print(f"{(attempt.scheduled - run.trace.started).seconds:3} s", attempt.status, attempt.error or "")

# %% [markdown] id="history-words"
# ## Read the history
#
# One state, entered once and left once. Between, each try has its three events. A Retry leaves no red behind.

# %% id="history"
run.events()

# %% [markdown] id="jitter-words"
# ## All at once, or one after the other
#
# Forty machines with the same pauses come back in the same second. With `jitter_strategy="FULL"` each takes a random
# part of the pause. Five machines, refused once, and when each makes its second call:

# %% id="jitter"
for jitter in ("NONE", "FULL"):
    shaken = stop_it()
    shaken.add_retry(
        Retry(
            error_equals=["Rds.RdsException"],
            interval_seconds=20,
            max_attempts=2,
            jitter_strategy=jitter,
        )
    )
    account = world()
    account.faults.fail("rds:StopDBCluster", code="Throttling", times=5)
    deployed = account.deploy(Machine(f"{prefix}-jitter-{jitter.lower()}", Chain([shaken])))
    account.clock.pause()
    runs = [deployed.start({"cluster": "shop"}) for _ in range(5)]
    account.clock.advance(seconds=30)
    seconds = [(each.trace.visits[0].attempts[1].scheduled - each.trace.started).seconds for each in runs]
    print(f"{jitter}: after {', '.join(map(str, sorted(seconds)))} s")
    account.close()

# %% [markdown] id="failure-words"
# ## Make it fail: what not to try again
#
# Somebody retries everything: `States.ALL`. And somebody else writes the name of the cluster wrong.

# %% id="failure"
stubborn_stop = stop_it()
stubborn_stop.add_retry(Retry(error_equals=["States.ALL"], interval_seconds=2, max_attempts=6))
stubborn = Machine(f"{prefix}-stubborn", Chain([stubborn_stop]), comment="Tries everything again")
typo = sandbox.deploy(stubborn).start({"cluster": "dve"})
typo.wait(timeout=60)
print(typo.status, "after", typo.trace.ended - typo.trace.started, "and", len(typo.trace.visits[0].attempts), "calls")
print(typo.error)

# %% [markdown] id="failure-read"
# Two minutes and seven calls for an answer that was known after the first.
#
# | heals by itself: try again | doesn't: fail at once |
# | --- | --- |
# | throttling | a name that isn't there (`...NotFoundException`) |
# | the service's own errors (5xx) | a parameter that isn't right |
# | timeouts, where a second call does no harm | a permission that is missing |
# | a thing that is busy, if you know for how long | a thing in the wrong state |
#
# In RDS there is a catch: a wrong parameter has the same common name, `Rds.RdsException`. So keep the tries few. And a
# call that was *made* but whose answer was lost is made twice by a Retry. Stopping twice does no harm; creating twice
# may. Rung 08 has an answer to that.

# %% [markdown] id="cost"
# ## What it costs
#
# | | price | to keep current |
# | --- | --- | --- |
# | this machine | each try is a transition: a bad evening of seven is 0.0002 USD. Pauses cost nothing | nothing |
# | the Lambda | the seconds it sleeps, for each of forty | nine lines, a runtime |

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **The name under which throttling arrives.** It follows from a rule and RDS's model. It was not seen in a recording
#   of the real service. Look at the first refusal in your own account, and put that name beside the other.
# - **How long an outage is.** Forty seconds and forty minutes need different answers: for minutes, rung 04's loop is
#   better than a Retry.
# - **Which part of the pause the jitter takes.** Here it comes from the seed.
#
# The same machine in your own account. This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    account.deploy(patient).start({"cluster": "dev"}).watch()

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/07_try_again.ipynb): through an outage of forty seconds, and not a call too many.
#
# **Next:** [08 · Expected failures](08_expected_failures.ipynb). Some errors are good news.
