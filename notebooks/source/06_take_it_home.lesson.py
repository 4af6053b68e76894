# %% [markdown] id="title"
# # 06 · Take it home
#
# **The job.** The machine of rung 05 works in a notebook. Now it has to live where the team's other code lives: in a
# repository, reviewed, tested, started by CI.
#
# **The idea.** What you take home is one file. Beside it stand its picture, its test, its policy, and the few lines that
# start it and wait.
#
# *About 30 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also deploys to your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# The repository has a folder like this one, and somebody who left has made it:
#
# ```text
# stop-dev/
#     handler.py          35 lines, 20 of them a loop that sleeps
#     requirements.txt    boto3, pinned in 2021
#     template.yaml       a function, a role, a rule, a log group, an alarm
#     tests/              mocks boto3, and proves that the mock was called
#     Makefile            packages a zip
# ```
#
# | the folder | what goes wrong |
# | --- | --- |
# | a runtime | it is retired; the Makefile of 2021 no longer packages |
# | the role | `rds:*`, since nobody knew what it would need |
# | the test | green, whatever RDS would have said |
# | who started it, and how did it end? | the rule knows nothing; the function's log, perhaps |
#
# We make the same folder with a machine in it, file by file.

# %% [markdown] id="machine-words"
# ## The machine
#
# It is the one of rung 05: stop, then look until it is so, until it never will be, or until it takes too long.

# %% id="machine"
import subprocess
import sys
import tempfile
from pathlib import Path

from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Succeed, Wait

INPUT = "{% $states.input %}"
stop = AwsSdk(
    "Stop it",
    "rds:stopDBCluster",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"rounds": 0},
    output=INPUT,
    comment="Accepted at once, done in minutes",
)
hold = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "rds:describeDBClusters",
    DbClusterIdentifier="{% $states.input.cluster %}",
    assign={"status": "{% $states.result.DbClusters[0].Status %}", "rounds": "{% $rounds + 1 %}"},
    output=INPUT,
)
stopped = Choice("Stopped?")
stopped.add_choice("{% $status = 'stopped' %}", Succeed("It is stopped"))
stopped.add_choice(
    "{% $status in ['available', 'starting', 'deleting'] %}",
    Fail("Somebody else", error="NotComing", cause="Somebody has started or deleted it meanwhile"),
)
stopped.add_choice("{% $rounds >= 60 %}", Fail("Too long", error="TooLong", cause="Not stopped after half an hour"))
stopped.default_choice(hold)

machine = Machine(
    f"{prefix}-stop-dev", Chain([stop, hold, look, stopped]), comment="Stops a database and waits until it is so"
)
machine.graph()

# %% [markdown] id="file-words"
# ## One file
#
# What is deployed is JSON, so JSON is what the repository keeps. The Python above was the pencil. Whoever wants to
# change the machine later edits the JSON, or draws it in AWS's Workflow Studio, which reads and writes the same file.

# %% id="file"
folder = Path(tempfile.mkdtemp()) / "stop-dev"
folder.mkdir()
file = folder / "stop.asl.json"
file.write_text(machine.to_json() + "\n", encoding="utf-8")
print(len(file.read_text().splitlines()), "lines")
Machine.from_asl(file, name=machine.name) == machine

# %% [markdown] id="mermaid-words"
# ## Its picture
#
# GitHub and GitLab draw **Mermaid** in a README. A reviewer who has never seen a state machine sees this one:

# %% id="mermaid"
readme = f"# stop-dev\n\n{machine.definition.comment}.\n\n```mermaid\n{machine.mermaid()}\n```\n"
(folder / "README.md").write_text(readme, encoding="utf-8")
print(readme)

# %% [markdown] id="policy-words"
# ## Its policy
#
# In AWS the machine runs under a role. What the role may do follows from the calls in the file:

# %% id="policy"
import json

