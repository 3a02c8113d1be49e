"""Compute and the load balancer broken as a pull request might break them."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each

_CLUSTER = "fitness-platform:compute:ComputeCluster"
_WEB, _WORKER = f"{_CLUSTER}$fitness-platform:compute:WebService", f"{_CLUSTER}$fitness-platform:compute:Worker"
_TASK = "fitness-platform:compute:FargateTask"
_API = "fitness-platform:api:ApiLayer"
_BALANCER, _ROUTE = f"{_API}$fitness-platform:api:PublicLoadBalancer", f"{_API}$fitness-platform:api:ServiceRoute"
_BALANCER_FILE = "components/api_layer/load_balancer.py"
_SERVICES = ("ai", "api-gateway", "auth", "content", "payment", "training")
_WORKERS = ("background",)

_REFUSES = """type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="text/plain", message_body="Forbidden", status_code="403"
                    ),"""
_FORWARDS = """type="forward",
                    target_group_arn=aws.lb.TargetGroup(
                        f"{name}-all", name="all", port=443, protocol="HTTPS", target_type="ip", opts=child
                    ).arn,"""


def _services(guardrail: str) -> set[tuple[str, str]]:
    return each(guardrail, f"{_WEB}$aws:ecs/service:Service", *(f"compute-{name}-service" for name in _SERVICES))


def _of_tasks(guardrail: str, type_chain: str, suffix: str) -> set[tuple[str, str]]:
    return each(guardrail, f"{_WEB}${_TASK}${type_chain}", *(f"compute-{name}-{suffix}" for name in _SERVICES)) | each(
        guardrail, f"{_WORKER}${_TASK}${type_chain}", *(f"compute-{name}-{suffix}" for name in _WORKERS)
    )


def _definitions(guardrail: str) -> set[tuple[str, str]]:
    return _of_tasks(guardrail, "aws:ecs/taskDefinition:TaskDefinition", "task-definition")


_TASK_ROLES = "fitness-platform:compute:TaskRoles"

PATCHES = {
    "listener forwards by default": Patch(
        _BALANCER_FILE,
        _REFUSES,
        _FORWARDS,
        each("listeners-refuse-by-default", f"{_BALANCER}$aws:lb/listener:Listener", "api-load-balancer-https")
        | {
            violation
            for guardrail in (
                "target-groups-in-vpc",
                "target-groups-of-one-service",
                "targets-drained",
                "targets-over-https",
            )
            for violation in each(guardrail, f"{_BALANCER}$aws:lb/targetGroup:TargetGroup", "api-load-balancer-all")
        },
    ),
    "TLS 1.0 accepted": Patch(
        _BALANCER_FILE,
        "ssl_policy=settings.tls_policy",
        'ssl_policy="ELBSecurityPolicy-2016-08"',
        each("listeners-modern-tls", f"{_BALANCER}$aws:lb/listener:Listener", "api-load-balancer-https"),
    ),
    "plain HTTP to targets": Patch(
        "components/api_layer/target_groups.py",
        "protocol=route.protocol,\n                protocol_version",
        'protocol="HTTP",\n                protocol_version',
        each(
            "targets-over-https",
            f"{_ROUTE}$aws:lb/targetGroup:TargetGroup",
            *(f"api-route-{name}-{color}" for name in _SERVICES for color in ("blue", "green")),
        ),
    ),
    "tasks with public addresses": Patch(
        "components/compute_cluster/service.py",
        "assign_public_ip=False",
        "assign_public_ip=True",
        _services("no-public-addresses"),
    ),
    "one task of each service": Patch(
        "components/compute_cluster/service.py",
        "floor = own.min_per_az * shared.zones",
        "floor = 1",
        _services("services-two-tasks-a-zone"),
    ),
    "tags that move": Patch(
        "components/compute_cluster/repositories.py",
        'image_tag_mutability="IMMUTABLE"',
        'image_tag_mutability="MUTABLE"',
        each(
            "repositories-immutable",
            f"{_CLUSTER}$awsx:ecr:Repository$aws:ecr/repository:Repository",
            *(f"compute-{name}-images" for name in (*_SERVICES, *_WORKERS)),
        ),
    ),
    "newest image, whichever it is": Patch(
        "components/compute_cluster/task.py",
        "shared.settings.image_reference(own)",
        '":latest"',
        _definitions("container-images-pinned"),
    ),
    "wildcard in task roles": Patch(
        "components/compute_cluster/roles.py",
        'allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*", sid="SendTraces")',
        'allow("s3:*", "*", sid="SendTraces")',
        {
            violation
            for guardrail in ("permissions-named", "permissions-not-growing")
            for violation in _of_tasks(
                guardrail, f"{_TASK_ROLES}$aws:iam/rolePolicy:RolePolicy", "task-roles-is-observed"
            )
        }
        | {
            violation
            for guardrail in ("task-roles-least-privilege", "task-roles-observed")
            for violation in _of_tasks(guardrail, f"{_TASK_ROLES}$aws:iam/role:Role", "task-roles-task")
        },
    ),
    "password in the environment": Patch(
        "components/compute_cluster/variables.py",
        '"DATABASE_NAME": database.name}',
        '"DATABASE_NAME": database.name, "DATABASE_PASSWORD_COPY": "hunter2"}',
        _definitions("container-environment-without-secrets"),
    ),
    "root file system that can be written to": Patch(
        "components/compute_cluster/containers.py",
        '"readonlyRootFilesystem": True',
        '"readonlyRootFilesystem": False',
        _definitions("containers-read-only"),
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
