# %% [markdown] id="title"
# # 23 · The big one
#
# **The job.** A blog service moves to HTTPS. Each customer's own domain needs a certificate. They stand in a file with a
# line each, and there are many. Some lines are nonsense; that must not stop the others.
#
# **The idea.** A *distributed* Map reads the file itself and starts an execution for each line. It tolerates as many
# failures as you say, writes down which, and can be redriven.
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
# By a script on somebody's laptop, over night, with `nohup`:
#
# ```python
# done = set(open("done.txt").read().split())
# for row in csv.DictReader(open("domains.csv")):
#     if row["domain"] in done:
#         continue
#     try:
#         acm.request_certificate(DomainName=row["domain"], ValidationMethod="DNS")
#         print(row["domain"], file=open("done.txt", "a"))
#     except Exception as error:
#         print(row["domain"], error, file=open("failed.txt", "a"))
# ```
#
# | nine lines, and then | what goes wrong |
# | --- | --- |
# | one after the other | a hundred thousand lines at half a second each are fourteen hours |
# | the laptop sleeps | at line 41,322; was that one asked for, or not? |
# | `done.txt` | kept by hand: the file *is* the state machine |
# | an hour in which AWS refuses | forty thousand lines in `failed.txt`, and the script is content |
#
# The Map of rung 12 is no way out: all of its iterations write into one history, and a history ends at 25,000 events.

# %% [markdown] id="machine-words"
# ## The machine
#
# In a distributed Map each item is an execution of its own, a **child**, with a history of its own. All children together
# are a **Map Run**. Inside is a whole machine, as ever: here it looks at the line before it asks for the certificate.

# %% id="machine"
import json

from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Chain, Choice, Fail, Map

looks_right = Choice("Looks like a domain?")
looks_right.add_choice(
    "{% $contains($states.input.domain, /^[a-z0-9-]+([.][a-z0-9-]+)+$/) %}",
    AwsSdk(
        "Ask for a certificate",
        "acm:requestCertificate",
        DomainName="{% $states.input.domain %}",
        ValidationMethod="DNS",
        Tags=[{"Key": "owner", "Value": "{% $states.input.owner %}"}],
    ),
)
looks_right.default_choice(Fail("Bad row", error="BadRow", cause="{% 'Not a domain: ' & $states.input.domain %}"))

each_domain = Map(
    "Each domain",
    item_processor=Chain([looks_right]),
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
)
ask = AwsSdk(
    "How did it go?",
    "sfn:describeMapRun",
    MapRunArn="{% $states.input.MapRunArn %}",
    output="{% $states.result.ItemCounts %}",
)
certificates = Machine(
    f"{prefix}-certificates",
    Chain([each_domain, ask]),
    comment="A certificate for each customer's domain in a file",
)
certificates.show()

# %% [markdown] id="machine-read"
# - **`ItemReader`** reads a file of S3, line by line. The first line names the fields. It is never the data of a state,
#   so 256 KiB are no limit for it.
# - **`MaxConcurrency`** may be up to 10,000 here. ACM allows far fewer calls a second; 20 at a time are enough.
# - **`ToleratedFailurePercentage: 5`**. Fewer bad lines than that are normal, and somebody looks at them tomorrow. More
#   means that something bigger is wrong, and the Map stops.
# - **`ResultWriter`** writes what came out, and what failed, to S3. The Map's own answer is then only the ARN of its Map
#   Run, and `sfn:describeMapRun` says how it went.

# %% [markdown] id="run-words"
# ## Deploy, run, watch
#
# 120 lines, and two of them are nonsense.

# %% id="run"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("23").world("domains", sandbox)
s3, acm = sandbox.aws("s3"), sandbox.aws("acm")
deployed = sandbox.deploy(certificates)
run = deployed.start(data)
run.watch()

# %% id="end"
run.wait(timeout=120)
print(run.status)
print({name: count for name, count in run.output.items() if count})
print("events in the history of the run:", len(run.history))

