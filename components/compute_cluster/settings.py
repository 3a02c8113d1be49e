"""What a stack's YAML says about its services and workers: ``fitness-platform:compute``."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field

from components.compute_cluster.task_settings import (
    ImageTag,
    ServiceName,
    ServiceSettings,
    TaskSettings,
    WorkerSettings,
    latest,
)
from components.routes import INTERNAL_PREFIX
from components.settings_base import Conflict, KeepsAdr, RetentionDays, Settings

_GROUPS_OF_BALANCER = (
    100  # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
)
_ADR_SERVICES: Mapping[str, ServiceSettings] = {
    "api-gateway": ServiceSettings(paths=("/api/*", "/ws/*", f"{INTERNAL_PREFIX}/*"), priority=900),
    "auth": ServiceSettings(paths=("/auth/*",), priority=100),
    "training": ServiceSettings(paths=("/training/*",), priority=200),
    "content": ServiceSettings(paths=("/content/*",), priority=300),
    "payment": ServiceSettings(paths=("/payments/*",), priority=400),
    "ai": ServiceSettings(paths=("/ai/*",), priority=500, stateful=True),
}
_Block = TypeVar("_Block", bound=Settings)


def _with_adr_services(given: Mapping[str, ServiceSettings]) -> dict[str, ServiceSettings]:
    """Return the six and further services; one of the six that is given changes only what it says."""
    further = {name: service for name, service in given.items() if name not in _ADR_SERVICES}
    six = {name: _overlaid(service, given.get(name)) for name, service in _ADR_SERVICES.items()}
    return six | further


def _overlaid(base: _Block, changes: _Block | None) -> _Block:
    if changes is None:
        return base
    update: dict[str, Any] = {}
    for name in changes.model_fields_set:
        old, new = getattr(base, name), getattr(changes, name)
        update[name] = _overlaid(old, new) if isinstance(new, Settings) else new
    return base.model_copy(update=update)


class ComputeSettings(Settings):
    """Services and workers on Fargate. Every default is the decision's value."""

    services: Annotated[dict[ServiceName, ServiceSettings], AfterValidator(_with_adr_services)] = Field(
        default={},
        description=(
            "Services by name. The decision's six (api-gateway, auth, training, content, payment, ai) are always "
            "there, and a block here changes only what it says; any other name is a further service."
        ),
    )
    workers: dict[ServiceName, WorkerSettings] = Field(
        default={"background": WorkerSettings()}, description="Workers in the background, by name."
    )
    image_tag: Annotated[
        ImageTag | None, KeepsAdr("compute-service-api-gateway", "given, here or for each of the six", bool)
    ] = Field(
        default=None,
        description=(
            "Tag of all images. Without a tag or a digest, a service has its repository and nothing else: that is how "
            "an account begins (docs/deploying.md)."
        ),
    )
    deployment_strategy: Annotated[
        Literal["blueGreen", "rolling"], KeepsAdr("dr-blue-green", "blueGreen", lambda name: name == "blueGreen")
    ] = Field(
        default="blueGreen",
        description="How services get a new version: beside the old one, then all at once, or task by task.",
    )
    bake_minutes: Annotated[int, KeepsAdr("dr-app-rto-15min", "5 to 15", lambda time: 5 <= time <= 15)] = Field(
        default=10, ge=0, le=1440, description="Minutes that the old version stays after blue/green, to go back to."
    )
    backend_protocol: Annotated[
        Literal["HTTPS", "HTTP"], KeepsAdr("enc-transit-tls12", "HTTPS", lambda name: name == "HTTPS")
    ] = Field(
        default="HTTPS",
        description="What the load balancer speaks with containers. A container's certificate may be its own.",
    )
    log_retention_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-app", "90 or more", lambda days: days >= 90)
    ] = Field(default=90, description="Days that the logs of services and workers are kept.")
    trace_sample_rate: float = Field(
        default=0.05, ge=0, le=1, description="Share of requests that are traced, 0 to 1. Each trace costs."
    )
    fargate_vcpu_quota: Annotated[int, KeepsAdr("edge-context-millions", "any", lambda _: True)] = Field(
        default=256,
        ge=1,
        le=100_000,
        description=(
            "vCPUs that the account may run on Fargate at once, as granted (Service Quotas, L-3032A538). All tasks at "
            "their maximum must fit in twice, as blue/green runs both versions."
        ),
    )
    untagged_image_days: int = Field(default=1, ge=1, le=365, description="Days that images without a tag are kept.")
    kept_images: int = Field(default=50, ge=5, le=1000, description="Images that each repository keeps, the newest.")

    @property
    def needed_vcpus(self) -> float:
        """VCPUs of all tasks at their maximum while every service runs two versions."""
        tasks = [*self.services.values(), *self.workers.values()]
        return 2 * sum(task.max_tasks * task.cpu for task in tasks) / 1024

    def image_reference(self, task: TaskSettings) -> str:
        """Return what follows the name of a task's repository in the name of its image: nothing if it has none yet."""
        if task.repository_only:
            return ""
        if task.image_digest:
            return f"@{task.image_digest}"
        tag = task.image_tag or self.image_tag
        return f":{tag}" if tag else ""

    @property
    def running_services(self) -> dict[str, ServiceSettings]:
        """The services that have an image."""
        return {name: service for name, service in self.services.items() if self.image_reference(service)}

    @property
    def running_workers(self) -> dict[str, WorkerSettings]:
        """The workers that have an image."""
        return {name: worker for name, worker in self.workers.items() if self.image_reference(worker)}

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what services can't share, and what one load balancer or account can't hold."""
        if self.image_tag == "latest":
            yield latest()
        for name in self.workers:
            if name in self.services:
                yield Conflict(("workers", name), name, "a name that no service has")
        yield from self._shared_rules()
        groups = len(self.services) * (2 if self.deployment_strategy == "blueGreen" else 1)
        if groups > _GROUPS_OF_BALANCER:
            allowed = f"so few that they need {_GROUPS_OF_BALANCER} target groups or fewer"
            yield Conflict(("services",), f"{len(self.services)} services", allowed)
        if self.needed_vcpus > self.fargate_vcpu_quota:
            yield Conflict(
                ("fargateVcpuQuota",),
                self.fargate_vcpu_quota,
                f"{self.needed_vcpus:g} or more, twice what all tasks need at their maximum",
            )

    def _shared_rules(self) -> Iterator[Conflict]:
        priorities: dict[int, str] = {}
        paths: dict[str, str] = {}
        for name, service in self.services.items():
            if service.priority is not None:
                holder = priorities.setdefault(service.priority, name)
                if holder != name:
                    path = ("services", name, "priority")
                    yield Conflict(path, service.priority, f"a priority that no other has; it is that of {holder}")
            for index, pattern in enumerate(service.paths):
                holder = paths.setdefault(pattern, name)
                if holder != name:
                    path = ("services", name, "paths", str(index))
                    yield Conflict(path, pattern, f"a pattern that no other has; it is one of {holder}")