(folder / "policy.json").write_text(json.dumps(machine.policy().document, indent=2) + "\n", encoding="utf-8")
print(json.dumps(machine.policy().document, indent=2))

# %% [markdown] id="policy-read"
# Two actions, where the function's role had `rds:*`. The name of the cluster comes with the input, so the policy is for
# every cluster. If you know yours, write its ARN there: it is your decision, and the review sees it.

# %% [markdown] id="test-words"
# ## Its test
#
# A test runs the file in a sandbox, in virtual time. No mock: the calls go to something that answers as RDS does, refuses
# what RDS refuses, and takes as long.

# %% id="test"
test = '''
from datetime import timedelta

import pytest

from kit.testing import Expectation, Fault, Rehearsal, Scenario, assert_as_expected, scenarios


def available(sandbox):
    sandbox.aws("rds").create_db_cluster(
        DBClusterIdentifier="dev", Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
    )
    sandbox.clock.advance(minutes=10)


def stuck(sandbox):
    available(sandbox)
    sandbox.faults.stuck("rds:StopDBCluster")


DEV = {"cluster": "dev"}


@pytest.mark.machine("stop.asl.json")
@scenarios(
    Scenario(name="it stops", input=DEV, world=available),
    Scenario(name="it never stops", input=DEV, world=stuck, expects=Expectation(error="TooLong")),
    Scenario(name="there is none", input=DEV, expects=Expectation(error="Rds.DbClusterNotFoundException")),
)
def test_it_stops_the_database(rehearsal: Rehearsal) -> None:
    assert_as_expected(rehearsal)
'''
(folder / "test_stop.py").write_text(test.lstrip(), encoding="utf-8")


