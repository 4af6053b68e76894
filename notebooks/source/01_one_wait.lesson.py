# %% [markdown] id="title"
# # 01 · One wait
#
# **The job.** Staging is built in the morning. In the evening, nine hours later, it has to be torn down.
# Something has to wait for nine hours.
#
# **The idea.** A Wait state holds for up to a year. No server runs meanwhile, and you pay by the transition,
# not by the hour.
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
# Somebody had a Lambda function for the tear-down and let it sleep first:
#
# ```python
# def handler(event, context):
#     print("waiting nine hours before tear-down")
#     time.sleep(9 * 60 * 60)
#     tear_down()
# ```
#
# It was deployed on a Friday. This is its log, in the words that Lambda uses (times and ids are made up):
#
# ```text
# 2026-04-06T09:00:00.114Z START RequestId: 6f1c0f0e-9b1d-4c39-8f6a-0d6f5b0c2a11 Version: $LATEST
# 2026-04-06T09:00:00.115Z waiting nine hours before tear-down
# 2026-04-06T09:15:00.121Z 6f1c0f0e-9b1d-4c39-8f6a-0d6f5b0c2a11 Task timed out after 900.01 seconds
#
# 2026-04-06T09:15:00.121Z END RequestId: 6f1c0f0e-9b1d-4c39-8f6a-0d6f5b0c2a11
# 2026-04-06T09:15:00.121Z REPORT RequestId: 6f1c0f0e-9b1d-4c39-8f6a-0d6f5b0c2a11
#     Duration: 900006.52 ms  Billed Duration: 900000 ms  Memory Size: 128 MB  Max Memory Used: 36 MB
#     Status: timeout
# ```
#
# A Lambda function runs for 900 seconds at most. The log ends there, and nothing was torn down. If
# the caller was asynchronous, Lambda tries twice more by default, and sleeps twice more.
#
# So people split the wait: a cron rule in the evening, a table that says which environment belongs to which
# morning, an alarm for when the two disagree. It works. It is four things to keep instead of one.
#
# | the old way | what goes wrong |
# | --- | --- |
# | a sleeping Lambda | ends at 15:00 minutes; paid for while it sleeps |
# | cron in the evening | runs whether or not the morning did; knows nothing of what was built |
# | a CI job that sleeps | a runner paid for nine hours; dies with the runner |
#
# To be fair: since the end of 2025 a *durable function* in Lambda can wait for up to a year too, and isn't
# paid for while it does. It is still code with a runtime that somebody has to keep current.

# %% [markdown] id="machine-words"
# ## The machine
#
# One state, of the type Wait. In Python it is one line. What is deployed is the JSON beside the picture.

# %% id="machine"
from datetime import UTC, datetime

from kit import Machine, Sandbox
from kit.steps import Chain, Wait

nine_hours = Machine(
    f"{prefix}-nine-hours",
    Chain([Wait("Let staging live", seconds=9 * 60 * 60, comment="The evening is nine hours away")]),
)
nine_hours.show()

# %% [markdown] id="run-words"
# ## Deploy, run, watch
#
# The sandbox is an AWS account in this Python process, with a virtual clock. We set the clock to nine in the
# morning. While nothing but waiting is left, the clock jumps.

# %% id="deploy"
sandbox = Sandbox.local(clock=clock, seed=seed, start=datetime(2026, 4, 6, 9, 0, tzinfo=UTC))
deployed = sandbox.deploy(nine_hours)
run = deployed.start({"environment": "staging-0406"})
run.watch()

# %% id="end"
run.wait(timeout=60)
print(run.status, "at", sandbox.clock.now().strftime("%H:%M"), "on the virtual clock")

# %% [markdown] id="history-words"
# ## Read the history
#
# AWS writes down every step of an execution. Here they are four events. Look at the times of the middle two:
# nine hours lie between them, and nothing was running.

# %% id="history"
run.events()

# %% [markdown] id="output-words"
# A Wait hands its input on as it came:

# %% id="output"
run.output

# %% [markdown] id="timestamp-words"
# ## Until a moment
#
# Nine hours after *what*? If the morning was late, the evening is late too. Often you know the moment
# instead. A Wait then has a Timestamp:

# %% id="timestamp"
until_evening = Machine(
    f"{prefix}-until-evening",
    Chain([Wait("Until the evening", timestamp="{% $states.input.evening %}")]),
)
until_evening.show()

