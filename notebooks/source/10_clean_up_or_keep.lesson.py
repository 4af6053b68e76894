# %% [markdown] id="title"
# # 10 · Clean up, or keep for redrive
#
# **The job.** Staging gets a clone of production's database, and the names and addresses in it are masked. One night
# the masking fails. Now there is a copy of production that everybody may read.
#
# **The idea.** A Catch with a clean-up and a Fail ends the chance to redrive. Choose for each step: may what is there
# stay, or does it have to go?
#
# *About 25 minutes, with the exercise.*

# %% tags=["parameters"] id="parameters"
target = "local"  # "aws": the last cell also deploys to your own account
clock = "paced"  # how virtual time goes: "paced", "instant", "60x", "real"
seed = 0
prefix = "small-steps"

# %% [markdown] id="old-way"
# ## How it is done today
#
# A script with a trap:
#
# ```bash
# set -euo pipefail
# trap 'aws rds delete-db-cluster --db-cluster-identifier "$NAME" --skip-final-snapshot' ERR
# ./clone.sh && ./wait-until-available.sh     # twenty minutes
# ./mask.sh
# ./make-cache.sh
# ```
#
# | five lines, and then | what goes wrong |
# | --- | --- |
# | `clone.sh` fails | left of `&&` it fires no trap and stops nothing: `mask.sh` runs on what isn't there, or on yesterday's |
# | the runner dies | no trap at all |
# | the deletion is refused | while the clone is being made RDS refuses it; the trap tries once |
# | `make-cache.sh` fails | the good, masked clone is thrown away, and twenty minutes with it |
#
# The last two are the theme of this rung: too little clean-up, and too much.

# %% [markdown] id="machine-words"
# ## The machine, without any clean-up
#
# Clone, wait until it is so, mask, cache. The masking is SQL, which the call `rdsdata:executeStatement` runs; no client
# has to be in the VPC for that. (A clone needs an instance to run SQL. It is left out here, to keep the machine small;
# rung 22 has it.)

# %% id="machine"
from kit import Machine, Sandbox, rung
from kit.steps import AwsSdk, Catch, Chain, Choice, Fail, Retry, Succeed, Wait

INPUT = "{% $states.input %}"


def copy(name, *, after_mask=(), after_cache=(), too_long=None):
    """The morning's copy; what the masking and the cache do about a failure is given."""
    clone = AwsSdk(
        "Clone",
        "rds:restoreDBClusterToPointInTime",
        DbClusterIdentifier="{% $states.input.name %}",
        SourceDBClusterIdentifier="{% $states.input.source %}",
        RestoreType="copy-on-write",
        UseLatestRestorableTime=True,
        assign={"rounds": 0, "arn": "{% $states.result.DbCluster.DbClusterArn %}", "why": "TooLong"},
        output=INPUT,
    )
    hold = Wait("Half a minute", seconds=30)
    look = AwsSdk(
        "Look",
        "rds:describeDBClusters",
        DbClusterIdentifier="{% $states.input.name %}",
        assign={
            "status": "{% $states.result.DbClusters[0].Status %}",
            "rounds": "{% $rounds + 1 %}",
        },
        output=INPUT,
    )
    mask = AwsSdk(
        "Mask",
        "rdsdata:executeStatement",
        ResourceArn="{% $arn %}",
        SecretArn="{% $states.input.secret %}",
        Database="shop",
        Sql="CALL mask_people()",
        output=INPUT,
        catch=list(after_mask),
    )
    cache = AwsSdk(
        "Cache",
        "elasticache:createReplicationGroup",
        ReplicationGroupId="{% $states.input.name %}",
        ReplicationGroupDescription="Staging's cache",
        SnapshotName="{% $states.input.snapshot %}",
        output=INPUT,
        catch=list(after_cache),
    )
    mask.next(cache)
    cache.next(Succeed("Staging is up"))
    ready = Choice("Available?")
    ready.add_choice("{% $status = 'available' %}", mask)
    ready.add_choice(
        "{% $rounds >= 60 %}",
        too_long or Fail("It takes too long", error="TooLong", cause="Not available after half an hour"),
    )
    ready.default_choice(hold)
    return Machine(
        f"{prefix}-{name}", Chain([clone, hold, look, ready]), comment="A masked copy of production"
    )


bare = copy("without-clean-up")
bare.graph()

# %% [markdown] id="failure-words"
# ## Make it fail
#
# The masking runs into its time limit.

# %% id="failure"
sandbox = Sandbox.local(clock=clock, seed=seed)
data = rung("10").world("production", sandbox)
rds = sandbox.aws("rds")


def clusters():
    return [f"{one['DBClusterIdentifier']} is {one['Status']}" for one in rds.describe_db_clusters()["DBClusters"]]


rung("10").world("mask fails", sandbox)
first = sandbox.deploy(bare).start(data)
first.watch()

# %% id="failure-left"
first.wait(timeout=60)
print(first.status, first.error)
print(clusters())

