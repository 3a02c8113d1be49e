"""The four dashboards of the decision, made from what the layers declare: a further service appears by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.observability_layer.business import BUSINESS_METRICS, BUSINESS_NAMESPACE
from components.observability_layer.widgets import Search, Series, Widget, body
from components.routes import target_group_name

_GROUP = ("LoadBalancer", "TargetGroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the layers declare, by the names that metrics know it by."""

    cluster: str
    services: Sequence[str]
    """Services behind the load balancer."""
    workers: Sequence[str]
    databases: Sequence[str]
    """Identifiers of database instances, the primary first."""
    proxy: str | None
    """Name of the database's proxy."""
    queues: Sequence[str]
    """Names of queues that are worked on."""
    api: str
    """Name of the REST API."""


def bodies(shown: Shown, naming: Naming) -> Mapping[str, str]:
    """Return the bodies of the dashboards, by what they are about."""
    return {
        about: body(widgets, naming.region)
        for about, widgets in {
            "service-health": _health(shown, naming),
            "errors-and-latency": _errors(shown, naming),
            "database": _database(shown),
            "business": _business(),
        }.items()
    }


def _health(shown: Shown, naming: Naming) -> Iterator[Widget]:
    def tasks(task: str) -> dict[str, str]:
        return {"ClusterName": shown.cluster, "ServiceName": naming.name(task)}

    everything = (*shown.services, *shown.workers)
    yield Widget(
        "Tasks that run", [Series("ECS/ContainerInsights", "RunningTaskCount", tasks(task)) for task in everything]
    )
    yield Widget("Processors, %", [Series("AWS/ECS", "CPUUtilization", tasks(task)) for task in everything])
    yield Widget("Memory, %", [Series("AWS/ECS", "MemoryUtilization", tasks(task)) for task in everything])
    yield Widget("Hosts that are healthy", list(_of_groups(shown, naming, "HealthyHostCount", "Minimum")))
    yield Widget(
        "Age of the oldest message, seconds",
        [Series("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": queue}, "Maximum") for queue in shown.queues],
    )


def _errors(shown: Shown, naming: Naming) -> Iterator[Widget]:
    yield Widget("Errors of services", list(_of_groups(shown, naming, "HTTPCode_Target_5XX_Count", "Sum")))
    for stat in ("p50", "p95", "p99"):
        yield Widget(f"Time to answer, {stat}, seconds", list(_of_groups(shown, naming, "TargetResponseTime", stat)))
    of_api = {"ApiName": shown.api, "Stage": "live"}
    yield Widget("Errors of the API", [Series("AWS/ApiGateway", f"{n}XXError", of_api, "Sum") for n in (4, 5)])
    yield Widget(
        "Time of the API, milliseconds",
        [Series("AWS/ApiGateway", "Latency", of_api, stat) for stat in ("p50", "p95", "p99")],
    )


def _of_groups(shown: Shown, naming: Naming, metric: str, stat: str) -> Iterator[Search]:
    """Yield a metric of the target groups of each service, whichever of both has the traffic."""
    for service in shown.services:
        for color in ("blue", "green"):
            word = target_group_name(naming.environment, service, color)
            yield Search("AWS/ApplicationELB", metric, _GROUP, word, stat)


def _database(shown: Shown) -> Iterator[Widget]:
    for metric, title in (
        ("CPUUtilization", "Processors, %"),
        ("FreeableMemory", "Memory that is free, bytes"),
        ("DatabaseConnections", "Connections"),
        ("FreeStorageSpace", "Storage that is free, bytes"),
        ("ReadLatency", "Time to read, seconds"),
        ("WriteLatency", "Time to write, seconds"),
        ("ReplicaLag", "How far replicas are behind, seconds"),
    ):
        yield Widget(
            title, [Series("AWS/RDS", metric, {"DBInstanceIdentifier": database}) for database in shown.databases]
        )
    if shown.proxy:
        of_proxy = {"ProxyName": shown.proxy}
        yield Widget(
            "The proxy",
            [
                Series("AWS/RDS", metric, of_proxy)
                for metric in ("ClientConnections", "DatabaseConnections", "DatabaseConnectionsCurrentlySessionPinned")
            ],
        )


def _business() -> Iterator[Widget]:
    for metric in BUSINESS_METRICS:
        yield Widget(metric, [Series(BUSINESS_NAMESPACE, metric, {}, "Sum")])


class Dashboards(pulumi.ComponentResource):
    """Carries obs-dash-service-health, obs-dash-errors-latency, obs-dash-database and obs-dash-business."""

    def __init__(self, name: str, *, shown: Shown, naming: Naming, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:observability:Dashboards", name, None, opts)
        for about, text in bodies(shown, naming).items():
            aws.cloudwatch.Dashboard(
                f"{name}-{about}",
                dashboard_name=naming.global_name(about),
                dashboard_body=text,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
