"""Container definitions. Pure: every part is known at the first preview, so that guardrails can read it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.alarms import SERVICE_DIMENSION
from components.naming import Naming

TMP_VOLUME = "tmp"
"""Volume of the task that containers may write to: their own file systems are read-only."""
PORT_NAME = "app"
"""Name of the port of services, by which Service Connect knows it."""
BACKLOG_METRIC = "BacklogPerTask"
"""Metric that workers publish: jobs that wait, for each task that runs."""

# https://github.com/aws-observability/aws-otel-collector/releases
_COLLECTOR_IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0"
_COLLECTOR_USER = "4317:4317"  # the image's own
_COLLECTOR_MEMORY_MIB = 128
_PROXY_MEMORY_MIB = 64  # what AWS asks to be left for the proxy of Service Connect
_HARDENED: Mapping[str, Any] = {
    "privileged": False,
    "readonlyRootFilesystem": True,
    "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
}


@dataclass(frozen=True, slots=True)
class AppContainer:
    """The container of a service or worker, as far as it differs from others."""

    name: str
    """The service's or worker's name."""
    image: str
    """Registry, repository, and tag or digest."""
    task_memory_mib: int
    health_command: str
    """Command for the shell that fails while the container can't work."""
    stop_seconds: int
    """Seconds from the wish that it ends to its end, 120 at most on Fargate."""
    port: int | None
    """TCP port that it listens on, if it does."""
    environment: Mapping[str, str]
    """Plain variables."""
    secrets: Mapping[str, str]
    """Variables by the ARN that ECS reads them from."""


def container_definitions(
    app: AppContainer, *, naming: Naming, log_group: str, metrics_log_group: str, trace_sample_rate: float
) -> str:
    """Return the definitions of a task: the container of ``app``, and the collector beside it."""
    telemetry = {
        "OTEL_SERVICE_NAME": app.name,
        "OTEL_RESOURCE_ATTRIBUTES": f"deployment.environment.name={naming.environment}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
        "OTEL_PROPAGATORS": "tracecontext,baggage,xray",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": str(trace_sample_rate),
    }
    main: dict[str, Any] = {
        "name": app.name,
        "image": app.image,
        "essential": True,
        "user": "1000:1000",
        **_HARDENED,
        "memoryReservation": app.task_memory_mib - _COLLECTOR_MEMORY_MIB - _PROXY_MEMORY_MIB,
        "environment": _named({**telemetry, **app.environment}, "value"),
        "secrets": _named(app.secrets, "valueFrom"),
        "mountPoints": [{"sourceVolume": TMP_VOLUME, "containerPath": "/tmp", "readOnly": False}],  # noqa: S108
        "healthCheck": _health_check("CMD-SHELL", f"{app.health_command} || exit 1"),
        "stopTimeout": app.stop_seconds,
        "logConfiguration": log_configuration(naming, log_group, app.name),
    }
    if app.port is not None:
        main["portMappings"] = [{"name": PORT_NAME, "containerPort": app.port, "hostPort": app.port, "protocol": "tcp"}]
    collector: dict[str, Any] = {
        "name": "collector",
        "image": _COLLECTOR_IMAGE,
        "essential": False,
        "user": _COLLECTOR_USER,
        **_HARDENED,
        "memory": _COLLECTOR_MEMORY_MIB,
        "memoryReservation": _COLLECTOR_MEMORY_MIB,
        "environment": _named({"AOT_CONFIG_CONTENT": _collector_config(naming, app.name, metrics_log_group)}, "value"),
        "healthCheck": _health_check("CMD", "/healthcheck"),
        "stopTimeout": app.stop_seconds,
        "logConfiguration": log_configuration(naming, log_group, "collector"),
    }
    return json.dumps([main, collector])


def log_configuration(naming: Naming, log_group: str, prefix: str) -> dict[str, Any]:
    """Return how a container logs: to a group that is declared, without ever waiting for it."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": log_group,
            "awslogs-region": naming.region,
            "awslogs-stream-prefix": prefix,
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
    }


def _named(values: Mapping[str, str], key: str) -> list[dict[str, str]]:
    return [{"name": name, key: values[name]} for name in sorted(values)]


def _health_check(*command: str) -> dict[str, Any]:
    return {"command": list(command), "interval": 30, "timeout": 5, "retries": 3, "startPeriod": 60}


def _collector_config(naming: Naming, service: str, metrics_log_group: str) -> str:
    """Return the collector's configuration: traces to X-Ray, metrics to CloudWatch. JSON is YAML too."""
    config = {
        "extensions": {"health_check": {"endpoint": "127.0.0.1:13133"}},
        "receivers": {
            "otlp": {
                "protocols": {"grpc": {"endpoint": "127.0.0.1:4317"}, "http": {"endpoint": "127.0.0.1:4318"}},
            }
        },
        "processors": {
            "memory_limiter": {"check_interval": "1s", "limit_mib": 96, "spike_limit_mib": 24},
            "batch": {"timeout": "5s"},
        },
        "exporters": {
            "awsxray": {"region": naming.region},
            "awsemf": {
                "region": naming.region,
                "namespace": naming.prefix,
                "log_group_name": metrics_log_group,
                "log_stream_name": service,
                "dimension_rollup_option": "NoDimensionRollup",
                "resource_to_telemetry_conversion": {"enabled": True},
                "metric_declarations": [{"dimensions": [[SERVICE_DIMENSION]], "metric_name_selectors": [".*"]}],
            },
        },
        "service": {
            "extensions": ["health_check"],
            "telemetry": {"logs": {"level": "warn"}},
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "batch"],
                    "exporters": ["awsxray"],
                },
                "metrics": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "batch"],
                    "exporters": ["awsemf"],
                },
            },
        },
    }
    return json.dumps(config)