# %% [markdown] id="failure-read"
# It is red, and it can be redriven. But it is night, and until somebody comes, `shop-staging` holds the names of real
# people. That may not stay for an hour. **Here a clean-up is worth more than a redrive.**
#
# ## Too much
#
# So one catches everything: whatever fails, delete the clone, then fail.

# %% id="too-much"
rds.delete_db_cluster(DBClusterIdentifier="shop-staging", SkipFinalSnapshot=True)
sandbox.clock.advance(minutes=10)


def delete_the_clone():
    """The clean-up: patient, since RDS refuses to delete a cluster that is being made."""
    delete = AwsSdk(
        "Delete the clone",
        "rds:deleteDBCluster",
        DbClusterIdentifier="{% $states.input.name %}",
        SkipFinalSnapshot=True,
        retry=[
            Retry(
                error_equals=["Rds.InvalidDbClusterStateException", "Rds.RdsException"],
                interval_seconds=60,
                backoff_rate=1.0,
                max_attempts=30,
            )
        ],
        comment="Unmasked data may not stay",
    )
    delete.next(Fail("No staging", error="NoStaging", cause="{% 'The clone is deleted, after ' & $why %}"))
    return delete


def caught(clean_up):
    return Catch(
        clean_up,
        error_equals=["States.ALL"],
        assign={"why": "{% $states.errorOutput.Error %}"},
        output=INPUT,
    )


clean_up = delete_the_clone()
everything = copy("clean-up-always", after_mask=[caught(clean_up)], after_cache=[caught(clean_up)], too_long=clean_up)
everything.graph()

# %% [markdown] id="too-much-words"
# In the next run the masking goes well, and the cache is refused: the account has as many nodes as it may have.

# %% id="too-much-run"
rung("10").world("cache fails", sandbox)
second = sandbox.deploy(everything).start(data)
second.wait(timeout=60)
print(second.status, second.error, "-", second.cause)
sandbox.clock.advance(minutes=10)
print(clusters())

# %% [markdown] id="too-much-redrive"
# The quota is widened in two minutes. Now redrive it:

# %% id="redrive"
second.redrive()
second.wait(timeout=60)
second.graph()

# %% [markdown] id="redrive-read"
# In vain. A redrive goes on where the run failed, and it failed in the Fail state: a Fail fails again. And the clone, which
# was masked and good, is gone. All of it has to be done anew, because of one refused cache.
#
# **Catch, clean-up, Fail** is a way out that nobody comes back from. That is right where something may not stay, and
# wrong everywhere else.

# %% [markdown] id="choose"
# ## Choose
#
# Ask of each state: *if this one fails, what is in the account?*
#
# | what fails | what is there then | so |
# | --- | --- | --- |
# | `Clone` | nothing | fail in place: repair, redrive |
# | `Look` | an unmasked clone | clean up, then fail |
# | `Available?` gives up | an unmasked clone | clean up, then fail |
# | `Mask` | an unmasked clone | clean up, then fail |
# | `Cache` | a masked clone | fail in place: repair, redrive |
# | the clean-up itself | an unmasked clone | keep trying, long; then fail in place, so that a redrive tries again |
#
# The line between the two kinds goes through the middle of the machine. It is drawn by the data, not by the error: every
# error between the clone and the masking is caught, `States.ALL`.
#
# The machine that chooses is your exercise.

# %% [markdown] id="lint-words"
# One more thing about a Catch. It gives the reason to the next state, and who throws it away will miss it in the
# morning. `assign={"why": ...}` keeps it, and the Fail says it:

# %% id="why"
print(second.error, "-", second.cause)

# %% [markdown] id="cost"
# ## What it costs
#
# | | price | what it costs you |
# | --- | --- | --- |
# | a clean-up that runs | a handful of transitions, 0.0001 USD | the chance to redrive |
# | no clean-up | the clone's storage, by the hour | an unmasked copy, until somebody sees it |
# | clean-up of everything | twenty minutes and a new clone, each time | every small refusal becomes a new start |
# | the script's trap, 5 lines | a runner for the whole time | works when the runner does |

# %% [markdown] id="cannot-prove"
# ## What this sandbox cannot prove
#
# - **That the masking masks.** Here the SQL runs nowhere; the call is taken and noted. Whether no real name is left is
#   for a query on your own data. Rung 22 looks at rows.
# - **A stop by hand.** `StopExecution` doesn't fall into a Catch, and neither does the TimeoutSeconds of the machine. Both
#   leave what is there. Something from outside has to look in the evening.
# - **In which statuses RDS refuses a deletion.** Here it does so while a cluster is being made. The Retry is for that.
#
# In your own account this would copy a database, so the last cell only deploys the machine and starts nothing.

# %% id="real-account"
if target == "aws":
    account = Sandbox.aws(profile="sandbox", account="123456789012")  # your profile, your account's id
    print(account.deploy(bare).arn)

# %% id="close"
sandbox.close()

# %% [markdown] id="exercise"
# ## Your turn
#
# Open [the exercise](../my/10_clean_up_or_keep.ipynb): build the machine that chooses.
#
# **Next:** [11 · Shape the data](11_shape_the_data.ipynb).
