import json
import re
from typing import Any

import pytest

from components import ComputeCluster
from preview.topology import Topology, plain
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded

_SIX = ("ai", "api-gateway", "auth", "content", "payment", "training")
_ALL = (*_SIX, "background")
_ACCOUNT = "us-east-1:444455556666"
_CHAT: dict[str, dict[str, Any]] = {
    "chat": {"paths": ["/chat/*"], "priority": 50, "secrets": {"STRIPE": "payments/stripe"}, "cpu": 256}
}


def _own(topology: Topology, kind: str) -> set[str]:
    return {name for name in names(topology, kind) if name.startswith("compute-")}


def _containers(topology: Topology, task: str) -> list[dict[str, Any]]:
    return json.loads(str(inputs(topology, f"compute-{task}-task-definition")["containerDefinitions"]))


def test_annotated_outputs_are_those_it_registers() -> None:
    topology = recorded("prod")
    outputs = plain(topology.resources[urn_of(topology, "compute")].outputs)
    assert outputs == {
        "cluster_name": "fitness-platform-prod-cluster",
        "namespace": "prod.internal",
        "log_groups": {task: f"/aws/ecs/fitness-platform-prod-{task}" for task in _ALL},
    }
    assert set(outputs) == set(ComputeCluster.__annotations__)


def test_the_cluster_runs_on_demand_unless_told_otherwise() -> None:
    topology = recorded("prod")
    assert inputs(topology, "compute-cluster") == {
        "name": "fitness-platform-prod-cluster",
        "settings": [{"name": "containerInsights", "value": "enabled"}],
    }
    assert waits_for(topology, "compute-cluster") == {"compute-insights-log"}
    assert inputs(topology, "compute-capacity")["defaultCapacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "weight": 1}
    ]
    assert inputs(topology, "compute-namespace")["name"] == "prod.internal"
    assert references(topology, "compute-namespace") == {"vpc": ["network-vpc"]}


@pytest.mark.parametrize("service", _SIX)
def test_a_service_runs_in_all_zones_and_is_found_by_its_name(service: str) -> None:
    topology = recorded("prod")
    found, refers = inputs(topology, f"compute-{service}-service"), references(topology, f"compute-{service}-service")
    expected: dict[str, Any] = {
        "name": f"fitness-platform-prod-{service}",
        "desiredCount": 6,
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "schedulingStrategy": "REPLICA",
        "availabilityZoneRebalancing": "ENABLED",
        "deploymentController": {"type": "ECS"},
        "deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "10"},
        "deploymentMinimumHealthyPercent": 100,
        "deploymentMaximumPercent": 200,
        "alarms": {
            "enable": True,
            "rollback": True,
            "alarmNames": [
                f"fitness-platform-prod-{service}-{alarm}" for alarm in ("TargetErrors", "UnhealthyTargets")
            ],
        },
        "healthCheckGracePeriodSeconds": 60,
        "enableExecuteCommand": False,
        "enableEcsManagedTags": True,
        "propagateTags": "SERVICE",
    }
    assert {key: found[key] for key in expected} == expected
    assert "deploymentCircuitBreaker" not in found
    assert "serviceRegistries" not in found
    assert found["networkConfiguration"]["assignPublicIp"] is False
    [registered] = found["serviceConnectConfiguration"]["services"]
    assert registered == {
        "portName": "app",
        "discoveryName": service,
        "clientAlias": [{"dnsName": service, "port": 8443}],
    }
    assert refers["serviceConnectConfiguration"] == ["compute-namespace"]
    assert set(refers["networkConfiguration"]) == {"groups-ecs", *(f"network-private-{letter}" for letter in "abc")}
    resource = topology.resources[urn_of(topology, f"compute-{service}-service")]
    assert resource.options["ignoreChanges"] == ["desiredCount"]


