# %% [markdown] id="title"
# # 23 · The big one: exercise
#
# The shop's users move. They stand in a CSV file with the columns `id` and `name`. Some rows have no id, and DynamoDB
# refuses these.
#
# **Build a machine that writes each row of the file into the table `users`.**
#
# ```json
# {"bucket": "shop-migration", "key": "users.csv"}
# ```
#
# - `dynamodb:putItem`, with `id` and `name` as texts: `{"id": {"S": "u0001"}, "name": {"S": "User 1"}}`.
# - Up to five percent of bad rows don't stop it. With a quarter of bad rows it fails, with the error
#   `States.ExceedToleratedFailureThreshold`.
# - What failed stands in a file that the Map writes into the same bucket.
# - The output says how many rows: `{"succeeded": 39, "failed": 2}`.
# - After an outage somebody redrives the run, once. Then it ends well, and no user is written twice.

# %% tags=["parameters"] id="parameters"
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0

# %% id="set-up"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Map

# [solution]
q = rung("23", record=False).question(1)  # the course's own solution is no progress of yours
# [prompt]
# q = rung("23").question(1)
# [end]

# %% [markdown] tags=["solution"] id="solution-words"
# The lesson's Map with another call inside. Nothing is caught, so that a redrive goes on.

# %% id="answer"
# [solution 1]
machine = Machine(
    "move-users",
    Chain(
        [
            Map(
                "Each user",
                item_processor=AwsSdk(
                    "Write",
                    "dynamodb:putItem",
                    TableName="users",
                    Item={"id": {"S": "{% $states.input.id %}"}, "name": {"S": "{% $states.input.name %}"}},
                    comment="Under its own key: written twice it is the same",
                ),
                processor_config={"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                item_reader={
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                    "Arguments": {"Bucket": "{% $states.input.bucket %}", "Key": "{% $states.input.key %}"},
                },
                result_writer={
                    "Resource": "arn:aws:states:::s3:putObject",
                    "Arguments": {"Bucket": "{% $states.input.bucket %}", "Prefix": "results"},
                },
                max_concurrency=20,
                tolerated_failure_percentage=5,
            ),
            AwsSdk(
                "How did it go?",
                "sfn:describeMapRun",
                MapRunArn="{% $states.input.MapRunArn %}",
                output={
                    "succeeded": "{% $states.result.ItemCounts.Succeeded %}",
                    "failed": "{% $states.result.ItemCounts.Failed %}",
                },
            ),
        ]
    ),
    comment="Writes each user of a file into a table",
)
machine.show()
# [prompt]
# # A distributed Map, and a call that asks how it went. By kit.steps, or the ASL as a dict: both are fine.
# machine = ...
# machine
# [end]

# %% [markdown] id="try-words"
# Try it before you have it checked: 200 rows, two of them without an id.

# %% id="try"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("23").world("users", sandbox)
if machine is not ...:
    run = sandbox.deploy(machine).start(data)
    run.wait(timeout=120)
    print(run.status, run.error or "", run.cause or "")
    print(run.output)

# %% id="check"
q.check(machine)

# %% [markdown] id="help"
# Stuck? Take the next hint by taking the `#` away. `q.solution()` shows the solution after a pass.

# %% id="hint"
# q.hint()

# %% id="close"
sandbox.close()

# %% [markdown] id="next"
# This is the top of the ladder. What comes next is a job of your own.
