"""What a stack's YAML says about one service or worker, in a block of its own."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.routes import MAX_PATHS, MAX_WILDCARDS
from components.settings_base import Conflict, Form, KeepsAdr, Settings

ServiceName = Annotated[
    str, Form(r"^[a-z](-?[a-z0-9])*$", "lower-case letters, digits and single hyphens, a letter first")
]
ImageTag = Annotated[
    str, Form(r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", "a tag of up to 128 letters, digits and . _ -, such as 1.4.2")
]
ImageDigest = Annotated[str, Form(r"^sha256:[0-9a-f]{64}$", "sha256: and 64 hexadecimal digits in lower case")]
VariableName = Annotated[str, Form(r"^[A-Z_][A-Z0-9_]{0,127}$", "capital letters, digits and _, no digit first")]
SecretName = Annotated[
    str, Form(r"^[A-Za-z0-9/_+=.@-]{1,256}$", "the name of a secret: up to 256 letters, digits and / _ + = . @ -")
]
Command = Annotated[str, Form(r"^\S(.*\S)?$", "a command for the shell, on one line")]
PathPattern = Annotated[
    str,
    Form(
        r"""^/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$""",
        "a path of up to 128 characters that begins with a slash, * and ? for any, such as /auth/*",
    ),
]
ServicePath = Annotated[str, Form(r"^/[A-Za-z0-9_.~/-]{0,127}$", "a path that begins with a slash, such as /healthz")]
# https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
_CRON_FIELD = r"[0-9A-Z*?,/#-]+"
Cron = Annotated[
    str,
    Form(
        rf"^{_CRON_FIELD}( {_CRON_FIELD}){{5}}$",
        "six fields, from minute, hour and day of the month to month, day of the week and year, such as 0 6 * * ? *",
    ),
]
TimeZone = Annotated[
    str,
    Form(r"^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){1,2}$", "the time zone of a place, such as America/New_York"),
]

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, as far as the decision goes.
_MEMORY_OF_CPU: Mapping[int, tuple[int, ...]] = {256: (512, 1024, 2048), 512: (1024, 2048), 1024: (2048,)}
_RESERVED_PREFIXES = (
    "AWS_",
    "BUCKET_",
    "CACHE_",
    "DATABASE_",
    "ECS_",
    "OTEL_",
    "QUEUE_",
    "RATE_LIMIT_",
    "SEARCH_",
    "STREAM_",
)
_SECRET_NAME = re.compile(r"PASSW|PWD|SECRET|TOKEN|CREDENTIAL|(PRIVATE|API|ACCESS|ENCRYPTION|SIGNING)_?KEY")
_SECRET_VALUE = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN|://[^/\s:@]+:[^/\s@]+@|^ey[A-Za-z0-9_-]+\.ey")
_RANDOM_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")


class ScheduleSettings(Settings):
    """A time from which a service has another minimum of tasks."""

    name: ServiceName = Field(description="What it is called, once in each service.")
    cron: Cron = Field(description="When, as six fields of cron.")
    timezone: TimeZone = Field(default="America/New_York", description="Time zone of cron, by its IANA name.")
    min_per_az: int = Field(ge=1, le=100, description="Tasks in each zone, at least, from then on.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a time that AWS would not accept: it knows either the day of the month or that of the week."""
        fields = self.cron.split(" ")
        if (fields[2] == "?") == (fields[4] == "?"):
            yield Conflict(("cron",), self.cron, "? as the day of the month or as the day of the week, not as both")


class TargetSettings(Settings):
    """What services and workers are kept at."""

    cpu_target: Annotated[int, KeepsAdr("cost-target-cpu-70", "70", lambda target: target == 70)] = Field(
        default=70, ge=10, le=90, description="Average use of the processor to keep to, in percent."
    )
    memory_target: Annotated[int, KeepsAdr("cost-target-mem-80", "80", lambda target: target == 80)] = Field(
        default=80, ge=10, le=95, description="Average use of memory to keep to, in percent."
    )