def test_a_service_waits_for_what_its_first_task_needs() -> None:
    topology = recorded("prod")
    assert waits_for(topology, "compute-auth-service") == {
        "compute-auth-images",
        "compute-auth-task-roles-uses-backings",
        "compute-cache-host",
        "compute-auth-task-log",
        "compute-auth-task-roles-is-observed",
        "compute-auth-task-roles-starts-tasks",
        "compute-database-host",
        "compute-metrics-log",
        "compute-search-host",
        "compute-traffic-shifts-traffic",
    }


def test_dev_rolls_and_goes_back_by_its_circuit_breaker() -> None:
    topology = recorded("dev")
    found = inputs(topology, "compute-auth-service")
    assert found["deploymentConfiguration"] == {"strategy": "ROLLING"}
    assert found["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    [balancer] = found["loadBalancers"]
    assert balancer == {"targetGroupArn": UNKNOWN, "containerName": "auth", "containerPort": 8443}
    assert "api-route-auth-rule" in waits_for(topology, "compute-auth-service")
    assert "compute-traffic" not in {resource.name for resource in topology.resources.values()}


@pytest.mark.parametrize("task", _ALL)
def test_a_task_is_known_in_full_before_it_exists(task: str) -> None:
    topology = recorded("prod")
    found = inputs(topology, f"compute-{task}-task-definition")
    expected: dict[str, Any] = {
        "family": f"fitness-platform-prod-{task}",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "512",
        "memory": "1024",
        "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"},
        "volumes": [{"name": "tmp"}],
        "skipDestroy": True,
    }
    assert {key: found[key] for key in expected} == expected
    main, _ = _containers(topology, task)
    assert main["image"] == f"444455556666.dkr.ecr.us-east-1.amazonaws.com/fitness-platform-prod/{task}:1.0.0"
    assert {secret["name"] for secret in main["secrets"]} == {
        "CACHE_HOST",
        "SEARCH_HOST",
        "DATABASE_HOST",
        "DATABASE_PASSWORD",
        "DATABASE_USERNAME",
    }
    assert main["stopTimeout"] == (120 if task == "background" else 30)
    log = inputs(topology, f"compute-{task}-task-log")
    assert (log["name"], log["retentionInDays"]) == (f"/aws/ecs/fitness-platform-prod-{task}", 90)
    assert references(topology, f"compute-{task}-task-log") == {"kmsKeyId": ["security-logs-key"]}


def test_health_is_asked_as_the_load_balancer_asks() -> None:
    health = {"healthCheckPath": "/ready"}
    topology = recorded("prod", compute={"imageTag": "1", "backendProtocol": "HTTP", "services": {"ai": health}})
    [_, command] = _containers(topology, "ai")[0]["healthCheck"]["command"]
    assert command.endswith(" http://localhost:8443/ready || exit 1")
    [_, command] = _containers(recorded("prod"), "background")[0]["healthCheck"]["command"]
    assert command == "find /tmp/alive -mmin -1 | grep -q . || exit 1"


def test_a_task_starts_with_one_role_and_acts_with_another() -> None:
    topology = recorded("prod")
    task = references(topology, "compute-auth-task-definition")
    assert task["executionRoleArn"] == ["compute-auth-task-roles-execution"]
    assert task["taskRoleArn"] == ["compute-auth-task-roles-task"]
    for role in ("execution", "task"):
        [statement] = inputs(topology, f"compute-auth-task-roles-{role}")["assumeRolePolicy"]["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": "444455556666"},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{_ACCOUNT}:*"},
        }


def _allowed(topology: Topology, policy: str) -> dict[str, tuple[Any, Any]]:
    statements = inputs(topology, policy)["policy"]["Statement"]
    return {statement["Sid"]: (statement["Action"], statement["Resource"]) for statement in statements}


