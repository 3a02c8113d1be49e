"""What a failover needs, each thing broken as a pull request might break it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each
from tests.support.copies import copy_of_this_project

_STANDBY = "prod-standby"
_FAR = "fitness-platform:standby:SecondRegion"
_ENTRY = "fitness-platform:entry:RegionEntry"
_RECORD, _CHECK = f"{_ENTRY}$aws:route53/record:Record", f"{_ENTRY}$aws:route53/healthCheck:HealthCheck"
_EDGE = "fitness-platform:edge:EdgeLayer"
_DATABASE = "fitness-platform:database:DatabaseLayer"
_INSTANCE = f"{_DATABASE}$aws:rds/instance:Instance"
_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
_SOURCE = f"fitness-platform:async:AsyncLayer$fitness-platform:async:WorkQueue${_MAPPING}"
_READER = f"fitness-platform:search:SearchLayer$fitness-platform:search:StreamConsumer${_MAPPING}"
_DOCUMENT = "fitness-platform:runbooks:RunbookLayer$aws:ssm/document:Document"
_LOGIN = f"{_DATABASE}$fitness-platform:database:StoredCredentials$aws:secretsmanager/secret:Secret"
_QUEUES = ("ai-recommendations", "analytics-events", "email", "health-metrics", "payment-webhooks")
_PRIMARIES = ("edge-origin-primary", "edge-origin-services-primary")
_SECONDARIES = ("edge-origin-secondary", "edge-origin-services-secondary")

PROD = {
    "backups there kept for a week": Patch(
        "components/database_layer/layer.py",
        "retention_period=far.backup_days,",
        "retention_period=7,",
        each(
            "replicated-backups-kept",
            f"{_DATABASE}$aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            "database-far-backups",
        ),
    ),
    "replicated backups with the key of this region": Patch(
        "components/database_layer/layer.py",
        'kms_key_id=far.key_arns["data"],',
        'kms_key_id=self._args.key_arns["data"],',
        each(
            "keys-used-in-their-region",
            "fitness-platform:security:SecurityLayer$fitness-platform:security:EncryptionKey$aws:kms/key:Key",
            "security-data-key",
        ),
    ),
    "secrets that aren't replicated": Patch(
        "components/database_layer/credentials.py",
        "replicas=secret_replicas(far),",
        "replicas=None,",
        each("secrets-replicated", _LOGIN, "database-owner-secret", "database-app-secret"),
    ),
    "names for five minutes": Patch(
        "components/edge_layer/names.py",
        "_TTL = 60",
        "_TTL = 300",
        each(
            "failover-within-a-minute",
            f"{_EDGE}$aws:route53/record:Record",
            "edge-video-primary",
            "edge-video-secondary",
        ),
    ),
    "no fence": Patch(
        "components/region_entry.py",
        "child_healthchecks=[answers.id, others_wait.id],\n            child_health_threshold=2,",
        "child_healthchecks=[answers.id],\n            child_health_threshold=1,",
        each("primary-fenced", _RECORD, *_PRIMARIES)
        | each("failover-checks-follow", _CHECK, "edge-origin-serves", "edge-origin-standby-waits"),
    ),
    "silence taken for writes": Patch(
        "components/second_region/layer.py",
        'missing="breaching",',
        'missing="notBreaching",',
        each("readiness-measured", _CHECK, "edge-origin-standby-waits"),
    ),
    "nobody hears of copies that fail": Patch(
        "components/observability_layer/layer.py",
        "copied=args.backups_copied,",
        "copied=False,",
        each(
            "copies-watched",
            f"{_DATABASE}$fitness-platform:database:BackupPlan$aws:backup/plan:Plan",
            "database-backups-plan",
        ),
    ),
}
STANDBY = {
    "consumer that works": Patch(
        "components/async_layer/work_queue.py",
        "enabled=not shared.waits,",
        "enabled=True,",
        each("event-sources-on", _SOURCE, *(f"async-{queue}-source" for queue in _QUEUES), stack=_STANDBY),
    ),
    "reader that works": Patch(
        "components/search_layer/consumers.py",
        "enabled=not shared.waits,",
        "enabled=True,",
        each(
            "event-sources-on",
            _READER,
            "search-ai-mapping",
            "search-analytics-mapping",
            "search-dashboards-mapping",
            stack=_STANDBY,
        ),
    ),
    "ready whatever happens": Patch(
        "components/region_entry.py",
        "health_check_id=health_check_id,",
        'health_check_id=None if role == "secondary" else health_check_id,',
        each("standby-serves-when-ready", _RECORD, *_SECONDARIES, stack=_STANDBY),
    ),
    "replica without a standby": Patch(
        "Pulumi.prod-standby.yaml",
        "analyticsReplica: false",
        "analyticsReplica: false\n    multiAz: false",
        each("standby-database-whole", _INSTANCE, "database-standby", stack=_STANDBY),
    ),
    "runbook of a database that is not there": Patch(
        "__main__.py",
        "            database=database.identifiers[0],\n            ready_alarm",
        '            database="somebody-elses",\n            ready_alarm',
        each("runbooks-name-what-exists", _DOCUMENT, "runbooks-promote-database", stack=_STANDBY),
    ),
    "runbook that forgets the stream": Patch(
        "__main__.py",
        "consumers=[*queues.processors, *search.readers],",
        "consumers=queues.processors,",
        {
            (
                "runbooks-complete",
                f"urn:pulumi:{_STANDBY}::fitness-platform::pulumi:pulumi:Stack::fitness-platform-{_STANDBY}",
            )
        },
    ),
}


@pytest.mark.parametrize("name", PROD)
def test_patched_prod_is_refused_by_name(name: str, tmp_path: Path) -> None:
    assert_refused(PROD[name], tmp_path)


@pytest.mark.parametrize("name", STANDBY)
def test_patched_standby_is_refused_by_name(name: str, tmp_path: Path) -> None:
    assert_refused(STANDBY[name], tmp_path, _STANDBY)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "preview", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_overlapping_networks_are_refused_in_a_line(tmp_path: Path) -> None:
    file = copy_of_this_project(tmp_path) / "Pulumi.prod-standby.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("10.1.0.0/16", "10.0.128.0/17"), encoding="utf-8")
    run = _run(tmp_path, _STANDBY)
    assert run.returncode == 2
    assert run.stderr.splitlines()[1:] == [
        (
            '  fitness-platform:network.vpcCidr: found "10.0.128.0/17"; '
            "allowed: a block that doesn't overlap primary.vpcCidr (10.0.0.0/16)"
        )
    ]


def test_a_drill_names_what_a_change_to_prod_takes_from_its_standby(tmp_path: Path) -> None:
    file = copy_of_this_project(tmp_path) / "Pulumi.prod.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("region: us-west-2\n", "region: eu-west-1\n"), encoding="utf-8")
    run = _run(tmp_path, "prod", _STANDBY, "--drill", "region-loss", "--json")
    assert run.returncode == 1, run.stderr
    [drill] = json.loads(run.stdout)["drills"]
    failed = {one["id"] for one in drill["prerequisites"] if not one["holds"]}
    assert failed >= {
        "backups-replicated",
        "buckets-replicated",
        "secrets-replicated",
        "images-replicated",
        "gate",
        "fence",
    }
