import pytest

from tests.policies.breaking import Case, Change, add, at, cases, chain, drop, edit, provide
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.database_layer.stack import copy, refer
from tests.policies.search_layer.stack import DOMAIN, VPC, recorded, violations
from tests.support import judging, recording
from tests.support.editing import UNKNOWN

_ONE, _SPANS, _NODES, _MASTERS = (
    "search-in-one-domain",
    "search-spans-zones",
    "search-three-nodes",
    "search-masters-dedicated",
)
_CONFIG = "clusterConfig"
_COUNT = f"{_CONFIG}.zoneAwarenessConfig.availabilityZoneCount"
_TWO_ZONES = chain(nested(DOMAIN, _COUNT, 2), refer(DOMAIN, "vpcOptions", "network-data-a", "network-data-b"))

ACCEPTED: dict[str, Change] = {
    "six nodes": nested(DOMAIN, f"{_CONFIG}.instanceCount", 6),
    "later version": edit(DOMAIN, engineVersion="OpenSearch_3.1"),
    "standby left out": nested(DOMAIN, f"{_CONFIG}.multiAzWithStandbyEnabled", None),
    "other types": chain(
        nested(DOMAIN, f"{_CONFIG}.instanceType", "m6g.large.search"),
        nested(DOMAIN, f"{_CONFIG}.dedicatedMasterType", "c7g.large.search"),
    ),
}

REJECTED: dict[str, Case] = {
    "no domain": Case(drop(DOMAIN), at(_ONE, VPC)),
    "two domains": Case(
        copy(DOMAIN, "more"), at(_ONE, VPC) | at("search-watched", "more") | at("search-filled", "more")
    ),
    **{
        type_: Case(chain(add(type_, "other", {}), provide("other")), at("search-nowhere-else", "other"))
        for type_ in (
            "aws:cloudsearch/domain:Domain",
            "aws:elasticsearch/domain:Domain",
            "aws:opensearch/serverlessCollection:ServerlessCollection",
        )
    },
    **broken("search-engine", DOMAIN, "engineVersion", None, "Elasticsearch_7.10", UNKNOWN, 7),
    "private subnets": Case(
        refer(DOMAIN, "vpcOptions", "network-private-a", "network-data-b", "network-data-c"),
        at("search-in-data-tier", DOMAIN),
    ),
    "public subnets": Case(
        refer(DOMAIN, "vpcOptions", "network-public-a", "network-public-b", "network-public-c"),
        at("search-in-data-tier", DOMAIN),
    ),
    # its zones
    "two zones": Case(_TWO_ZONES, at(_SPANS, DOMAIN) | at(_NODES, DOMAIN)),
    "two subnets": Case(refer(DOMAIN, "vpcOptions", "network-data-a", "network-data-b"), at(_SPANS, DOMAIN)),
    "subnets of one zone": Case(
        refer(DOMAIN, "vpcOptions", "network-data-a", "network-data-b", "network-private-b"),
        at(_SPANS, DOMAIN) | at("search-in-data-tier", DOMAIN),
    ),
    **broken(_SPANS, DOMAIN, f"{_CONFIG}.zoneAwarenessEnabled", None, False),
    **{
        f"zone awareness {value!r}": Case(
            nested(DOMAIN, f"{_CONFIG}.zoneAwarenessEnabled", value), at(_SPANS, DOMAIN) | at(_NODES, DOMAIN)
        )
        for value in (UNKNOWN, "true")
    },
    **{
        f"zones {value!r}": Case(nested(DOMAIN, _COUNT, value), at(_SPANS, DOMAIN) | at(_NODES, DOMAIN))
        for value in (None, 2, UNKNOWN, "3")
    },
    # its nodes
    **broken(_NODES, DOMAIN, f"{_CONFIG}.instanceCount", None, 0, 1, 2, 4, 5, UNKNOWN, "3"),
    "all unknown": Case(
        edit(DOMAIN, clusterConfig=UNKNOWN),
        {
            (guardrail, DOMAIN)
            for guardrail in (
                _SPANS,
                _NODES,
                _MASTERS,
                "search-nodes-not-burstable",
                "search-watched",
                "search-without-standby",
            )
        },
    ),
    **broken("search-without-standby", DOMAIN, f"{_CONFIG}.multiAzWithStandbyEnabled", True, UNKNOWN, "false"),
    **broken(_MASTERS, DOMAIN, f"{_CONFIG}.dedicatedMasterEnabled", None, False),
    **{
        f"masters {value!r}": Case(
            nested(DOMAIN, f"{_CONFIG}.dedicatedMasterEnabled", value),
            at(_MASTERS, DOMAIN) | at("search-watched", DOMAIN),
        )
        for value in (UNKNOWN, "true")
    },
    **broken(_MASTERS, DOMAIN, f"{_CONFIG}.dedicatedMasterCount", None, 0, 2, 5, UNKNOWN, "3"),
    **broken("search-nodes-not-burstable", DOMAIN, f"{_CONFIG}.instanceType", None, "t3.small.search", UNKNOWN, 7),
    **broken("search-nodes-not-burstable", DOMAIN, f"{_CONFIG}.dedicatedMasterType", "t2.small.search", UNKNOWN),
    **broken("search-volumes", DOMAIN, "ebsOptions.ebsEnabled", None, False, UNKNOWN),
    **broken("search-volumes", DOMAIN, "ebsOptions.volumeType", None, "gp2", "standard", UNKNOWN),
    **broken("search-auto-tuned", DOMAIN, "autoTuneOptions", None, UNKNOWN),
    **broken("search-auto-tuned", DOMAIN, "autoTuneOptions.desiredState", None, "DISABLED", UNKNOWN),
    **broken("search-updated", DOMAIN, "softwareUpdateOptions", None, UNKNOWN),
    **broken("search-updated", DOMAIN, "softwareUpdateOptions.autoSoftwareUpdateEnabled", None, False, UNKNOWN),
    **broken("search-updated", DOMAIN, "offPeakWindowOptions", None, UNKNOWN),
    **broken("search-updated", DOMAIN, "offPeakWindowOptions.enabled", None, False, UNKNOWN),
}


@pytest.mark.parametrize(
    ("guardrail", "option", "settings"),
    [
        (_MASTERS, {"required": False}, {"dedicatedMasters": False}),
        ("search-logs-kept", {"minimumAuditDays": 365, "minimumDays": 30}, {"auditLogDays": 365, "logDays": 30}),
        ("streams-kept-24-hours", {"hours": 48}, {"events": {"retentionHours": 48}}),
    ],
)
def test_options(guardrail: str, option: dict[str, object], settings: dict[str, object]) -> None:
    topology = recorded("prod", search=settings)
    assert {found for found, _ in violations(topology)} == {guardrail}
    assert violations(topology, {guardrail: option}) == set()


def test_one_zone_is_an_option() -> None:
    topology = recorded("prod", search={"zoneAware": False})
    assert violations(topology) == at(_SPANS, DOMAIN) | at(_NODES, DOMAIN)
    assert violations(topology, {_SPANS: {"minimumZones": 1}, _NODES: {"minimumNodes": 1}}) == set()
    assert violations(topology, {_SPANS: {"minimumZones": 2}, _NODES: {"minimumNodes": 2}}) == violations(topology)


def test_the_role_of_the_account_may_be_there_already() -> None:
    assert judging.violations(recording.recorded("prod", search={"createServiceLinkedRole": False})) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
