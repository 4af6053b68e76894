"""What is changed in moto's own machinery, once a process, so that emulators can live in it.

- moto keeps every object that it ever made in a list (for its dashboard), and S3's `reset` closes the files
  of all of them. Objects made inside an emulator are not listed: nothing grows, nobody else closes them.
- moto keeps what some methods gave in caches of the class, and so every object that was asked, an emulator's
  whole account with it. What a method gave is kept on its object here, and goes with it.
- moto warns when an S3 object's file is closed late. An emulator's are closed with it, or when replaced.
- moto asks `Session()` for Regions, which fails where the user's AWS_PROFILE doesn't exist.
- moto's SQS waits in real time for a message, by a clock that stands still here. It answers at once.
- moto's rules send events to a few kinds of targets, and break on others. In an emulator they fill archives
  only; `schedules` does the rest.
- moto knows no documents of type ChangeCalendar in iCalendar.
- moto's own state transitions count how often one looks. A resource whose status follows from the sandbox's
  clock (`small_steps_status`) has that one. CodeBuild ends a build when one looks at it; here it doesn't.
- moto's Batch runs jobs in Docker. Here they run nowhere, and their statuses follow from the clock.
- moto's ECS needs a list of security groups, which AWS doesn't: then the VPC's own is taken.
- moto lists snapshots and clusters in the order of their creation, snapshots all at once. AWS's pages are
  in the order of names.
- moto looks through all methods of a service's class at every call, and asks anew under which names an object
  holds each member of an answer; what it finds is kept. It draws request
  ids of 52 letters; they are UUIDs here, as most services have them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import _lru_cache_wrapper, cache, wraps
from typing import Any

from kit.emulator import plain_xml, virtual_time


@cache
def install(session: Callable[[], Any]) -> None:
    """Makes the changes; does nothing the second time. `session` gives a boto3 session."""
    from moto.core import base_backend, common_models, responses, serialize
    from moto.moto_api._internal import managed_state_model

    models: Any = common_models.BaseModel
    models.__new__ = _untracked(models.__new__)
    registries: Any = base_backend.AccountSpecificBackend
    registries.get_session = classmethod(lambda _cls: session())
    registries._generate_regions = _kept_by_argument(registries._generate_regions)
    managed: Any = managed_state_model.ManagedState
    managed.status = _shown_status(managed.status)
    core: Any = responses
    core.gen_amzn_requestid_long = _told_request_id
    core.method_names_from_class = cache(core.method_names_from_class)
    written: Any = serialize.BaseXMLSerializer
    written._serialize_body = _written_plainly(written._serialize_body)
    pickers: Any = (serialize.AttributePicker, serialize.XFormedAttributePicker)
    for picker in pickers:
        picker.get_possible_keys = _remembering(picker.get_possible_keys)


def _shown_status(managed: Any) -> property:
    """The status that the sandbox gives a resource comes before the one that moto counts out."""

    def told(resource: Any) -> Any:
        return vars(resource).get("small_steps_status") or managed.fget(resource)

    def set_status(resource: Any, value: str) -> None:
        if "small_steps_status" in vars(resource):
            resource.small_steps_status = value
        managed.fset(resource, value)

    return property(told, set_status)


def _written_plainly(serialize_body: Any) -> Any:
    @wraps(serialize_body)
    def written(self: Any, body: Any) -> Any:
        return serialize_body(self, body) if self.pretty_print else plain_xml.write(body)

    return written


def _remembering(get_possible_keys: Any) -> Any:
    """Under which names an object of a class may hold what a shape shows: the same each time."""
    remembered: dict[Any, tuple[tuple[str, ...], Any]] = {}

    @wraps(get_possible_keys)
    def possible_keys(self: Any, context: Any) -> tuple[str, ...]:
        place = (type(self), *self.alias_providers, type(context.obj), context.key, id(context.shape))
        found = remembered.get(place)
        if found is None:
            keys = tuple(dict.fromkeys(get_possible_keys(self, context)))
            # With the shape itself, so that its id stays its own.
            found = remembered[place] = keys, context.shape
        return found[0]

    return possible_keys


def _told_request_id(headers: dict[str, Any] | None = None) -> str:
    """A UUID, as most services have it, in place of 52 letters drawn one by one."""
    from moto.moto_api._internal import mock_random

    request_id = str(mock_random.uuid4())
    if headers is not None:
        headers["x-amzn-requestid"] = request_id
    return request_id


def _kept_by_argument(cached: Any) -> Any:
    """A method that is cached and doesn't look at its object: kept by its argument alone."""
    kept = cache(lambda argument: cached.__wrapped__(None, argument))
    return lambda _self, argument: kept(argument)


def _keep_on_objects(module: Any) -> None:
    """Lets what cached methods of a module's classes give be kept on their objects."""
    for each in list(vars(module).values()):
        if isinstance(each, type) and each.__module__ == module.__name__:
            for name, method in list(vars(each).items()):
                if isinstance(method, _lru_cache_wrapper):
                    setattr(each, name, _kept_on_its_object(method))


virtual_time.visitors.append(_keep_on_objects)


def _kept_on_its_object(cached: Any) -> Any:
    make = cached.__wrapped__

    @wraps(make)
    def kept(self: Any, *args: Any) -> Any:
        held = vars(self).setdefault("small_steps_kept", {})
        place = (make.__name__, *args)
        if place not in held:
            held[place] = make(self, *args)
        return held[place]

    return kept


