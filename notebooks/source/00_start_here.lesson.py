# %% [markdown] id="title"
# # 00 · Start here
#
# Click into the next cell and press Shift+Enter twice. That runs two cells, and the second starts a state
# machine on this computer. Nothing leaves your machine, and no AWS account is needed.
#
# *About 15 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "local", or "aws" for the last cell of later lessons
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% id="morning"
from datetime import UTC, datetime

from kit import Sandbox, rung

sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 5, 20, 0, tzinfo=UTC))
production = rung("00").world("monday", sandbox)

morning = sandbox.deploy(rung("00").machine("staging-morning"))
run = morning.start(production | {"name": "shop-staging", "morning": "2026-04-06T09:00:00Z"})
run.watch()

# %% [markdown] id="what-you-see"
# ## What you see
#
# This is a team's staging environment. Every business morning it is built as a copy of production: a
# clone of the database, a cache from last night's snapshot, an empty search domain. The three are built
# at the same time. In the evening all of it is deleted, so nobody pays for the night.
#
# Each box is a **state**. A state does one thing: it waits, it calls an AWS service, it decides. The
# boxes and their arrows together are a **state machine**. One run of it is an **execution**.
#
# The machine was started at midnight. Its first state waits until nine in the morning: nine hours, and you
# have been here for less than a minute. The clock is **virtual**. While nothing happens, it jumps.
# The rest is as it will be in AWS: the same definition, the same calls, the same history.
#
# You will build this.

# %% id="end"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"), "on the virtual clock")

# %% [markdown] id="red"
# ## It failed, and that is the point
#
# A job of this kind has failed on all of us. What matters is how fast you know where, and why. On the
# graph, one task is red, and `Build staging` around it failed with it. A grey box with a dotted border was
# stopped: when one branch fails, the others end where they stand. What was green before stays done.
#
# The red box knows its error:

# %% id="error"
print(run.error)
print(run.cause)

# %% [markdown] id="why"
# The morning wants to name its database instance `shop-staging-writer`. There is one already. Who made it?

# %% id="leftover"
rds = sandbox.aws("rds")
leftover = rds.describe_db_instances(DBInstanceIdentifier="shop-staging-writer")["DBInstances"][0]
print(leftover["Engine"], leftover["DBInstanceClass"], leftover["TagList"])

# %% [markdown] id="repair-words"
# Somebody tried something on Friday and forgot it. So the mistake is not in the machine. It is in the
# world, and the world is repaired with the calls that you would make in AWS. `rds` is a boto3 client, and
# its waiter sleeps on the virtual clock.

# %% id="repair"
rds.delete_db_instance(DBInstanceIdentifier="shop-staging-writer", SkipFinalSnapshot=True)
rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="shop-staging-writer")
print("gone at", sandbox.clock.now().strftime("%H:%M"))

# %% [markdown] id="redrive-words"
# ## Go on from the red box
#
# Now **redrive** the execution. It goes on where it failed, under the same name and with the same input. What
# was finished is not done again: no second clone, no second cache.

# %% id="redrive"
run.redrive()
run.watch()

# %% id="green"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"))
print(run.output)

# %% [markdown] id="calls-words"
# The sandbox keeps a journal of the calls. How often did this execution create something?

# %% id="calls"
for call in sandbox.calls:
    if call.by == run.arn and not call.operation.startswith("Describe"):
        print(call.at.strftime("%H:%M"), call.name, call.outcome)

# %% [markdown] id="calls-read"
# One clone, one cache, one domain, and two tries for the instance: the one that failed and the one after the
# redrive. Rung 09 is about when a redrive helps and when it doesn't.

# %% [markdown] id="how-it-is-done-today"
# ## How it is done today
#
# Often by a script in a CI job, started by cron. It sleeps and asks, sleeps and asks, for as long as the
# database needs. It looks like this:
#
# ```python
# clone_database()
# for _ in range(60):
#     time.sleep(30)                       # a CI runner is paid for while it sleeps
#     if status() == "available":
#         break                            # and if it never is? the script goes on
# add_writer()
# ```
#
# | | the script | the state machine |
# | --- | --- | --- |
# | while it waits | a machine runs and is paid for | nothing runs |
# | when it fails | read the log from the top | one red box, with input and error |
# | after the repair | run all of it again, by hand | go on from the red box |
# | what was called | what somebody logged | every call, in the history |
# | a new runtime | somebody has to move it | there is none |
#
# Step Functions is paid by the **transition**: each state that is entered is one. The price is 0.025 USD
# per 1,000, and 4,000 a month are free (look at the price page of your region before you rely on it). A
# morning that looks for half an hour, once a minute, in three branches, is about 300 of them: less than a cent.

# %% [markdown] id="definition"
# ## What it is made of
#
# A state machine is a JSON text in the Amazon States Language, ASL for short. Nothing more is deployed:
# no code, no image, no library. Here is a very small one, text and picture side by side.

# %% id="small"
from kit import Machine

small = Machine(
    f"{prefix}-open-or-not",
    {
        "QueryLanguage": "JSONata",
        "StartAt": "What day is it",
        "States": {
            "What day is it": {"Type": "Pass", "Output": {"day": "holiday"}, "Next": "Open today?"},
            "Open today?": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.day = 'business day' %}", "Next": "Build staging"}],
                "Default": "Leave it off",
            },
            "Build staging": {"Type": "Wait", "Seconds": 1500, "Next": "Staging is up"},
            "Staging is up": {"Type": "Succeed"},
            "Leave it off": {"Type": "Succeed"},
        },
    },
)
small.show()

# %% [markdown] id="small-words"
# Read it from the top. `What day is it` is a Pass: it only writes data, here `holiday`. `Open today?` is a
# Choice: it looks at the data and picks the next state. `Build staging` is a Wait, and stands in for the
# work. A Succeed ends the execution.

# %% id="small-run"
small_run = sandbox.deploy(small).start({})
small_run.watch()

# %% [markdown] id="limits"
# ## What this sandbox cannot prove
#
# - **Time.** How long a clone or a search domain takes is for AWS to say. Here it takes what a table says.
# - **Permissions.** In AWS the machine runs under a role. What the role doesn't allow fails.
# - **Your production.** Its size, its traffic, its odd corners are not here.
# - **A redrive's history, event by event.** It follows AWS's guide. There was no recording of a real one to compare.
#
# What you take with you is the definition: the states, their order, and the names of calls, fields and errors.
# The engine is compared with recorded executions of the real service.

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/00_start_here.ipynb). It is your copy, in the folder `my` (or where
# `SMALL_STEPS_HOME` points): an update of the course never touches it. You will change one state of the
# small machine above, and have it checked.
#
# **Next:** [01 · One wait](01_one_wait.ipynb) takes the first state of the morning apart. By rung 22 you
# will have built the whole day.

# %% id="close"
sandbox.close()