# %% [markdown] id="jsonata-words"
# The text between `{%` and `%}` is an expression in **JSONata**, a small language for JSON; `QueryLanguage` at
# the top says so. `$states.input` is what the state was given. So the moment comes from the input of each run.
#
# An expression can reckon with moments. `$toMillis` reads a timestamp and gives milliseconds since 1970;
# `$fromMillis` makes a timestamp of such a number. Nine hours after the morning is:
#
# ```text
# {% $fromMillis($toMillis($states.input.morning) + 9 * 60 * 60 * 1000) %}
# ```
#
# **A Timestamp that has already passed is no error: the Wait leaves at once.** A negative number of Seconds is
# one: the execution fails.

# %% id="computed"
nine_hours_after = Machine(
    f"{prefix}-nine-hours-after",
    Chain(
        [
            Wait(
                "Nine hours after the morning",
                timestamp="{% $fromMillis($toMillis($states.input.morning) + 9 * 60 * 60 * 1000) %}",
            )
        ]
    ),
)
late = sandbox.deploy(nine_hours_after).start({"morning": "2026-04-06T11:30:00Z"})
late.wait(timeout=60)
print(late.status, "at", sandbox.clock.now().strftime("%H:%M"))

# %% [markdown] id="failure-words"
# ## Make it fail
#
# Give it something that is no timestamp. Better here than at night.

# %% id="failure"
wrong = sandbox.deploy(until_evening).start({"evening": "tonight at six"})
wrong.wait(timeout=60)
wrong.graph()

# %% id="failure-cause"
print(wrong.error)
print(wrong.cause)

# %% [markdown] id="failure-read"
# The cause names the state, the field and the value. You will learn to read more of them in rung 03.

# %% [markdown] id="restart-words"
# ## It survives you
#
# So far the sandbox lived in this notebook's Python. A real account doesn't: you close the laptop, and the
# Wait goes on. `kit serve` gives you such an account on this machine, in a process of its own. Its clock
# runs 3,600 times as fast here: an hour takes a second.

# %% id="serve"
import subprocess
import sys

server = subprocess.Popen(
    [sys.executable, "-m", "kit.cli", "serve", "--port", "0", "--clock", "3600x"],
    stdout=subprocess.PIPE,
    text=True,
)
url = next(line.split()[-1] for line in server.stdout if "http://" in line)
print("An account of its own at", url)

# %% id="serve-start"
served = Sandbox.connect(url).deploy(nine_hours).start({"environment": "staging-0406"})
arn = served.arn
print(served.status, arn)

# %% [markdown] id="forget-words"
# Now forget everything. The next cell asks from another Python process, which has never seen this notebook:
# it knows the address and the execution's name (its ARN), nothing else. It could be your colleague's.

# %% id="forget"
asks = f"""
from kit import Sandbox

run = Sandbox.connect("{url}").run("{arn}")
print("found it:", run.status)
print("nine hours later:", run.wait(timeout=60).status)
"""
print(subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True).stdout)

# %% id="serve-end"
server.terminate()
server.wait()
sandbox.close()

# %% [markdown] id="restart-yourself"
# This server ended with the cell above, and would have ended with this kernel. To restart the kernel in the
# middle of the nine hours, start the server in a terminal instead (in JupyterLab: File, New, Terminal). The next
# cell prints the command for this computer. Then, in a cell, `Sandbox.connect("http://127.0.0.1:4566")`, deploy
# and start, note the ARN, restart the kernel, connect again, and ask `.run(arn)`.

# %% id="restart-command"
print(f'"{sys.executable}" -m kit.cli serve --port 4566 --clock 60x')

# %% [markdown] id="cost"
# ## What it costs
#
# | for one wait of nine hours | price | to keep current |
# | --- | --- | --- |
# | this machine | 2 transitions at most: 0.00005 USD, and 4,000 a month are free | nothing |
# | cron, a table, a Lambda | next to nothing | two schedules, a table, a runtime, an alarm |
# | a CI runner that sleeps | nine hours of the runner | the runner |
# | a Lambda that sleeps | can't be had: it ends after 900 s | |
#
# Price: 0.025 USD per 1,000 transitions for Standard workflows. Check your region's price page. Money is not
# the reason here. The reason is that there is one thing instead of four.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - That your account lets you create a state machine and pass it a role. A real account needs both.
# - That nine hours are nine hours. AWS may be a little late at busy moments; here the clock is exact.
# - An execution lives for a year at most. The sandbox keeps that limit, but nobody here waited for a year.
#
# The same machine in your own account takes nine real hours. You needn't stay. The account has to be on the
# kit's list of allowed accounts; the error says how to put it there. This cell does nothing unless `target` is
# `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    print(account.deploy(nine_hours).start({"environment": "staging-0406"}).arn)

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/01_one_wait.ipynb): start fifteen minutes before a maintenance window.
#
# **Next:** [02 · One call, no code](02_one_call.ipynb). After the wait, something has to happen.