def _untracked(tracked: Any) -> Any:
    def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return object.__new__(cls) if virtual_time.is_shown() else tracked(cls, *args, **kwargs)

    return new


_RDS_LISTS = (
    ("describe_db_cluster_snapshots", "DBClusterSnapshots", "db_cluster_snapshot_identifier"),
    ("describe_db_clusters", "DBClusters", "db_cluster_identifier"),
    ("describe_db_instances", "DBInstances", "db_instance_identifier"),
    ("describe_db_snapshots", "DBSnapshots", "db_snapshot_identifier"),
)


def _in_pages(describe: Any, shown: str, name: str) -> Any:
    @wraps(describe)
    def described(self: Any) -> Any:
        from moto.core.responses import ActionResult

        answer = describe(self)
        if not virtual_time.is_shown():
            return answer
        named = sorted(
            ((str(getattr(each, name)), each) for each in answer._result[shown]), key=lambda pair: pair[0]
        )
        after = base64.b64decode(self.params.get("Marker") or "").decode()
        left = [pair for pair in named if pair[0] > after]
        page = left[: int(self.params.get("MaxRecords") or 100)]
        told: dict[str, Any] = {shown: [each for _, each in page]}
        if len(page) < len(left):
            told["Marker"] = base64.b64encode(page[-1][0].encode()).decode()
        return ActionResult(told)

    return described


@cache
def install_for(service: str) -> None:
    """Makes the changes to one service (moto's name), when it is loaded."""
    if service == "s3":
        from moto.s3.models import FakeKey

        keys: Any = FakeKey
        keys.__del__ = lambda key: key.dispose()
    elif service == "events":
        from moto.events.models import Rule

        rules: Any = Rule
        rules.send_to_targets = _to_archives_only(rules.send_to_targets)
    elif service == "ssm":
        from moto.ssm import models as ssm

        documents: Any = ssm.Document
        documents.__init__ = _taking_calendars(documents.__init__)
        formats: Any = ssm
        formats._validate_document_format = _taking_text(formats._validate_document_format)
    elif service == "batch":
        from moto.batch.responses import BatchResponse

        responses: Any = BatchResponse
        responses.batch_backend = _without_docker(responses.batch_backend)
    elif service == "codebuild":
        from moto.codebuild.models import CodeBuildBackend

        builds: Any = CodeBuildBackend
        builds.batch_get_builds = _as_they_stand(builds.batch_get_builds)
    elif service == "ecs":
        from moto.ecs.models import Service, Task

        tasks: Any = Task
        tasks.__init__ = _with_security_groups(tasks.__init__, "networking_configuration")
        services: Any = Service
        services.__init__ = _with_security_groups(services.__init__, "network_configuration")
    elif service == "rds":
        from moto.rds.responses import RDSResponse

        for operation, shown, name in _RDS_LISTS:
            setattr(RDSResponse, operation, _in_pages(getattr(RDSResponse, operation), shown, name))
    elif service == "sqs":
        from moto.sqs.models import SQSBackend

        queues: Any = SQSBackend
        queues.receive_message = _answering_at_once(queues.receive_message)


def _without_docker(batch_backend: Any) -> property:
    def chosen(response: Any) -> Any:
        if not virtual_time.is_shown():
            return batch_backend.fget(response)
        from moto.batch_simple.models import batch_simple_backends

        return batch_simple_backends[response.current_account][response.region]

    return property(chosen)


def _as_they_stand(batch_get_builds: Any) -> Any:
    @wraps(batch_get_builds)
    def builds(self: Any, ids: list[str]) -> Any:
        if not virtual_time.is_shown():
            return batch_get_builds(self, ids)
        history = self.build_metadata_history.values()
        return [build for builds in history for build in builds if build["id"] in ids or build["arn"] in ids]

    return builds


def _with_security_groups(init: Any, parameter: str) -> Any:
    @wraps(init)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        network = (kwargs.get(parameter) or {}).get("awsvpcConfiguration")
        if network is not None:
            network.setdefault("securityGroups", [])
        init(self, *args, **kwargs)

    return made


def _answering_at_once(receive: Any) -> Any:
    @wraps(receive)
    def receive_message(
        self: Any, queue_name: str, count: int, wait_seconds: int, *args: Any, **kwargs: Any
    ) -> Any:
        wait_seconds = 0 if virtual_time.is_shown() else wait_seconds
        return receive(self, queue_name, count, wait_seconds, *args, **kwargs)

    return receive_message


def _to_archives_only(send: Any) -> Any:
    @wraps(send)
    def send_to_targets(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not virtual_time.is_shown():
            return send(self, *args, **kwargs)
        targets, self.targets = self.targets, [each for each in self.targets if _is_archive(each["Arn"])]
        try:
            return send(self, *args, **kwargs) if self.targets else None
        finally:
            self.targets = targets

    return send_to_targets


def _is_archive(arn: str) -> bool:
    return arn.split(":", 5)[2:3] == ["events"] and "/" not in arn


def _taking_calendars(init: Any) -> Any:
    @wraps(init)
    def init_document(self: Any, **kwargs: Any) -> None:
        if kwargs.get("document_type") != "ChangeCalendar" or kwargs.get("document_format") != "TEXT":
            init(self, **kwargs)
            return
        init(self, **{**kwargs, "content": {"schemaVersion": "1.0"}})
        self.content = kwargs["content"]

    return init_document


def _taking_text(check: Any) -> Any:
    @wraps(check)
    def check_format(document_format: str) -> None:
        if document_format != "TEXT":
            check(document_format)

    return check_format