# %% [markdown] id="end-read"
# The history of the run is short, however long the file is. The failures stand in a file beside the results, with the
# input of each:

# %% id="failed-file"
for one in s3.list_objects_v2(Bucket=data["bucket"])["Contents"]:
    print(one["Key"].rpartition("/")[2], one["Size"])
    if "FAILED" in one["Key"]:
        failed = json.loads(s3.get_object(Bucket=data["bucket"], Key=one["Key"])["Body"].read())
for one in failed:
    print(one["Error"], one["Cause"], one["Input"])

# %% [markdown] id="failure-words"
# ## Make it fail
#
# The same file again, with an outage: from the eightieth call on, ACM answers with an error of its own.

# %% id="failure"
rung("23").world("outage", sandbox)
night = deployed.start(data)
night.wait(timeout=120)
night.graph()

# %% id="failure-cause"
print(night.error, "-", night.cause)
states = sandbox.aws("stepfunctions")


def counts(execution):
    map_run = states.list_map_runs(executionArn=execution.arn)["mapRuns"][0]["mapRunArn"]
    told = states.describe_map_run(mapRunArn=map_run)["itemCounts"]
    return {name: count for name, count in told.items() if count}


print(counts(night))

# %% [markdown] id="failure-read"
# It stopped early. More than five percent had failed, so the rest was stopped. The script would have gone through
# to the last line and filled `failed.txt`.
#
# ## Redrive
#
# The outage is over. A redrive of the run redrives its Map Run: the children that failed or never began are started, the
# others are left alone.

# %% id="redrive"
sandbox.faults.clear()
before = sum(call.operation == "RequestCertificate" and call.outcome == "succeeded" for call in sandbox.calls)
night.redrive()
night.wait(timeout=120)
after = sum(call.operation == "RequestCertificate" and call.outcome == "succeeded" for call in sandbox.calls)
print(night.status, counts(night))
print("certificates asked for by the redrive:", after - before)

# %% [markdown] id="redrive-read"
# That is `done.txt`, kept by Step Functions. The two nonsense lines were tried again, and failed again: for them somebody
# mends the file and starts a new run with those lines.
#
# ## The other large one: migrating data
#
# Moving a hundred thousand users from one table to another is the same machine with another call inside. It is your
# exercise. Two differences matter in earnest:
#
# - **A child may run twice.** After a redrive, or a Retry. So write what gives the same when written twice: put an item
#   under its own key, never "add one".
# - **Small items, many of them.** `ItemBatcher` gives a child a hundred lines at once. Then a child's failure is the failure
#   of its hundred.

# %% [markdown] id="cost"
# ## What it costs
#
# | 100,000 lines | price | time | size |
# | --- | --- | --- | --- |
# | this machine, Standard children | 3 transitions a line: 300,000, 7.50 USD | 20 at a time: under an hour | 5 states |
# | Express children, batches of 100 | 1,000 requests and their duration: cents | the same | 5 states, one field |
# | the script | nothing | fourteen hours, and a person | 9 lines and two text files |
#
# Standard children are the ones whose histories you can read line by line. Express is cheaper, and a child has five minutes.

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **How fast AWS takes it.** Quotas on certificates, on calls a second, on starting children are your account's. Ask before
#   the night of the migration.
# - **That the certificates become valid.** Each needs a DNS record at the customer's, and days. A second machine looks after
#   that: rung 04, once for each.
# - **A redriven Map Run, event by event.** It follows AWS's guide; there was no recording of a real one to compare.
#
# In your own account: certificates are asked for in earnest, so this cell only deploys, and only if `target` is `"aws"`.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    print(account.deploy(certificates).arn)

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/23_the_big_one.ipynb): move a file of users into a table, bad rows and an outage included.
#
# This is the top of the ladder. What comes next is a job of your own.
