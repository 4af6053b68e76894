# %% [markdown] id="title"
# # 03 · Read the run
#
# **The job.** It is a quarter past nine. Last night's run is red, somebody asks what happened, and you did not
# write the machine.
#
# **The idea.** A run keeps its whole history: each state's input, output and error. You start at the red box and
# read backwards.
#
# *About 20 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also reads a run of your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# The Lambda of rung 02 fails at night. In the morning you open its log group and search:
#
# ```text
# fields @timestamp, @requestId, @message
# | filter @message like /ERROR|Task timed out|Traceback/
# | sort @timestamp desc
# | limit 50
# ```
#
# Then you take a request id from one of the lines, and search for that, to see the lines around it.
#
# | what you want to know | where it is |
# | --- | --- |
# | did it run at all? | the log says nothing of a run that never began |
# | which step failed? | the traceback, if it wasn't caught |
# | with what input? | only if somebody logged it, and hopefully not the secrets in it |
# | which of twenty runs was it? | the request id, in each line, hopefully |
# | what was done before it failed? | read all lines from the top |
#
# Four lines of query, two searches, and an answer that depends on what somebody thought of logging.

# %% [markdown] id="machine-words"
# ## The machine
#
# The same evening stop. Two things are new in front of the call: the input names a team, and a Pass makes the
# cluster's name of it. (`&` joins texts.)

# %% id="machine"
from datetime import UTC, datetime

from kit import Machine, Sandbox
from kit.steps import AwsSdk, Chain, Pass, Wait

evening_stop = Machine(
    f"{prefix}-evening-stop-of-a-team",
    Chain(
        [
            Wait("Until the evening", timestamp="{% $states.input.evening %}"),
            Pass(
                "Which cluster",
                output={"cluster": "{% $states.input.team & '-db' %}"},
                comment="A team's cluster has the team's name",
            ),
            AwsSdk("Stop it", "rds:stopDBCluster", DbClusterIdentifier="{% $states.input.cluster %}"),
        ]
    ),
    comment="Stops the database of one team in the evening",
)
evening_stop.show()

# %% id="good"
sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 18, 0, tzinfo=UTC))
rds = sandbox.aws("rds")
for team in ("shop", "reports"):
    rds.create_db_cluster(
        DBClusterIdentifier=f"{team}-db",
        Engine="aurora-mysql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
    )
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=f"{team}-db")
deployed = sandbox.deploy(evening_stop)
evening = "2026-04-06T19:00:00Z"
good = deployed.start({"team": "shop", "evening": evening}, name="good")
good.watch()

# %% id="good-end"
good.wait(timeout=60)
print(good.status)

# %% [markdown] id="colours"
# ## The colours
#
# | colour | sign | means |
# | --- | --- | --- |
# | green | √ | done. Whatever it called has happened |
# | red | × | it failed, and that ended the execution |
# | orange | | it failed, but the machine has an answer to that (rung 08) |
# | blue | | running, or waiting |
# | grey | | stopped from outside, when something beside it failed |
# | white | | never entered |
#
# The AWS console uses the same families of colours, in its own shades.

# %% [markdown] id="one-words"
# ## Broken, one: a wrong value
#
# Somebody writes the team's name wrong.

# %% id="one"
typo = deployed.start({"team": "reprots", "evening": evening}, name="typo")
typo.wait(timeout=60)
typo.graph()

# %% [markdown] id="one-read"
# The red box is `Stop it`. Now its events. **Read from the bottom**: the last line says how the run ended, the
# lines above it say why.

# %% id="one-events"
typo.events()

# %% [markdown] id="one-input"
# Two inputs are in this table. The *execution* was given a team. The *state* was given `{"cluster": "reprots-db"}`,
# by the Pass before it. When a call fails, the state's input is the one that counts.
#
# The table cuts long texts. The trace has them whole:

# %% id="one-whole"
failed = typo.trace.failures()[0]
print("state:", failed.state)
print("input:", failed.input)
print("error:", failed.error)
print("cause:", failed.cause)

# %% [markdown] id="one-cause"
# **Error** is a name. Machines compare it, letter by letter. **Cause** is a sentence for people. In the brackets
# is what AWS's support asks for first: the service, the status code, the id of the request.

# %% [markdown] id="two-words"
# ## Broken, two: a missing field
#
# The field is called `team`. This caller sends `Team`.

# %% id="two"
missing = deployed.start({"Team": "reports", "evening": evening}, name="missing")
missing.wait(timeout=60)
missing.graph()

# %% id="two-cause"
print(missing.error)
print(missing.cause)

# %% [markdown] id="two-read"
# The same red box and the same error, but another mistake. `$states.input.team` found nothing, and nothing joined
# with `'-db'` is `-db`. So the Pass was content, and handed on a name that no cluster has. The run failed one state
# *after* the fault came in.
#
# So when the input of the red state looks wrong, go up one box, and look at *its* input:

# %% id="two-backwards"
for visit in missing.trace.visits:
    print(f"{visit.state:18} {visit.status:10} {visit.input}")

# %% [markdown] id="three-words"
# ## Broken, three: the wrong moment
#
# The input is right and the name is right. `shop-db` was stopped by the first run a moment ago.

# %% id="three"
moment = deployed.start({"team": "shop", "evening": evening}, name="moment")
moment.wait(timeout=60)
print(moment.error)
print(moment.cause)

# %% [markdown] id="three-read"
# Nothing in the machine or its input has to be mended here. The *world* was not as expected, and the cause says in
# which state it was. The same input works tomorrow.
#
# | | what was wrong | what to do |
# | --- | --- | --- |
# | one | the value in the input | start again, with the right input |
# | two | the input's shape, let through too far | start again; make the machine refuse it earlier |
# | three | the world | repair the world, then go on (rung 09) |
#
# The picture alone doesn't tell these three apart: in each, `Stop it` is red. Input, error and cause do.

# %% [markdown] id="words-words"
# ## In words
#
# The kit can also tell a run as text, for a ticket or a pull request:

# %% id="words"
print(moment.words())

# %% [markdown] id="cost"
# ## What it costs
#
# | | history of a run | searching logs |
# | --- | --- | --- |
# | price | nothing beyond the transitions: 4 for the good run, 0.0001 USD | by gigabyte written, kept and searched |
# | code for it | none | log lines in every step |
# | kept | 90 days after the end | as long as you set |
#
# Histories are not for ever. Who needs them for longer, or wants to search over many runs, turns on the logging of
# the state machine; rung 21 does.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **How long a history may be.** It ends at 25,000 events. You will stay far below, unless a loop doesn't end.
# - **What an error looks like in your account.** The words of errors follow recordings of the real service where
#   there was one. The ids in them are made up.
# - **That the console shows the same.** It has the same facts under the tabs *Graph view* and *Event view*.
#
# The same functions read a run of your own account. In a terminal it is
# `aws stepfunctions get-execution-history --reverse-order --max-items 5 --execution-arn ...`: the end first. This
# cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    arn = "arn:aws:states:us-east-1:123456789012:execution:NAME:ID"  # of a run that failed
    print(account.run(arn).words())

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/03_read_the_run.ipynb): a week of runs, two of them red.
#
# **Next:** [04 · Wait until it is so](04_wait_until.ipynb). A call that was accepted is not yet a thing that is done.
