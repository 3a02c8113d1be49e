from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack
from tests.policies.compute_cluster.stack import CLUSTER, SERVICE, WORKER, broken, nested, recorded, violations
from tests.policies.database_layer.stack import refer
from tests.support.editing import UNKNOWN

_OBSERVED, _RECORDED = "clusters-observed", "commands-in-containers-recorded"
_KEY, _LOG = "security-logs-key", "compute-metrics-log"
_LOGGED = "configuration.executeCommandConfiguration"
_configured = chain(
    edit(
        CLUSTER,
        configuration={
            "executeCommandConfiguration": {
                "kmsKeyId": UNKNOWN,
                "logging": "OVERRIDE",
                "logConfiguration": {
                    "cloudWatchEncryptionEnabled": True,
                    "cloudWatchLogGroupName": "/aws/ecs/fitness-platform-prod-cluster/metrics",
                },
            }
        },
    ),
    refer(CLUSTER, "configuration", _KEY),
    edit(SERVICE, enableExecuteCommand=True),
)

ACCEPTED: dict[str, Change] = {
    "enhanced insights": edit(CLUSTER, settings=[{"name": "containerInsights", "value": "enhanced"}]),
    "no commands by default": edit(SERVICE, enableExecuteCommand=None),
    "recorded commands": _configured,
}

REJECTED: dict[str, Case] = {
    **broken(
        _OBSERVED,
        CLUSTER,
        "settings",
        None,
        [],
        [{"name": "containerInsights", "value": "disabled"}],
        [{"name": "containerInsights"}],
        [{"name": "containerInsights", "value": UNKNOWN}],
        [{"name": "containerInsights", "value": "enabled"}, {"name": "containerInsights", "value": "disabled"}],
        UNKNOWN,
    ),
    **{
        f"{name}: commands {value!r}": Case(edit(name, enableExecuteCommand=value), at(_RECORDED, name))
        for name in (SERVICE, WORKER)
        for value in (True, UNKNOWN, "false")
    },
    **{
        f"{path} {value!r}": Case(
            chain(_configured, nested(CLUSTER, f"{_LOGGED}.{path}", value)), at(_RECORDED, SERVICE)
        )
        for path, value in (
            ("logging", None),
            ("logging", "NONE"),
            ("logging", "DEFAULT"),
            ("logging", UNKNOWN),
            ("kmsKeyId", None),
            ("logConfiguration", None),
            ("logConfiguration.cloudWatchEncryptionEnabled", None),
            ("logConfiguration.cloudWatchEncryptionEnabled", False),
            ("logConfiguration.cloudWatchEncryptionEnabled", UNKNOWN),
            ("logConfiguration.cloudWatchLogGroupName", None),
            ("logConfiguration.cloudWatchLogGroupName", "/aws/ecs/other"),
            ("logConfiguration.cloudWatchLogGroupName", UNKNOWN),
        )
    },
    "key of another stack": Case(
        chain(_configured, other_stack, refer(CLUSTER, "configuration", ELSEWHERE)), at(_RECORDED, SERVICE)
    ),
    "log group that is gone": Case(chain(_configured, drop(_LOG)), at(_RECORDED, SERVICE)),
}


def test_commands_in_a_cluster_of_another_stack() -> None:
    topology = chain(_configured, edit(SERVICE, cluster="default"))(recorded("prod"))
    assert (_RECORDED, SERVICE) in violations(topology)


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
