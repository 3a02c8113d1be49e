"""Why mutants survive, as far as the stack shows it: ``reasons/`` names these tests."""

from guardrails.graph import Graph
from guardrails.placement import SUBNET, LeadsTo, leads_to
from preview.topology import Topology
from tests.mutation.mutant import inputs_of
from tests.mutation.recorded_mutants import config_of
from tests.policies.breaking import drop, edit, point
from tests.support.editing import UNKNOWN, urn_of
from tests.support.judging import violations
from tests.support.recording import recorded
from tests.support.sdk_reading import sdk_reader

PROD = recorded("prod")


def _referring_to(topology: Topology, name: str) -> set[str]:
    urn = urn_of(topology, name)
    return {
        one.type
        for one in topology.resources.values()
        if any(urn in urns for urns in one.property_dependencies.values())
    }


def _refused(topology: Topology) -> set[str]:
    return {guardrail for guardrail, _ in violations(topology)}


def test_nothing_is_encrypted_by_an_alias() -> None:
    aliases = [one.name for one in PROD.resources.values() if one.type == "aws:kms/alias:Alias"]
    assert len(aliases) == 13
    assert [name for name in aliases if _referring_to(PROD, name)] == []


def test_nothing_in_the_vpc_uses_dynamodb() -> None:
    inputs = [inputs_of(one) for one in PROD.resources.values()]
    users = [one for one in inputs if "_TABLE" in str(one.get("environment"))]
    assert len(users) == 5
    assert not [one for one in users if "vpcConfig" in one]


def test_data_subnets_are_as_private_as_private_ones() -> None:
    subnets = [node for node in Graph(sdk_reader().stack(PROD)).of_type(SUBNET) if "public" not in node.name]
    assert len(subnets) == 6
    assert LeadsTo.INTERNET not in {leads_to(subnet) for subnet in subnets}


def test_two_subnets_of_a_proxy_are_in_two_zones() -> None:
    assert _refused(edit("database-proxy-pool", vpcSubnetIds=[])(PROD))


def test_an_event_subscription_without_a_filter_takes_all_events() -> None:
    for source in ("instance", "parameter-group", "security-group"):
        assert _refused(drop(f"database-db-{source}-events")(PROD))


def test_what_never_expires_is_kept_long_enough() -> None:
    for name in ("security-audit-logs-lifecycle", "observability-config-records-lifecycle"):
        [rule] = inputs_of(PROD.resources[urn_of(PROD, name)])["rules"]
        short = {**rule, "expiration": {"days": 730}}
        assert _refused(edit(name, rules=[short])(PROD)) >= {"audit-logs-kept-two-years"}


def test_a_replica_is_encrypted_as_its_source_is() -> None:
    assert _refused(edit("database-primary", storageEncrypted=None)(PROD)) >= {"database-encrypted"}


def test_a_replica_elsewhere_is_encrypted_by_its_key() -> None:
    standby, config = recorded("prod-standby"), config_of("prod-standby")
    changed = edit("database-standby", storageEncrypted=None, kmsKeyId=None)(standby)
    assert {found for found, _ in violations(changed, config)} >= {"database-encrypted", "database-key-of-stack"}


def test_payments_are_handled_by_their_own_function_where_they_are_kept_warm() -> None:
    moved = point("async-payment-webhooks-source", "functionName", "async-email-processor-alias")
    assert "payment-webhooks-warm" in _refused(moved(PROD))


def test_a_replica_is_where_its_source_is() -> None:
    assert inputs_of(PROD.resources[urn_of(PROD, "database-analytics")]).get("replicateSourceDb")
    assert _refused(edit("database-primary", dbSubnetGroupName=None)(PROD))


def test_database_groups_of_private_subnets_keep_their_zones() -> None:
    assert _refused(drop("database-primary-subnets")(PROD))


def test_what_a_secret_holds_is_not_known() -> None:
    assert "secretString" not in inputs_of(PROD.resources[urn_of(PROD, "database-owner-secret-value")])


def test_application_logs_are_kept_for_ninety_days_only() -> None:
    for name in (
        "compute-auth-task-log",
        "api-web-acl-log",
        "observability-logs-auth-errors",
        "search-domain-logs-application",
    ):
        assert inputs_of(PROD.resources[urn_of(PROD, name)])["retentionInDays"] <= 180


def test_alarms_of_the_edge_outside_its_region_hear_nothing() -> None:
    left = edit("edge-alarms-api-HealthCheckStatus", region=None)(PROD)
    assert not _refused(left)
    assert "edge-watched" in _refused(edit("aws", region="eu-west-1")(left))


def test_what_proves_a_certificate_is_not_known() -> None:
    proof = inputs_of(PROD.resources[urn_of(PROD, "api-certificate-proof")])
    assert [proof["name"], proof["type"], proof["records"]] == [UNKNOWN, UNKNOWN, [UNKNOWN]]
    assert _refused(drop("api-certificate-issued")(PROD)) >= {"listener-certificates-of-stack"}


def test_headers_of_a_behaviour_are_of_the_stack() -> None:
    app = PROD.resources[urn_of(PROD, "edge-app-distribution")]
    assert {urn.rpartition("::")[2] for urn in app.property_dependencies["orderedCacheBehaviors"]} > {
        "edge-headers-api"
    }
    gone = drop("edge-headers-api", "edge-headers-assets", "edge-headers-images")(PROD)
    assert _refused(gone) >= {"behaviours-have-headers"}


def test_a_worker_on_demand_has_no_notice_to_hear() -> None:
    assert _refused(drop("compute-spot-rule")(PROD)) >= {"spot-interruptions-told"}


def test_services_name_their_capacity_themselves() -> None:
    service = inputs_of(PROD.resources[urn_of(PROD, "compute-auth-service")])
    assert service["launchType"] == "FARGATE"


def test_repositories_hold_the_images() -> None:
    shared = [one.type for one in PROD.resources.values() if one.name == "compute-auth-images" and one.custom]
    assert sorted(shared) == ["aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:ecr/repository:Repository"]
