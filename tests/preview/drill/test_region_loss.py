import json
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf import json_format

from preview.drill.pair import find_pair
from preview.drill.recorded import Recorded
from preview.drill.region_loss import NAMES, region_loss
from preview.drill.serving import timeline
from preview.drill.told import who_hears
from preview.topology import Topology
from tests.policies.breaking import Change, drop, edit, point
from tests.policies.second_region.judged import amend, refer
from tests.support.editing import UNKNOWN, edited, urn_of
from tests.support.recording import recorded

_ALARM, _READY, _WAITS, _SERVES = (
    "far-database-writable",
    "edge-origin-ready",
    "edge-origin-standby-waits",
    "edge-origin-serves",
)
_TOLD = "edge-alarms-api-HealthCheckStatus"
_TASK = "compute-payment-task-definition"
_SOURCE = "async-email-source"


def _missing(prod: Topology, standby: Topology) -> dict[str, tuple[str, ...]]:
    """Return what is missing of each prerequisite that doesn't hold."""
    pair = find_pair([Recorded(prod), Recorded(standby)])
    assert pair is not None
    findings = region_loss(pair)
    missing = {one.id: one.missing for one in findings.prerequisites if not one.holds}
    assert findings.passed is not bool(missing)
    return missing


def _rewrite(name: str, key: str, change: Callable[[Any], Any]) -> Change:
    """Change a text of JSON."""

    def changed(topology: Topology) -> Topology:
        inputs = json_format.MessageToDict(topology.resources[urn_of(topology, name)].inputs)
        return edited(topology, name, {key: json.dumps(change(json.loads(inputs[key])))})

    return changed


def _without_step(content: dict[str, Any], name: str) -> dict[str, Any]:
    return {**content, "mainSteps": [step for step in content["mainSteps"] if step["name"] != name]}


def _slow(content: dict[str, Any]) -> dict[str, Any]:
    first, *others = content["mainSteps"]
    return {**content, "mainSteps": [{**first, "description": "Wait. Expected: 3600 s."}, *others]}


def _silent(content: dict[str, Any]) -> dict[str, Any]:
    first, *others = content["mainSteps"]
    return {**content, "mainSteps": [{**first, "description": "Wait."}, *others]}