def test_the_execution_role_reaches_one_image_one_log_and_the_task_s_secrets() -> None:
    topology = recorded("prod", compute={"imageTag": "1", "services": _CHAT})
    assert _allowed(topology, "compute-chat-task-roles-starts-tasks") == {
        "LogInToRegistry": ("ecr:GetAuthorizationToken", "*"),
        "PullImage": (
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            f"arn:aws:ecr:{_ACCOUNT}:repository/fitness-platform-prod/chat",
        ),
        "WriteLog": (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            f"arn:aws:logs:{_ACCOUNT}:log-group:/aws/ecs/fitness-platform-prod-chat:*",
        ),
        "ReadSecrets": (
            "secretsmanager:GetSecretValue",
            [
                f"arn:aws:secretsmanager:{_ACCOUNT}:secret:fitness-platform-prod-database-app-??????",
                f"arn:aws:secretsmanager:{_ACCOUNT}:secret:payments/stripe-??????",
            ],
        ),
        "ReadParameters": (
            "ssm:GetParameters",
            [
                f"arn:aws:ssm:{_ACCOUNT}:parameter/fitness-platform-prod/cache/host",
                f"arn:aws:ssm:{_ACCOUNT}:parameter/fitness-platform-prod/database/host",
                f"arn:aws:ssm:{_ACCOUNT}:parameter/fitness-platform-prod/search/host",
            ],
        ),
        "DecryptThem": ("kms:Decrypt", f"arn:aws:kms:{_ACCOUNT}:key/*"),
    }
    *_, decrypt = inputs(topology, "compute-chat-task-roles-starts-tasks")["policy"]["Statement"]
    assert decrypt["Condition"] == {
        "StringEquals": {"kms:ViaService": ["secretsmanager.us-east-1.amazonaws.com", "ssm.us-east-1.amazonaws.com"]},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/fitness-platform-prod-secrets"},
    }


def test_without_the_database_the_execution_role_reads_no_secrets() -> None:
    topology = recorded("prod", compute={"imageTag": "1", "workers": {"mail": {"databaseAccess": False}}})
    assert set(_allowed(topology, "compute-mail-task-roles-starts-tasks")) == {
        "LogInToRegistry",
        "PullImage",
        "WriteLog",
        "ReadParameters",
        "DecryptThem",
    }


def test_the_task_role_may_use_what_backs_it_and_waits_for_its_hosts() -> None:
    topology = recorded("prod")
    assert "LogInToCache" in _allowed(topology, "compute-auth-task-roles-uses-backings")
    assert inputs(topology, "compute-cache-host")["name"] == "/fitness-platform-prod/cache/host"
    assert references(topology, "compute-cache-host") == {
        "keyId": ["security-secrets-key"],
        "value": ["cache-group"],
    }
    assert {"compute-cache-host", "compute-auth-task-roles-uses-backings"} <= waits_for(
        topology, "compute-auth-service"
    )


