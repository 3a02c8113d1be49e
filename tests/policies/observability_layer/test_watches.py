"""What must be watched, by which alarms."""

from tests.policies.breaking import Case, Change, at, cases, chain, drop, edit, point
from tests.policies.database_layer.stack import copy, refer
from tests.policies.observability_layer.stack import violations
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_REFUSED, _OWN = "api-alarms-RejectedConnectionCount", "api-alarms-HTTPCode_ELB_5XX_Count"
_EXPIRY, _EDGE_EXPIRY = "api-alarms-DaysToExpiry", "edge-alarms-DaysToExpiry"
_ERRORS, _LATE = "api-rest-alarms-5XXError", "api-rest-alarms-Latency"
_DISTRIBUTION, _HEALTH = "edge-alarms-app-5xxErrorRate", "edge-alarms-api-HealthCheckStatus"
_PINNED = "database-alarms-proxy-DatabaseConnectionsCurrentlySessionPinned"
_BACKUPS = "observability-alarms-backups"

_BROKEN = {
    _REFUSED: at("load-balancers-watched", "api-load-balancer-alb"),
    _OWN: at("load-balancers-watched", "api-load-balancer-alb"),
    _ERRORS: at("apis-watched", "api-rest-stage"),
    _LATE: at("apis-watched", "api-rest-stage"),
    "api-rest-alarms-4XXError": at("apis-watched", "api-rest-stage"),
    "api-rest-alarms-Count": at("apis-watched", "api-rest-stage"),
    _DISTRIBUTION: at("edge-watched", "edge-app-distribution"),
    "edge-alarms-video-5xxErrorRate": at("edge-watched", "edge-video-distribution"),
    _HEALTH: at("edge-watched", "edge-origin-health"),
    _EXPIRY: at("certificates-watched", "api-certificate-request"),
    "api-rest-alarms-DaysToExpiry": at("certificates-watched", "api-domain-certificate-request"),
    _EDGE_EXPIRY: at("certificates-watched", "edge-certificate-request"),
    _PINNED: at("proxies-watched", "database-proxy-pool"),
    _BACKUPS: at("backups-watched", "database-backups-vault"),
}
_LEAST_MOST = {
    _OWN: (0, 100),
    _ERRORS: (0.001, 0.05),
    _LATE: (0.001, 10_000),
    _DISTRIBUTION: (0.1, 10),
    _HEALTH: (0.1, 1),
    _EXPIRY: (7, 45),
    _PINNED: (0, 500),
    _BACKUPS: (0, 1),
}

ACCEPTED: dict[str, Change] = {
    **{f"{name} at {bound}": edit(name, threshold=bound) for name, both in _LEAST_MOST.items() for bound in both},
    "or more": edit(_OWN, comparisonOperator="GreaterThanOrEqualToThreshold"),
    "second alarm, far too late": chain(copy(_OWN, "more"), edit("more", threshold=100_000)),
    "certificate itself": refer(_EXPIRY, "dimensions", "api-certificate-request"),
}

REJECTED: dict[str, Case] = {
    **{f"no {name}": Case(drop(name), broken) for name, broken in _BROKEN.items()},
    **{
        f"{name}: {key} {value!r}": Case(edit(name, **{key: value}), broken)
        for name, broken in _BROKEN.items()
        for key, value in (
            ("namespace", "Mine"),
            ("statistic", "SampleCount"),
            ("comparisonOperator", "LessThanLowerOrGreaterThanUpperThreshold"),
            ("threshold", 1e12),
            ("threshold", -1),
            ("threshold", UNKNOWN),
            ("dimensions", {"X": "y"}),
            ("region", "eu-west-1"),
        )
    },
    **{
        f"{name}: another metric": Case(
            edit(name, metricName="Other"), broken | (at("alarms-in-time", name) if "DaysToExpiry" in name else set())
        )
        for name, broken in _BROKEN.items()
    },
    **{
        f"{name} a little beyond {bound}": Case(edit(name, threshold=bound + step), _BROKEN[name])
        for name, (least, most) in _LEAST_MOST.items()
        for bound, step in ((least, -0.0001), (most, 0.0001))
    },
    "of another load balancer": Case(point(_OWN, "dimensions", "api-route-ai-blue"), _BROKEN[_OWN]),
    "another distribution": Case(refer(_DISTRIBUTION, "dimensions", "edge-video-distribution"), _BROKEN[_DISTRIBUTION]),
    "distribution of one region": Case(
        edit(_DISTRIBUTION, dimensions={"DistributionId": UNKNOWN, "Region": "us-east-1"}), _BROKEN[_DISTRIBUTION]
    ),
    "another API": Case(edit(_ERRORS, dimensions={"ApiName": "other", "Stage": "live"}), _BROKEN[_ERRORS]),
    "another stage": Case(
        edit(_ERRORS, dimensions={"ApiName": "fitness-platform-prod-api", "Stage": "beta"}), _BROKEN[_ERRORS]
    ),
    "all stages of an API": Case(edit(_ERRORS, dimensions={"ApiName": "fitness-platform-prod-api"}), _BROKEN[_ERRORS]),
    "another certificate": Case(refer(_EXPIRY, "dimensions", "api-domain-certificate-issued"), _BROKEN[_EXPIRY]),
    "another vault": Case(edit(_BACKUPS, dimensions={"BackupVaultName": "other"}), _BROKEN[_BACKUPS]),
    "second load balancer without alarms": Case(
        copy("api-load-balancer-alb", "more"), at("load-balancers-watched", "more")
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
