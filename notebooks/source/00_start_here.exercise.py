# %% [markdown] id="title"
# # 00 · Start here: exercise
#
# This machine builds staging on business days. Today it thinks that it is a holiday, so the run ends at
# `Leave it off`.
#
# **Change one state so that the run goes through `Build staging` and ends at `Staging is up`.** It must
# still ask `Open today?` on its way.
#
# Then run the cells from top to bottom. The last one checks your machine.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung

# [solution]
q = rung("00", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("00").question(1)
# rung("00")  # how far you are
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The Choice compares the field `day` with `business day`. The first state writes that field, so that is
# the state to change.

# %% id="answer"
machine = Machine(
    "open-or-not",
    {
        "Comment": "Builds staging on business days only",
        "QueryLanguage": "JSONata",
        "StartAt": "What day is it",
        "States": {
# [solution 1]
            "What day is it": {"Type": "Pass", "Output": {"day": "business day"}, "Next": "Open today?"},
# [prompt]
#             "What day is it": {"Type": "Pass", "Output": {"day": "holiday"}, "Next": "Open today?"},
# [end]
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
machine.show()

# %% [markdown] id="try-words"
# Try it before you have it checked. The picture shows which way the run took.

# %% id="try"
run = Sandbox.local(clock=clock, seed=seed).deploy(machine).start({})
run.watch()

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% [markdown] id="next"
# Next: [01 · One wait](../notebooks/01_one_wait.ipynb)
