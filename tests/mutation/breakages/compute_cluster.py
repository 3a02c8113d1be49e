"""What can only be broken together: compute cluster."""

from tests.mutation.part import Composite, Part

_TASK = "compute-ai-task-definition"
_OWNER = "arn:aws:secretsmanager:us-east-1:444455556666:secret:fitness-platform-prod-database-owner:password::"


def _container(*place: str, value: object) -> tuple[Part, ...]:
    return (Part(name=_TASK, written={"containerDefinitions": (("0", *place), value)}),)


_HOOK = {"hookTargetArn": "arn:aws:lambda:us-east-1:999988887777:function:hook", "lifecycleStages": ["PRE_SCALE_UP"]}

COMPUTE_BREAKAGES = (
    Composite(
        "traces for others",
        (
            Part(
                name=_TASK,
                written={
                    "containerDefinitions": (("1", "environment", "0", "value"), '{"exporters": {"otlphttp": {}}}')
                },
            ),
        ),
    ),
    Composite(
        "deployment that others hold up",
        (
            Part(
                name="compute-ai-service",
                values={
                    "deploymentConfiguration": {
                        "strategy": "BLUE_GREEN",
                        "bakeTimeInMinutes": "10",
                        "lifecycleHooks": [_HOOK],
                    }
                },
            ),
        ),
    ),
    Composite(
        "connections without TLS",
        _container("environment", "0", value={"name": "PGSSLMODE", "value": "disable"}),
    ),
    Composite(
        "cache of another environment", _container("environment", "0", "value", value="fitness-platform-dev-cache")
    ),
    Composite("password of the owner", _container("secrets", "0", "valueFrom", value=_OWNER)),
    Composite("check that always succeeds", _container("healthCheck", "command", value=["CMD-SHELL", "exit 0"])),
    Composite(
        "name that leads elsewhere", _container("extraHosts", value=[{"hostname": "x", "ipAddress": "192.0.2.1"}])
    ),
    Composite("two services of one name", (Part(name="compute-ai-service", same={"name": "compute-auth-service"}),)),
    Composite("more tasks than the quota", (Part(name="compute-auth-scaling-target", values={"maxCapacity": 2000}),)),
)