def test_the_task_role_may_be_observed_and_nothing_else() -> None:
    assert _allowed(recorded("prod"), "compute-auth-task-roles-is-observed") == {
        "SendTraces": (["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
        "SendMetrics": (
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            f"arn:aws:logs:{_ACCOUNT}:log-group:/aws/ecs/fitness-platform-prod-cluster/metrics:*",
        ),
    }


def test_traffic_is_shifted_between_the_stack_s_own_groups() -> None:
    allowed = _allowed(recorded("prod"), "compute-traffic-shifts-traffic")
    balancing = f"arn:aws:elasticloadbalancing:{_ACCOUNT}"
    assert allowed["MoveTasks"] == (
        ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        [
            f"{balancing}:targetgroup/prod-{service}-{color}/*"
            for service in ("api-gateway", "auth", "training", "content", "payment", "ai")
            for color in ("blue", "green")
        ],
    )
    assert allowed["WeighTraffic"] == (
        "elasticloadbalancing:ModifyRule",
        f"{balancing}:listener-rule/app/fitness-platform-prod-*/*",
    )
    assert set(allowed) == {"Look", "MoveTasks", "WeighTraffic"}


def test_services_scale_on_three_metrics_in_steps_and_by_the_clock() -> None:
    topology = recorded("prod")
    target = inputs(topology, "compute-auth-scaling-target")
    assert (target["minCapacity"], target["maxCapacity"]) == (6, 30)
    assert target["resourceId"] == "service/fitness-platform-prod-cluster/fitness-platform-prod-auth"
    assert waits_for(topology, "compute-auth-scaling-target") == {"compute-auth-service"}
    for metric, goal, kind in (("cpu", 70, "CPU"), ("memory", 80, "Memory")):
        tracking = inputs(topology, f"compute-auth-scaling-{metric}")["targetTrackingScalingPolicyConfiguration"]
        assert tracking == {
            "targetValue": goal,
            "predefinedMetricSpecification": {"predefinedMetricType": f"ECSServiceAverage{kind}Utilization"},
            "scaleOutCooldown": 60,
            "scaleInCooldown": 900,
            "disableScaleIn": False,
        }
    steps = inputs(topology, "compute-auth-scaling-steps")["stepScalingPolicyConfiguration"]
    assert all(step["scalingAdjustment"] > 0 for step in steps["stepAdjustments"])
    alarm = inputs(topology, "compute-auth-scaling-steps-alarm")
    assert (alarm["metricName"], alarm["threshold"], alarm["period"]) == ("CPUUtilization", 85, 60)
    assert references(topology, "compute-auth-scaling-steps-alarm")["alarmActions"] == [
        "compute-auth-scaling-steps",
        "security-alerts-warning",
    ]
    clock = {name: inputs(topology, f"compute-auth-scaling-{name}") for name in ("peak", "off-peak")}
    assert {name: (one["schedule"], one["timezone"], one["scalableTargetAction"]) for name, one in clock.items()} == {
        "peak": ("cron(0 6 * * ? *)", "America/New_York", {"minCapacity": 12}),
        "off-peak": ("cron(0 22 * * ? *)", "America/New_York", {"minCapacity": 6}),
    }


@pytest.mark.parametrize(
    ("stack", "groups"), [("prod", ["requests_blue", "requests_green"]), ("dev", ["requests_blue"])]
)
def test_requests_are_counted_in_all_groups_for_each_running_task(stack: str, groups: list[str]) -> None:
    tracking = inputs(recorded(stack), "compute-auth-scaling-custom")["targetTrackingScalingPolicyConfiguration"]
    *measured, result = tracking["customizedMetricSpecification"]["metrics"]
    assert [query["id"] for query in measured] == [*groups, "running"]
    added = ", ".join(["0 * running", *(f"FILL({group}, 0)" for group in groups)])
    assert (result["expression"], result["returnData"]) == (f"SUM([{added}]) / running", True)
    assert tracking["targetValue"] == 1000


def test_deployments_end_by_what_clients_see() -> None:
    topology = recorded("prod")
    errors = inputs(topology, "compute-auth-alarms-TargetErrors")
    result = errors["metricQueries"][-1]
    assert result["expression"] == (
        "IF(SUM([FILL(requests_blue, 0), FILL(requests_green, 0)]) >= 20, "
        "100 * SUM([FILL(errors_blue, 0), FILL(errors_green, 0)]) / "
        "SUM([FILL(requests_blue, 0), FILL(requests_green, 0)]), 0)"
    )
    unhealthy = inputs(topology, "compute-auth-alarms-UnhealthyTargets")
    assert [query.get("metric", {}).get("metricName") for query in unhealthy["metricQueries"]] == [
        "UnHealthyHostCount",
        "UnHealthyHostCount",
        None,
    ]
    for label in ("TargetErrors", "UnhealthyTargets"):
        assert references(topology, f"compute-auth-alarms-{label}")["alarmActions"] == ["security-alerts-critical"]
    few = inputs(topology, "compute-auth-capacity-tasks")
    assert (few["threshold"], few["comparisonOperator"], few["treatMissingData"]) == (
        6,
        "LessThanThreshold",
        "breaching",
    )


def test_workers_may_be_interrupted_and_are_called_by_nobody() -> None:
    topology = recorded("prod")
    found = inputs(topology, "compute-background-service")
    assert found["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 0},
        {"capacityProvider": "FARGATE_SPOT", "weight": 1},
    ]
    assert "services" not in found["serviceConnectConfiguration"]
    assert not {"launchType", "loadBalancers", "alarms"} & found.keys()
    assert found["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert "compute-capacity" in waits_for(topology, "compute-background-service")
    tracking = inputs(topology, "compute-background-scaling-custom")["targetTrackingScalingPolicyConfiguration"]
    assert tracking["customizedMetricSpecification"] == {
        "namespace": "fitness-platform-prod",
        "metricName": "BacklogPerTask",
        "statistic": "Average",
        "dimensions": [{"name": "service.name", "value": "background"}],
    }


def test_interruptions_are_recorded_and_counted() -> None:
    topology = recorded("prod")
    rule = inputs(topology, "compute-spot-rule")
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "clusterArn": [f"arn:aws:ecs:{_ACCOUNT}:cluster/fitness-platform-prod-cluster"],
            "stopCode": ["SpotInterruption", "TerminationNotice"],
        },
    }
    assert references(topology, "compute-spot-to-log") == {"rule": ["compute-spot-rule"], "arn": ["compute-spot-log"]}
    assert waits_for(topology, "compute-spot-to-log") == {"compute-spot-writes-log"}
    [opens, writes] = json.loads(inputs(topology, "compute-spot-writes-log")["policyDocument"])["Statement"]
    assert (
        opens["Resource"]
        == writes["Resource"]
        == (f"arn:aws:logs:{_ACCOUNT}:log-group:/aws/events/fitness-platform-prod-spot-interruptions:*")
    )
    assert writes["Condition"] == {
        "ArnEquals": {"aws:SourceArn": f"arn:aws:events:{_ACCOUNT}:rule/fitness-platform-prod-spot-interruptions"}
    }


def test_without_spot_there_are_no_interruptions() -> None:
    topology = recorded("prod", compute={"imageTag": "1", "workers": {"mail": {"spot": False}}})
    assert inputs(topology, "compute-mail-service")["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "weight": 1}
    ]
    assert _own(topology, "EventRule") == set()


@pytest.mark.parametrize("task", _ALL)
def test_images_never_move(task: str) -> None:
    topology = recorded("prod")
    [urn] = [urn for urn in topology.resources if urn.endswith(f"Repository::compute-{task}-images") and "$aws:" in urn]
    found = plain(topology.resources[urn].inputs)
    assert found["name"] == f"fitness-platform-prod/{task}"
    assert found["imageTagMutability"] == "IMMUTABLE"
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["forceDelete"] is False
    assert found["encryptionConfigurations"][0]["encryptionType"] == "KMS"
    assert topology.resources[urn].property_dependencies["encryptionConfigurations"] == (
        urn_of(topology, "security-data-key"),
    )
    assert topology.resources[urn].options["protect"] is True


def test_a_new_account_gets_repositories_before_services() -> None:
    topology = recorded("prod", compute={"imageTag": None})
    copies = {f"compute-far-images-{task}" for task in _ALL}
    assert _own(topology, "Repository") == {f"compute-{task}-images" for task in _ALL} | copies
    assert _own(topology, "Service") | _own(topology, "TaskDefinition") | _own(topology, "Role") == set()
    assert not set(names(topology, "TargetGroup") | names(topology, "ListenerRule"))
    assert names(topology, "Listener") == {"api-load-balancer-http", "api-load-balancer-https"}


def test_a_further_service_can_wait_for_its_image() -> None:
    before = {resource.name for resource in recorded("prod").resources.values()}
    waiting = {"chat": _CHAT["chat"] | {"repositoryOnly": True}}
    extended = recorded("prod", compute={"imageTag": "1.0.0", "services": waiting})
    assert {resource.name for resource in extended.resources.values()} - before == {
        "compute-chat-images",
        "compute-far-images-chat",
        "compute-far-images-chat-lifecycle",
    }


def test_a_seventh_service_is_one_block() -> None:
    before = {resource.name for resource in recorded("prod").resources.values()}
    after = {
        resource.name
        for resource in recorded("prod", compute={"imageTag": "1.0.0", "services": _CHAT}).resources.values()
    }
    assert before < after
    alike = {
        re.sub("^((api-route|compute|compute-far-images|observability-(alarms|logs))-)auth", r"\1chat", name)
        for name in before
    }
    assert after - before == alike - before
