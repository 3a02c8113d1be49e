import json
from dataclasses import replace
from typing import Any

import pytest

from components.compute_cluster.containers import AppContainer, container_definitions
from components.naming import Naming

_NAMING = Naming("prod", "444455556666", "eu-west-1")
_AUTH = AppContainer(
    name="auth",
    image="example/auth:1.0.0",
    task_memory_mib=1024,
    health_command="curl localhost",
    stop_seconds=30,
    port=8443,
    environment={"MODE": "x"},
    secrets={"STRIPE": "arn:b", "APPLE": "arn:a"},
)


def _containers(app: AppContainer = _AUTH, rate: float = 0.05) -> tuple[dict[str, Any], dict[str, Any]]:
    written = container_definitions(
        app, naming=_NAMING, log_group="/aws/ecs/x", metrics_log_group="/aws/ecs/metrics", trace_sample_rate=rate
    )
    main, collector = json.loads(written)
    return main, collector


def test_the_container() -> None:
    main, _ = _containers()
    assert main == {
        "name": "auth",
        "image": "example/auth:1.0.0",
        "essential": True,
        "user": "1000:1000",
        "privileged": False,
        "readonlyRootFilesystem": True,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "memoryReservation": 832,
        "environment": [
            {"name": "MODE", "value": "x"},
            {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://localhost:4317"},
            {"name": "OTEL_PROPAGATORS", "value": "tracecontext,baggage,xray"},
            {"name": "OTEL_RESOURCE_ATTRIBUTES", "value": "deployment.environment.name=prod"},
            {"name": "OTEL_SERVICE_NAME", "value": "auth"},
            {"name": "OTEL_TRACES_SAMPLER", "value": "parentbased_traceidratio"},
            {"name": "OTEL_TRACES_SAMPLER_ARG", "value": "0.05"},
        ],
        "secrets": [{"name": "APPLE", "valueFrom": "arn:a"}, {"name": "STRIPE", "valueFrom": "arn:b"}],
        "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}],  # noqa: S108
        "healthCheck": {
            "command": ["CMD-SHELL", "curl localhost || exit 1"],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 60,
        },
        "stopTimeout": 30,
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/aws/ecs/x",
                "awslogs-region": "eu-west-1",
                "awslogs-stream-prefix": "auth",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
        "portMappings": [{"name": "app", "containerPort": 8443, "hostPort": 8443, "protocol": "tcp"}],
    }


def test_the_collector_is_as_hardened_and_may_fail() -> None:
    main, collector = _containers()
    for key in ("privileged", "readonlyRootFilesystem", "linuxParameters", "stopTimeout"):
        assert collector[key] == main[key], key
    assert collector["essential"] is False
    assert collector["user"] == "4317:4317"
    assert collector["image"].startswith("public.ecr.aws/aws-observability/aws-otel-collector:v0.")
    assert collector["memory"] == collector["memoryReservation"] == 128
    assert collector["healthCheck"]["command"] == ["CMD", "/healthcheck"]
    assert collector["logConfiguration"]["options"]["awslogs-stream-prefix"] == "collector"


def test_the_collector_sends_traces_and_metrics_and_listens_to_its_own_task_alone() -> None:
    _, collector = _containers()
    [variable] = collector["environment"]
    config = json.loads(variable["value"])
    assert variable["name"] == "AOT_CONFIG_CONTENT"
    endpoints = [
        config["extensions"]["health_check"]["endpoint"],
        *(protocol["endpoint"] for protocol in config["receivers"]["otlp"]["protocols"].values()),
    ]
    assert endpoints == ["127.0.0.1:13133", "127.0.0.1:4317", "127.0.0.1:4318"]
    assert config["exporters"] == {
        "awsxray": {"region": "eu-west-1"},
        "awsemf": {
            "region": "eu-west-1",
            "namespace": "fitness-platform-prod",
            "log_group_name": "/aws/ecs/metrics",
            "log_stream_name": "auth",
            "dimension_rollup_option": "NoDimensionRollup",
            "resource_to_telemetry_conversion": {"enabled": True},
            "metric_declarations": [{"dimensions": [["service.name"]], "metric_name_selectors": [".*"]}],
        },
    }
    pipelines = config["service"]["pipelines"]
    assert {name: pipeline["exporters"] for name, pipeline in pipelines.items()} == {
        "traces": ["awsxray"],
        "metrics": ["awsemf"],
    }
    used = {part for pipeline in pipelines.values() for kind in pipeline.values() for part in kind}
    assert used == {*config["receivers"], *config["processors"], *config["exporters"]}
    assert config["service"]["extensions"] == [*config["extensions"]]


def test_what_has_no_port_maps_none() -> None:
    main, _ = _containers(replace(_AUTH, port=None))
    assert "portMappings" not in main


@pytest.mark.parametrize("memory", [512, 1024, 2048])
def test_what_is_reserved_leaves_room_for_the_proxy(memory: int) -> None:
    main, collector = _containers(replace(_AUTH, task_memory_mib=memory))
    assert main["memoryReservation"] + collector["memoryReservation"] == memory - 64


@pytest.mark.parametrize(("rate", "written"), [(0, "0"), (1.0, "1.0"), (0.001, "0.001")])
def test_the_sample_rate_is_the_stack_s(rate: float, written: str) -> None:
    main, _ = _containers(rate=rate)
    assert {"name": "OTEL_TRACES_SAMPLER_ARG", "value": written} in main["environment"]
