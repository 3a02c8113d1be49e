"""Dashboards and costs."""

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, point
from tests.policies.observability_layer.stack import STACK, TOPIC, violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_DECLARED, _COMPLETE = "dashboards-declared", "dashboards-complete"
_BOUGHT, _TELL, _WATCHED, _TAGS = "nothing-bought", "budgets-tell-a-topic", "costs-watched", "cost-tags-of-stack"
_HEALTH, _ERRORS, _DATABASE, _BUSINESS = (
    f"observability-dashboards-{about}" for about in ("service-health", "errors-and-latency", "database", "business")
)
_SERVICES = [
    f"compute-{task}-service" for task in ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
]
_INSTANCES = ["database-primary", "database-analytics"]
_MONTH, _ANOMALIES = "observability-cost-month", "observability-cost-anomalies"
_NOTICE = {"comparisonOperator": "GREATER_THAN", "threshold": 100, "subscriberSnsTopicArns": [UNKNOWN]}

_COUNTED, _SIGNUPS, _METRICS = "business-counted", "observability-business-Signups", ("Signups", "Payments", "Usage")


def _metric(**changes: str | None) -> Change:
    given = {"namespace": "FitnessPlatform/Business", "name": "Signups", "value": "1", **changes}
    return edit(_SIGNUPS, metricTransformation={key: value for key, value in given.items() if value is not None})


COMMITMENTS = (
    "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput",
    "aws:ec2/capacityBlockReservation:CapacityBlockReservation",
    "aws:ec2/capacityReservation:CapacityReservation",
    "aws:elasticache/reservedCacheNode:ReservedCacheNode",
    "aws:rds/reservedInstance:ReservedInstance",
    "aws:route53domains/domain:Domain",
    "aws:savingsplans/savingsPlan:SavingsPlan",
    "aws:shield/subscription:Subscription",
)

ACCEPTED: dict[str, Change] = {
    "as it is": lambda topology: topology,
    "another dashboard": add(
        "aws:cloudwatch/dashboard:Dashboard", "more", {"dashboardName": "x", "dashboardBody": "{}"}
    ),
    "tags of a resource's own": edit("network-vpc", tags={"Name": "x", "Team": "y"}),
}

