from tests.policies.breaking import ELSEWHERE, Case, Change, at, cases, chain, drop, edit, other_stack, point
from tests.policies.database_layer.judged import violations
from tests.policies.database_layer.stack import KEY, PARAMETERS, PRIMARY, REPLICA, copy
from tests.policies.security_layer.judged import recorded
from tests.support.editing import UNKNOWN

_INSTANCES, _PARAMETERS, _GROUPS = (
    "database-db-instance-events",
    "database-db-parameter-group-events",
    "database-db-security-group-events",
)
_KEPT = {
    _INSTANCES: at("database-events", PRIMARY),
    _PARAMETERS: at("database-parameter-events", PRIMARY),
    _GROUPS: at("database-security-group-events", PRIMARY),
}
_EVERY = _KEPT[_INSTANCES] | _KEPT[_PARAMETERS] | _KEPT[_GROUPS]
_NEEDED = ["failover", "failure", "low storage", "maintenance"]

ACCEPTED: dict[str, Change] = {
    "all categories": edit(_INSTANCES, eventCategories=None),
    "needed categories": edit(_INSTANCES, eventCategories=_NEEDED),
    "two subscriptions": chain(
        copy(_INSTANCES, "more"),
        edit(_INSTANCES, eventCategories=_NEEDED[:1]),
        edit("more", eventCategories=_NEEDED[1:]),
    ),
    "all sources": chain(drop(_PARAMETERS, _GROUPS), edit(_INSTANCES, sourceType=None, eventCategories=None)),
    **{f"{name}: enabled by default": edit(name, enabled=None) for name in _KEPT},
    "of the primary alone": chain(edit(_INSTANCES, sourceIds=[UNKNOWN]), point(_INSTANCES, "sourceIds", PRIMARY)),
    "of both": chain(edit(_INSTANCES, sourceIds=[UNKNOWN]), point(_INSTANCES, "sourceIds", PRIMARY, REPLICA)),
    "of the primary's parameters": chain(
        edit(_PARAMETERS, sourceIds=[UNKNOWN]), point(_PARAMETERS, "sourceIds", PARAMETERS)
    ),
    "second subscription, disabled": chain(copy(_INSTANCES, "more"), edit("more", enabled=False)),
}

REJECTED: dict[str, Case] = {
    **{f"{name} missing": Case(drop(name), broken) for name, broken in _KEPT.items()},
    **{f"{name} disabled": Case(edit(name, enabled=False), broken) for name, broken in _KEPT.items()},
    **{
        f"{name} sent to {value!r}": Case(edit(name, snsTopic=value), broken)
        for name, broken in _KEPT.items()
        for value in (None, "arn:aws:sns:us-east-1:1:x", UNKNOWN)
    },
    "sent to another stack": Case(chain(other_stack, point(_INSTANCES, "snsTopic", ELSEWHERE)), _KEPT[_INSTANCES]),
    "sent to a key": Case(point(_INSTANCES, "snsTopic", KEY), _KEPT[_INSTANCES]),
    **{
        f"without {category}": Case(
            edit(_INSTANCES, eventCategories=[other for other in _NEEDED if other != category]), _KEPT[_INSTANCES]
        )
        for category in _NEEDED
    },
    **{
        f"{name}: categories {value!r}": Case(edit(name, eventCategories=value), broken)
        for name, broken in _KEPT.items()
        for value in (["creation"], UNKNOWN, [UNKNOWN], "failover")
    },
    "security groups without failure": Case(edit(_GROUPS, eventCategories=["configuration change"]), _KEPT[_GROUPS]),
    **{f"{name} of snapshots": Case(edit(name, sourceType="db-snapshot"), broken) for name, broken in _KEPT.items()},
    **{f"{name} of {value!r}": Case(edit(name, sourceType=value), _EVERY) for name in _KEPT for value in (UNKNOWN, 7)},
    "of a literal instance": Case(edit(_INSTANCES, sourceIds=["x"]), _KEPT[_INSTANCES]),
    "of the replica": Case(
        chain(edit(_INSTANCES, sourceIds=[UNKNOWN]), point(_INSTANCES, "sourceIds", REPLICA)), _KEPT[_INSTANCES]
    ),
    "perhaps enabled": Case(edit(_INSTANCES, enabled=UNKNOWN), _KEPT[_INSTANCES]),
    "enabled in words": Case(edit(_INSTANCES, enabled="true"), _KEPT[_INSTANCES]),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