class ScalingSettings(TargetSettings):
    """When a service gets more tasks, and fewer."""

    requests_per_task: int = Field(
        default=1000, ge=1, le=1_000_000, description="Requests a minute that a task is meant to answer."
    )
    step_cpu: Annotated[int | None, KeepsAdr("cost-step-scaling", "75 to 95", lambda cpu: cpu is not None)] = Field(
        default=85,
        ge=75,
        le=95,
        description="Use of the processor, in percent over a minute, from which tasks are added in steps; null: none.",
    )
    schedules: Annotated[
        tuple[ScheduleSettings, ...],
        KeepsAdr(
            "cost-scheduled-scaling",
            "two or more, with different minimums",
            lambda schedules: len({schedule.min_per_az for schedule in schedules}) > 1,
        ),
    ] = Field(
        default=(
            ScheduleSettings.model_validate({"name": "peak", "cron": "0 6 * * ? *", "minPerAz": 4}),
            ScheduleSettings.model_validate({"name": "off-peak", "cron": "0 22 * * ? *", "minPerAz": 2}),
        ),
        examples=[
            [],
            [{"name": "peak", "cron": "0 6 * * ? *", "timezone": "Europe/Berlin", "minPerAz": 3}],
            [
                {"name": "morning", "cron": "30 5 ? * MON-FRI *", "timezone": "Europe/Berlin", "minPerAz": 3},
                {"name": "night", "cron": "0 23 ? * * *", "timezone": "Etc/UTC", "minPerAz": 2},
            ],
        ],
        description="Minimums of tasks by the time of the day. None may be below minPerAz.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield names that are given twice."""
        names = [schedule.name for schedule in self.schedules]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield Conflict(("schedules", str(index), "name"), name, "a name that no other schedule has")


class BacklogSettings(TargetSettings):
    """When workers get more tasks, and fewer."""

    backlog_per_task: int = Field(
        default=100,
        ge=1,
        le=1_000_000,
        description=(
            "Jobs waiting for each task. Workers publish the metric BacklogPerTask through the collector beside them."
        ),
    )


class TaskSettings(Settings):
    """What the tasks of services and workers share."""

    cpu: Annotated[Literal[256, 512, 1024], KeepsAdr("compute-cpu-range", "any", lambda _: True)] = Field(
        default=512, description="CPU units of a task; 1024 are one vCPU."
    )
    memory_mib: Annotated[Literal[512, 1024, 2048], KeepsAdr("compute-memory-range", "any", lambda _: True)] = Field(
        default=1024, description="Memory of a task in MiB: 256 CPU units take any, 512 from 1024 on, 1024 just 2048."
    )
    image_tag: ImageTag | None = Field(
        default=None,
        examples=["2.1.0"],
        description="Tag of its image, if it is not that of all the others. Tags never move.",
    )
    image_digest: ImageDigest | None = Field(
        default=None, examples=[f"sha256:{'0a' * 32}"], description="Digest of its image, in place of a tag."
    )
    repository_only: bool = Field(
        default=False, description="Whether it has a repository and nothing else, until its first image is pushed."
    )
    max_tasks: int = Field(default=30, ge=2, le=1000, description="Tasks that it may grow to, in all zones together.")
    environment: dict[VariableName, str] = Field(
        default={},
        examples=[{"LOG_LEVEL": "info"}],
        description="Plain variables of the container. What is secret goes below secrets.",
    )
    secrets: dict[VariableName, SecretName] = Field(
        default={},
        examples=[{"PAYMENT_API_KEY": "payments/api-key-v2"}],
        description=(
            "Variables that hold secrets: names in Secrets Manager, in this account and region, encrypted by the "
            "stack's key for secrets."
        ),
    )
    database_access: bool = Field(
        default=True, description="Whether it is given host, port, name, user and password of the database."
    )
    health_check_command: Command | None = Field(
        default=None,
        examples=["/app/healthy"],
        description=(
            "What a container runs to know its health. Left out, services ask their own health path by curl, and "
            "workers look whether the file /tmp/alive was written in the last minute."
        ),
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield sizes that Fargate doesn't have, moving tags, and secrets among plain variables."""
        sizes = _MEMORY_OF_CPU[self.cpu]
        if self.memory_mib not in sizes:
            allowed = " or ".join(str(size) for size in sizes)
            yield Conflict(("memoryMib",), self.memory_mib, f"{allowed} where cpu is {self.cpu}")
        if self.image_tag == "latest":
            yield latest()
        for name, value in self.environment.items():
            if _SECRET_NAME.search(name) or _SECRET_VALUE.search(value):  # the message has the name alone
                yield Conflict(("environment", name), name, "what is not secret; secrets are named below secrets")
        for place, names in (("environment", self.environment), ("secrets", self.secrets)):
            for name in names:
                if name.startswith(_RESERVED_PREFIXES):
                    yield Conflict((place, name), name, f"names without {', '.join(_RESERVED_PREFIXES)} in front")
        for name, secret in self.secrets.items():
            if name in self.environment:
                yield Conflict(("secrets", name), name, "a variable that environment doesn't have")
            if _RANDOM_SUFFIX.search(secret):
                yield Conflict(
                    ("secrets", name),
                    secret,
                    "a name without a hyphen and six characters at its end, which Secrets Manager takes for its own",
                )


class ServiceSettings(TaskSettings):
    """A service behind the load balancer."""

    paths: tuple[PathPattern, ...] = Field(
        default=(),
        max_length=MAX_PATHS,
        examples=[["/v1/*"]],
        description=f"Paths of the requests that it answers, one to {MAX_PATHS} patterns; the six have theirs.",
    )
    priority: int | None = Field(
        default=None,
        ge=1,
        le=49_999,
        description="Place of its rule: of those that match, the lowest answers. Each once; the six have theirs.",
    )
    repository_only: Annotated[
        bool, KeepsAdr("compute-service-api-gateway", "false for the six", lambda only: not only)
    ] = Field(
        default=False, description="Whether it has a repository and nothing else, until its first image is pushed."
    )
    stateful: bool = Field(default=False, description="Whether a client stays with one task for half an hour.")
    health_check_path: ServicePath = Field(
        default="/healthz", examples=["/ready"], description="Path that answers 200 while the task can serve."
    )
    min_per_az: Annotated[int, KeepsAdr("compute-service-api-gateway", "2 or more", lambda count: count >= 2)] = Field(
        default=2, ge=1, le=100, description="Tasks in each zone, at least."
    )
    scaling: ScalingSettings = Field(default=ScalingSettings(), description="When it gets more tasks, and fewer.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what a further service lacks, and minimums below the minimum."""
        yield from super().conflicts()
        if not self.paths:
            yield Conflict(("paths",), [], f"1 to {MAX_PATHS} entries")
        if sum(pattern.count("*") + pattern.count("?") for pattern in self.paths) > MAX_WILDCARDS:
            allowed = f"patterns with {MAX_WILDCARDS} of * and ? or fewer, all together"
            yield Conflict(("paths",), list(self.paths), allowed)
        if self.priority is None:
            yield Conflict(("priority",), None, "1 to 49999, each once")
        for index, schedule in enumerate(self.scaling.schedules):
            if schedule.min_per_az < self.min_per_az:
                yield Conflict(
                    ("scaling", "schedules", str(index), "minPerAz"),
                    schedule.min_per_az,
                    f"minPerAz of the service ({self.min_per_az}) or more",
                )


class WorkerSettings(TaskSettings):
    """Work in the background: nobody waits for it, so that it may be interrupted and done again."""

    max_tasks: int = Field(default=10, ge=2, le=1000, description="Tasks that it may grow to, in all zones together.")
    min_tasks: int = Field(default=2, ge=1, le=999, description="Tasks, at least, in all zones together.")
    spot: bool = Field(default=True, description="Whether tasks run on Fargate Spot, from onDemandTasks on.")
    on_demand_tasks: int = Field(
        default=1, ge=0, le=1000, description="Tasks that are never interrupted, where the others run on Spot."
    )
    scaling: BacklogSettings = Field(default=BacklogSettings(), description="When it gets more tasks, and fewer.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield bounds that exclude each other."""
        yield from super().conflicts()
        if self.max_tasks <= self.min_tasks:
            yield Conflict(("maxTasks",), self.max_tasks, f"more than minTasks ({self.min_tasks})")


def latest() -> Conflict:
    """Return what is said of the tag that everybody moves."""
    return Conflict(("imageTag",), "latest", "a tag other than latest")
