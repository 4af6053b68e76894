"""Activities: work that a program of somebody's own asks for and answers.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class ActivityTask:
    """One task that waits for a worker. `on_start(worker_name)` is called when one takes it."""

    token: str
    input: str
    on_start: Callable[[str | None], object]


@dataclass(slots=True)
class Activities:
    """The queues of one sandbox, by activity ARN: tasks that wait for a worker, and workers that poll."""

    _tasks: dict[str, deque[ActivityTask]] = field(default_factory=dict)
    _pollers: dict[str, deque[Poll]] = field(default_factory=dict)

    def offer(self, arn: str, task: ActivityTask) -> None:
        """Gives the task to the worker that has polled longest, or queues it."""
        pollers = self._pollers.get(arn)
        while pollers:
            poll = pollers.popleft()
            if poll.give(task):
                return
        self._tasks.setdefault(arn, deque()).append(task)

    def withdraw(self, arn: str, task: ActivityTask) -> None:
        tasks = self._tasks.get(arn)
        if tasks and task in tasks:
            tasks.remove(task)

    def poll(self, arn: str, worker_name: str | None) -> Poll:
        """Asks for a task, which the poll gets now or, until it is cancelled, later."""
        poll = Poll(worker_name)
        tasks = self._tasks.get(arn)
        if tasks:
            poll.give(tasks.popleft())
        else:
            self._pollers.setdefault(arn, deque()).append(poll)
        return poll


@dataclass(slots=True)
class Poll:
    """A worker's request for a task."""

    worker_name: str | None
    task: ActivityTask | None = None
    open: bool = True
    on_task: Callable[[], object] | None = None

    def give(self, task: ActivityTask) -> bool:
        """Hands the task over. False if the worker has gone."""
        if not self.open:
            return False
        self.open, self.task = False, task
        task.on_start(self.worker_name)
        if self.on_task is not None:
            self.on_task()
        return True

    def cancel(self) -> None:
        self.open = False