REJECTED: dict[str, Case] = {
    "no health": Case(drop(_HEALTH), at(_DECLARED, STACK) | at(_COMPLETE, *_SERVICES)),
    "no errors": Case(drop(_ERRORS), at(_DECLARED, STACK)),
    "no database": Case(drop(_DATABASE), at(_DECLARED, STACK) | at(_COMPLETE, *_INSTANCES)),
    "no business": Case(drop(_BUSINESS), at(_DECLARED, STACK)),
    "health by another name": Case(
        edit(_HEALTH, dashboardName="health"), at(_DECLARED, STACK) | at(_COMPLETE, *_SERVICES)
    ),
    **{
        f"errors of {body!r}": Case(edit(_ERRORS, dashboardBody=body), at(_DECLARED, STACK))
        for body in ("{}", None, UNKNOWN, '{"widgets": []}', "5XXError")
    },
    "words in a title only": Case(
        edit(
            _BUSINESS,
            dashboardBody='{"widgets": [{"properties": {"title": "FitnessPlatform/Business Signups Payments Usage",'
            ' "metrics": []}}]}',
        ),
        at(_DECLARED, STACK),
    ),
    "service that is not shown": Case(
        edit("compute-auth-service", name="fitness-platform-prod-social"),
        at(_COMPLETE, "compute-auth-service") | at("services-watched", "compute-auth-service"),
    ),
    "database that is not shown": Case(edit("database-primary", identifier="x"), at(_COMPLETE, "database-primary")),
    **{f"{type_} bought": Case(add(type_, "more", {}), at(_BOUGHT, "more")) for type_ in COMMITMENTS},
    **{
        f"budget with notifications {value!r}": Case(edit(_MONTH, notifications=value), broken)
        for value, broken in (
            (None, at(_TELL, _MONTH) | at(_WATCHED, STACK)),
            ([], at(_TELL, _MONTH) | at(_WATCHED, STACK)),
            ([_NOTICE], at(_TELL, _MONTH)),
        )
    },
    **{f"no budget {name}": Case(drop(name), at(_WATCHED, STACK)) for name in (_MONTH, "observability-cost-transfer")},
    **{
        f"no budget of {kind} of {of}": Case(drop(f"observability-cost-{kind}-{of}"), at(_WATCHED, STACK))
        for kind in ("RI_COVERAGE", "RI_UTILIZATION")
        for of in ("elasticache", "opensearch", "rds")
    },
    **{
        f"{metric} not counted": Case(drop(f"observability-business-{metric}"), at(_COUNTED, STACK))
        for metric in _METRICS
    },
    **{
        f"signups with {key} {value!r}": Case(edit(_SIGNUPS, **{key: value}), at(_COUNTED, STACK))
        for key, value in (("pattern", ""), ("pattern", None), ("pattern", "signup"))
    },
    "signups by another name": Case(_metric(name="Others"), at(_COUNTED, STACK)),
    "signups in another namespace": Case(_metric(namespace="Others"), at(_COUNTED, STACK)),
    "signups without a name": Case(_metric(name=None), at(_COUNTED, STACK)),
    "signups as nothing": Case(_metric(value="0"), at(_COUNTED, STACK)),
    "signups of a cache": Case(point(_SIGNUPS, "logGroupName", "cache-slow-log"), at(_COUNTED, STACK)),
    "signups twice": Case(
        add(
            "aws:cloudwatch/logMetricFilter:LogMetricFilter",
            "more",
            {
                "pattern": '{ $.event = "x" }',
                "metricTransformation": {"namespace": "FitnessPlatform/Business", "name": "Signups", "value": "1"},
            },
            logGroupName=["compute-ai-task-log"],
        ),
        at(_COUNTED, STACK),
    ),
    **{
        f"no budget of {kind}": Case(drop(f"observability-cost-{kind}"), at(_WATCHED, STACK))
        for kind in ("SAVINGS_PLANS_COVERAGE", "SAVINGS_PLANS_UTILIZATION")
    },
    "budget of another kind": Case(
        edit("observability-cost-SAVINGS_PLANS_COVERAGE", budgetType="COST"), at(_WATCHED, STACK)
    ),
    "budget of a kind that is not known": Case(
        edit("observability-cost-SAVINGS_PLANS_COVERAGE", budgetType=UNKNOWN), at(_WATCHED, STACK)
    ),
    "nobody told of what is unusual": Case(drop(_ANOMALIES), at(_WATCHED, STACK)),
    **{
        f"{key} of the subscription {value!r}": Case(edit(_ANOMALIES, **{key: value}), at(_TELL, _ANOMALIES))
        for key in ("subscribers", "monitorArnLists")
        for value in (None, UNKNOWN)
    },
    "monitor that is a topic": Case(point(_ANOMALIES, "monitorArnLists", TOPIC), at(_TELL, _ANOMALIES)),
    **{
        f"{tag} given by a resource": Case(edit("network-vpc", tags={"Name": "x", tag: "y"}), at(_TAGS, "network-vpc"))
        for tag in ("Project", "Environment", "ManagedBy")
    },
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations


def test_a_config_may_allow_what_was_signed_for() -> None:
    bought = chain(add(COMMITMENTS[3], "nodes", {}), add(COMMITMENTS[4], "instances", {}))(recorded("prod"))
    assert violations(bought, {_BOUGHT: {"allowed": [COMMITMENTS[3]]}}) == at(_BOUGHT, "instances")


def test_another_stack_may_look_for_what_is_unusual() -> None:
    assert violations(drop(_ANOMALIES)(recorded("prod")), {_WATCHED: {"anomalies": False}}) == set()