def shell(*command, where=folder):
    """What a terminal in the folder would show, and the exit code."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    print(done.stdout + done.stderr, f"exit code {done.returncode}", sep="")


run_tests = [sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "kit.testing.plugin", "-p", "no:cacheprovider"]
shell(*run_tests)

# %% [markdown] id="break-words"
# ## Make it fail
#
# Somebody edits the file and writes the status with a capital, as the console shows it.

# %% id="break"
good = file.read_text(encoding="utf-8")
file.write_text(good.replace("'stopped' %}", "'Stopped' %}"), encoding="utf-8")
shell(*run_tests, "--tb=line")
_ = file.write_text(good, encoding="utf-8")

# %% [markdown] id="ci-words"
# ## Started from CI, and waited for
#
# A job in CI starts the machine, waits, and is red when the machine is. It needs no stored key: with **OIDC**, CI proves
# to AWS which repository it is, and gets a role for an hour.
#
# ```yaml
# # .github/workflows/stop-dev.yml
# on:
#   workflow_dispatch:
# permissions:
#   id-token: write        # may ask for a proof of who it is
#   contents: read
# jobs:
#   stop:
#     runs-on: ubuntu-latest
#     timeout-minutes: 45
#     steps:
#       - uses: actions/checkout@v4
#       - uses: aws-actions/configure-aws-credentials@v4
#         with:
#           role-to-assume: arn:aws:iam::123456789012:role/ci-starts-stop-dev
#           aws-region: us-east-1
#       - run: pip install boto3
#       - run: python stop-dev/start_and_wait.py "$MACHINE" '{"cluster": "dev"}'
#         env:
#           MACHINE: arn:aws:states:us-east-1:123456789012:stateMachine:small-steps-stop-dev
# ```
#
# The role of CI may `states:StartExecution` on this one machine and `states:DescribeExecution` on its executions. It may
# not touch RDS: that is the machine's own role. And this is what waits:

# %% id="waiter"
waiter = '''
"""Starts a state machine, waits for its end, and exits with 0 when it went well."""

import sys
import time

import boto3

machine, text = sys.argv[1:3]
pause = float(sys.argv[3]) if len(sys.argv) > 3 else 15
states = boto3.client("stepfunctions")
arn = states.start_execution(stateMachineArn=machine, input=text)["executionArn"]
print("started", arn.rpartition(":")[2], flush=True)
while (execution := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
    time.sleep(pause)
print(execution["status"], execution.get("error", ""), execution.get("cause", ""))
sys.exit(execution["status"] != "SUCCEEDED")
'''
_ = (folder / "start_and_wait.py").write_text(waiter.lstrip(), encoding="utf-8")

# %% [markdown] id="serve-words"
# We try it against an account on this machine, `kit serve`, as in rung 01: it runs as a process of its own, and boto3
# finds it by `AWS_ENDPOINT_URL`. An hour takes a second there.

# %% id="serve"
import os

server = subprocess.Popen(
    [sys.executable, "-m", "kit.cli", "serve", "--port", "0", "--clock", "3600x"], stdout=subprocess.PIPE, text=True
)
url = next(line.split()[-1] for line in server.stdout if "http://" in line)
os.environ |= {
    "AWS_ENDPOINT_URL": url,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}
served = Sandbox.connect(url)
served.aws("rds").create_db_cluster(
    DBClusterIdentifier="dev", Engine="aurora-mysql", MasterUsername="admin", ManageMasterUserPassword=True
)
import time

time.sleep(0.5)  # half an hour over there
arn = served.deploy(Machine.from_asl(file, name=machine.name)).arn

# %% id="ci-run"
shell(sys.executable, "start_and_wait.py", arn, '{"cluster": "dev"}', "0.2")
shell(sys.executable, "start_and_wait.py", arn, '{"cluster": "def"}', "0.2")

# %% id="serve-end"
server.terminate()
server.wait()
for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
    del os.environ[name]
for path in sorted(folder.iterdir()):
    if path.is_file():
        print(f"{path.name:20} {len(path.read_text(encoding='utf-8').splitlines())} lines")

# %% [markdown] id="ci-read"
# The second one is red in CI, with the error's name in its log. The runner still sleeps while it waits. Who doesn't need
# the answer in CI leaves the loop out and lets the machine tell people itself (rung 14), or lets a schedule start it
# (rung 18).

# %% [markdown] id="cut-over"
# ## Cut over, without running both
#
# The old function still has its rule. Two things that stop one database do no harm. Two things that *build* one do. So:
#
# 1. Deploy the machine. Nothing starts it yet.
# 2. **Turn the old rule off**: `aws events disable-rule --name stop-dev-evening`. Don't delete it.
# 3. Start the machine by CI the same evening, and look at its run.
# 4. Give the machine its schedule.
# 5. Two quiet weeks later, delete the function, its role, its rule, its log group.
#
# The way back, at each step: schedule off, old rule on. Between 2 and 4 there is one evening on which a person starts it.
# That is the price for never having both.

# %% [markdown] id="cost"
# ## What it costs
#
# | | the function's folder | the machine's folder |
# | --- | --- | --- |
# | to keep current | a runtime, a library, a package | nothing |
# | an evening | ten minutes of memory | about 60 transitions: 0.0015 USD |
# | the test | of a mock | of the file itself, three scenarios in seconds |
# | CI that waits | not at all | ten minutes of a runner, if you want the answer there |

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **The trust between CI and AWS.** The OIDC provider and the role's trust policy are set up once, in your account. If
#   the trust names no repository and branch, every repository of that CI may have the role.
# - **That the policy is enough in a real account.** It follows from the calls and AWS's own tables of actions. Conditions
#   and service control policies of your organisation come on top.
# - **The YAML of the workflow.** It isn't run here.
#
# In your own account, once: deploy the file, start nothing. This cell does nothing unless `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    print(account.deploy(Machine.from_asl(file, name=machine.name)).arn)

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/06_take_it_home.ipynb): a Lambda function that scales a service to zero is to go.
#
# **Next:** [07 · Try again](07_try_again.ipynb).