def _image_elsewhere(containers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first, *others = containers
    return [{**first, "image": first["image"].replace("us-west-2", "us-east-1")}, *others]


PROD: dict[str, tuple[str, Change]] = {
    "backups that RDS doesn't copy": ("backups-replicated", drop("database-far-backups")),
    "backups kept for a week": ("backups-replicated", edit("database-far-backups", retentionPeriod=7)),
    "backups without a key there": (
        "backups-replicated",
        point("database-far-backups", "kmsKeyId", "security-data-key"),
    ),
    "snapshots that aren't copied": (
        "backups-copied-and-locked",
        amend("database-backups-plan", "rules", copyActions=None),
    ),
    "vault without a lock": ("backups-copied-and-locked", drop("far-copies-lock")),
    "documents that aren't copied": ("buckets-replicated", drop("media-documents-replication-rules")),
    "replication that is off": (
        "buckets-replicated",
        amend("media-images-replication-rules", "rules", status="Disabled"),
    ),
    "replication with the key of this region": (
        "buckets-replicated",
        refer("media-videos-replication-rules", "rules", "security-media-key"),
    ),
    "replica without versions": ("buckets-replicated", drop("media-backups-replica-versioning")),
    "static files that aren't copied": ("buckets-replicated", drop("edge-files-replication-rules")),
    "pages from one region": ("static-files-fail-over", edit("edge-app-distribution", originGroups=[])),
    "secret that isn't replicated": ("secrets-replicated", edit("database-app-secret", replicas=[])),
    "secret without a key there": (
        "secrets-replicated",
        refer("database-app-secret", "replicas", "security-secrets-key"),
    ),
    "images that aren't copied": ("images-replicated", drop("compute-far-images-rules")),
    "repository that isn't there": ("images-replicated", drop("compute-far-images-payment")),
    "alarm that nobody declares": ("gate", drop(_ALARM)),
    "alarm that takes silence for writes": ("gate", edit(_ALARM, treatMissingData="notBreaching")),
    "alarm by the best of all tasks": ("gate", edit(_ALARM, statistic="Maximum")),
    "name without a record": ("names-fail-over", drop("edge-origin-services-primary")),
    "fence that is gone": ("fence", refer(_SERVES, "childHealthchecks", "edge-origin-health")),
    "fence that isn't needed": ("fence", edit(_SERVES, childHealthThreshold=1)),
    "fence the right way up": ("fence", edit(_WAITS, invertHealthcheck=False)),
    "nobody hears of the primary": ("somebody-is-told", drop(_TOLD)),
    "alarm that tells nobody": ("somebody-is-told", edit(_TOLD, alarmActions=None)),
    "alarm that is off": ("somebody-is-told", edit(_TOLD, actionsEnabled=False)),
    "alarm that takes silence for health": ("somebody-is-told", edit(_TOLD, treatMissingData="notBreaching")),
    "alarm on another check": ("somebody-is-told", refer(_TOLD, "dimensions", "edge-video-health")),
    "nobody asks the primary": ("somebody-is-told", edit("edge-origin-health", type="TCP")),
    "detection that takes half an hour": ("in-time", edit("edge-origin-health", requestInterval=600)),
    "network of unknown size": ("networks-apart", edit("network-vpc", cidrBlock=UNKNOWN)),
}
STANDBY: dict[str, tuple[str, Change]] = {
    "no replica": ("standby-database", edit("database-standby", replicateSourceDb=None)),
    "replica of another database": (
        "standby-database",
        edit("database-standby", replicateSourceDb="arn:aws:rds:us-east-1:444455556666:db:other"),
    ),
    "replica without a standby": ("standby-database", edit("database-standby", multiAz=False)),
    "replica without backups": ("standby-database", edit("database-standby", backupRetentionPeriod=0)),
    "replica with fewer connections": (
        "standby-database",
        edit("database-primary-parameters", parameters=[{"name": "max_connections", "value": "100"}]),
    ),
    "replica without a key": ("database-key-there", edit("database-standby", kmsKeyId=None)),
    "nobody hears of the lag": ("lag-watched", drop("database-alarms-standby-ReplicaLag")),
    "lag of a day": ("lag-watched", edit("database-alarms-standby-ReplicaLag", threshold=86_400)),
    "service that isn't there": ("services-in-standby", drop("compute-payment-service")),
    "service without a task": ("services-in-standby", edit("compute-payment-service", desiredCount=0)),
    "service that stays small": ("services-in-standby", edit("compute-payment-scaling-target", maxCapacity=3)),
    "consumer that works": ("consumers-paused", edit(_SOURCE, enabled=True)),
    "consumer that works by default": ("consumers-paused", edit(_SOURCE, enabled=None)),
    "consumer that nobody starts": (
        "consumers-resumed-by-runbook",
        _rewrite("runbooks-enable-consumers", "content", lambda found: {**found, "mainSteps": []}),
    ),
    "name that leads nowhere": ("names-fail-over", drop("edge-origin-secondary")),
    "name of another zone": ("names-fail-over", edit("edge-origin-services-secondary", zoneId="Z0OTHER")),
    "name with the first one's identifier": (
        "names-fail-over",
        edit("edge-origin-secondary", setIdentifier="us-east-1"),
    ),
    "name for five minutes": ("names-fail-over", edit("edge-origin-secondary", aliases=None, records=["x"], ttl=300)),
    "ready whatever happens": ("gate", edit("edge-origin-secondary", healthCheckId=None)),
    "ready in silence": ("gate", edit(_READY, insufficientDataHealthStatus="Healthy")),
    "ready by another alarm": ("gate", edit(_READY, cloudwatchAlarmName="other")),
    "addresses of the primary": ("networks-apart", edit("network-vpc", cidrBlock="10.0.128.0/17")),
    "images from the lost region": ("images-replicated", _rewrite(_TASK, "containerDefinitions", _image_elsewhere)),
    "no runbook to promote": ("runbooks-there", drop("runbooks-promote-database")),
    "no runbook at all": ("runbooks-there", drop("runbooks-fail-over")),
    "promotion left out": (
        "runbooks-there",
        _rewrite("runbooks-fail-over", "content", lambda found: _without_step(found, "promoteDatabase")),
    ),
    "step of unknown length": ("runbooks-there", _rewrite("runbooks-scale-out", "content", _silent)),
    "promotion that takes an hour": ("in-time", _rewrite("runbooks-promote-database", "content", _slow)),
}


def test_prod_and_its_standby_pass() -> None:
    assert _missing(recorded("prod"), recorded("prod-standby")) == {}


@pytest.mark.parametrize(("id_", "change"), PROD.values(), ids=PROD.keys())
def test_what_prod_lacks_is_named(id_: str, change: Change) -> None:
    assert id_ in _missing(change(recorded("prod")), recorded("prod-standby"))


@pytest.mark.parametrize(("id_", "change"), STANDBY.values(), ids=STANDBY.keys())
def test_what_the_standby_lacks_is_named(id_: str, change: Change) -> None:
    assert id_ in _missing(recorded("prod"), change(recorded("prod-standby")))


def test_every_prerequisite_is_missed_by_a_case() -> None:
    assert {id_ for id_, _ in (*PROD.values(), *STANDBY.values())} == set(NAMES)


def test_one_thing_that_is_missing_is_said_by_its_name() -> None:
    missing = _missing(recorded("prod"), drop("compute-payment-service")(recorded("prod-standby")))
    assert missing == {"services-in-standby": ("fitness-platform-prod-payment is not in prod-standby",)}


def test_times_follow_each_other() -> None:
    pair = find_pair([Recorded(recorded("prod")), Recorded(recorded("prod-standby"))])
    assert pair is not None
    assert [what for what, _ in timeline(pair)][:3] == [
        "Route 53 sees that the region is ill",
        "promote-database",
        "names lead to the standby",
    ]
    assert timeline(pair)[0] == ("Route 53 sees that the region is ill", 90)


def test_an_alarm_in_the_lost_region_is_not_relied_on() -> None:
    pair = find_pair([Recorded(recorded("prod")), Recorded(recorded("prod-standby"))])
    assert pair is not None
    assert {fact.about: fact.what for fact in who_hears(pair)} == {
        "fitness-platform-prod-edge-api-HealthCheckStatus": "in us-east-1, so that it may be lost before it rings",
        "fitness-platform-prod-db-standby-ReplicaLag": "in us-west-2, 8 min after the loss at the latest",
    }


def test_stacks_in_any_order_are_a_pair() -> None:
    prod, standby = Recorded(recorded("prod")), Recorded(recorded("prod-standby"))
    for stacks in ([prod, standby], [standby, prod], [Recorded(recorded("dev")), standby, prod]):
        pair = find_pair(stacks)
        assert pair is not None
        assert (pair.primary.name, pair.standby.name, pair.lost, pair.second) == (
            "prod",
            "prod-standby",
            "us-east-1",
            "us-west-2",
        )
    assert find_pair([prod, Recorded(recorded("dev"))]) is None
