# %% [markdown] id="title"
# # 06 · Take it home: exercise
#
# This function runs every evening. On some evenings it dies after fifteen minutes, and nobody notices.
#
# ```python
# import os
# import time
#
# import boto3
#
# def handler(event, context):
#     ecs = boto3.client("ecs")
#     cluster, service = event["cluster"], event["service"]
#     ecs.update_service(cluster=cluster, service=service, desiredCount=0)
#     while True:
#         found = ecs.describe_services(cluster=cluster, services=[service])
#         if found["services"][0]["runningCount"] == 0:
#             return
#         time.sleep(30)
# ```
#
# **Build a machine that takes over from it, and write it to a file.**
#
# ```json
# {"cluster": "staging", "service": "shop"}
# ```
#
# - It scales the input's service to zero and ends when no task of it runs any more: never before, and within two minutes.
# - Two looks are at least 15 seconds apart.
# - If tasks still run after half an hour, it fails with the error `TooLong`, after 30 to 35 minutes.
# - A service that isn't there fails the run, with ECS's own error.
# - On the evening of the cut-over the function may have run a minute before. That does no harm.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
import tempfile
from pathlib import Path

from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Succeed, Wait

# [solution]
q = rung("06", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("06").question(1)
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The loop of rung 05. `RunningCount` is what runs; `DesiredCount` is 0 from the first second.

# %% id="answer"
# [solution 1]
scale = AwsSdk(
    "Scale to zero",
    "ecs:updateService",
    Cluster="{% $states.input.cluster %}",
    Service="{% $states.input.service %}",
    DesiredCount=0,
    assign={"rounds": 0},
    output="{% $states.input %}",
    comment="Done twice it is still zero",
)
hold = Wait("Half a minute", seconds=30)
look = AwsSdk(
    "Look",
    "ecs:describeServices",
    Cluster="{% $states.input.cluster %}",
    Services=["{% $states.input.service %}"],
    assign={
        "running": "{% $states.result.Services[0].RunningCount %}",
        "rounds": "{% $rounds + 1 %}",
    },
    output="{% $states.input %}",
)
none_left = Choice("None left?")
none_left.add_choice("{% $running = 0 %}", Succeed("It is off"))
none_left.add_choice(
    "{% $rounds >= 60 %}",
    Fail("Too long", error="TooLong", cause="Tasks still run after half an hour"),
)
none_left.default_choice(hold)

machine = Machine(
    "scale-to-zero",
    Chain([scale, hold, look, none_left]),
    comment="Scales a service to zero and waits until no task runs",
)
machine.graph()
# [prompt]
# # One call and the loop of rung 05. By kit.steps, or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Take it home: the file, the README with its picture, the policy. Then try what is in the file.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
rung("06").world("services", sandbox)
if machine is not ...:
    folder = Path(tempfile.mkdtemp())
    (folder / "scale.asl.json").write_text(machine.to_json(), encoding="utf-8")
    (folder / "README.md").write_text(f"```mermaid\n{machine.mermaid()}\n```\n", encoding="utf-8")
    machine = Machine.from_asl(folder / "scale.asl.json")
    print(machine.policy().actions)
    run = sandbox.deploy(machine).start({"cluster": "staging", "service": "shop"})
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
# Next: [07 · Try again](../notebooks/07_try_again.ipynb)
