# %% [markdown] id="title"
# # 03 · Read the run: exercise
#
# A machine has stopped one team's database every evening of the week. It looks up the name of the cluster, stops
# it, and notes who owns it. Two of the five runs are red, and you were not there.
#
# **Say what happened.** For each red run: which state failed, with which error and cause, and one thing more.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Sandbox, rung

# [solution]
q = rung("03", record=False)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("03")
# q  # how far you are
# [end]

# %% [markdown] id="week-words"
# The next cell lets the week pass. `runs` has the ARN of each day's run; `sandbox.run(arn)` takes one up again.

# %% id="week"
sandbox = Sandbox.local(clock=clock, seed=seed)
runs = rung("03").world("week", sandbox)
for day, arn in runs.items():
    print(day, sandbox.run(arn).status)

# %% id="machine"
rung("03").machine("evening-stop").show()

# %% [markdown] id="first"
# ## 1. Tuesday
#
# `state`: the name of the state that failed. `input`: what *that state* was given, as a dict. `error` and `cause`: as
# the history has them.
#
# Copy them from what you see, or take them by code. Both are fine.

# %% id="tuesday"
tuesday = sandbox.run(runs["tuesday"])
tuesday.graph()

# %% id="tuesday-events"
tuesday.events()

# %% [markdown] tags=["solution"] id="solution-words"
# `trace.failures()` are the failed visits to states, whole.

# %% id="answer-1"
# [solution 1]
failed = tuesday.trace.failures()[0]
answer_1 = {"state": failed.state, "input": failed.input, "error": failed.error, "cause": failed.cause}
print(failed.state, failed.input["Parameter"]["Value"], failed.error)
# [prompt]
# answer_1 = {"state": ..., "input": ..., "error": ..., "cause": ...}
# [end]

# %% id="check-1"
q.question(1).check(answer_1)

# %% [markdown] id="second"
# ## 2. Thursday
#
# Instead of the input: **was the database stopped all the same?** `stopped` is `True` or `False`.

# %% id="answer-2"
# [solution 2]
thursday = sandbox.run(runs["thursday"])
failed = thursday.trace.failures()[0]
stop = thursday.trace.states["Stop it"]
answer_2 = {
    "state": failed.state,
    "error": failed.error,
    "cause": failed.cause,
    "stopped": stop.status == "succeeded",
}
print(failed.state, failed.error, "- stopped all the same:", answer_2["stopped"])
# [prompt]
# answer_2 = {"state": ..., "error": ..., "cause": ..., "stopped": ...}
# [end]

# %% id="check-2"
q.question(2).check(answer_2)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `.solution()` shows the solution after a pass.

# %% id="hint"
# q.question(1).hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# Next: rung 04, waiting until something is so.
