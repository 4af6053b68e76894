"""Activities and their workers.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from kit.emulator.api.errors import ApiError
from kit.emulator.api.names import check_name, parse_arn
from kit.emulator.api.operations import Operations, put
from kit.emulator.api.paging import page
from kit.emulator.api.pending import Pending
from kit.emulator.api.store import Activity
from kit.engine.events import at

POLL_SECONDS: Final = 60.0


class ActivityOperations(Operations):
    def create_activity(self, params: dict[str, Any]) -> dict[str, Any]:
        name = check_name(params["name"])
        arn = self.engine.arn("activity", name)
        activity = self.store.activities.get(arn)
        if activity is None:
            encryption = params.get("encryptionConfiguration")
            activity = Activity(arn=arn, name=name, created=self.now, encryption=encryption)
            self.store.activities[arn] = activity
            self.add_tags(arn, params.get("tags") or [])
        return {"activityArn": arn, "creationDate": at(activity.created)}

    def describe_activity(self, params: dict[str, Any]) -> dict[str, Any]:
        activity = self.activity(params["activityArn"])
        return put(_brief(activity), encryptionConfiguration=activity.encryption or {"type": "AWS_OWNED_KEY"})

    def list_activities(self, params: dict[str, Any]) -> dict[str, Any]:
        activities = sorted(self.store.activities.values(), key=lambda activity: activity.name)
        return page(activities, params, "activities", _brief)

    def delete_activity(self, params: dict[str, Any]) -> dict[str, Any]:
        """Deleting what isn't there is no error, as on AWS."""
        parse_arn(params["activityArn"], "activity")
        self.store.activities.pop(params["activityArn"], None)
        self.store.tags.pop(params["activityArn"], None)
        return {}

    def get_activity_task(self, params: dict[str, Any]) -> Pending:
        """Waits up to a minute for a task, and answers with nothing in it if there is none."""
        activity = self.activity(params["activityArn"])
        poll = self.engine.activities.poll(activity.arn, params.get("workerName"))

        def answer() -> dict[str, Any]:
            poll.cancel()
            return {} if poll.task is None else {"taskToken": poll.task.token, "input": poll.task.input}

        def subscribe(wake: Callable[[], object]) -> None:
            poll.on_task = wake
            if poll.task is not None:
                wake()

        return Pending(
            subscribe=subscribe,
            ready=lambda: poll.task is not None,
            answer=answer,
            cancel=poll.cancel,
            seconds=POLL_SECONDS,
        )

    def activity(self, arn: str) -> Activity:
        parse_arn(arn, "activity")
        found = self.store.activities.get(arn)
        if found is None:
            raise ApiError("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
        return found


def _brief(activity: Activity) -> dict[str, Any]:
    return {"activityArn": activity.arn, "name": activity.name, "creationDate": at(activity.created)}
