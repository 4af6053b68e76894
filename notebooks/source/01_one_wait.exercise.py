# %% [markdown] id="title"
# # 01 · One wait: exercise
#
# A maintenance window is announced to you. Fifteen minutes before it opens, the on-call person is to be told,
# so your machine has to hold until then. The telling itself comes later; here the machine ends when it is time.
#
# **Build a machine that ends fifteen minutes before the window of its input opens.** If that moment has already
# passed, it ends at once.
#
# The input looks like this. The time zone may be another one:
#
# ```json
# {"window": "2026-04-07T02:00:00Z"}
# ```

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import Chain, Wait

# [solution]
q = rung("01", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("01").question(1)
# rung("01")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# One Wait is enough. The Timestamp is the window less fifteen minutes. A Timestamp in the past leaves at once, so
# the second sentence of the task costs nothing.

# %% id="answer"
# [solution 1]
machine = Machine(
    "before-the-window",
    Chain(
        [
            Wait(
                "Until it is time",
                timestamp="{% $fromMillis($toMillis($states.input.window) - 15 * 60 * 1000) %}",
                comment="A quarter of an hour before the window; a moment in the past leaves at once",
            )
        ]
    ),
)
machine.show()
# [prompt]
# # Machine("before-the-window", Chain([Wait(...)])), or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked. The sandbox's clock starts on Monday, 6 April 2026, at 00:00 UTC.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
if machine is not ...:
    run = sandbox.deploy(machine).start({"window": "2026-04-07T02:00:00Z"})
    run.wait(timeout=60)
    print(run.status, "at", sandbox.clock.now())

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% [markdown] id="next"
# Next: [02 · One call, no code](../notebooks/02_one_call.ipynb)
