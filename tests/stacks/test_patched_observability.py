"""Observability broken as a pull request might break it: the command line must name the guardrail and the resource."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each, urn

_LAYER = "fitness-platform:observability:ObservabilityLayer"
_TRAIL = f"{_LAYER}$fitness-platform:observability:AuditTrail"

_LOGS = f"{_LAYER}$fitness-platform:observability:ServiceLogs"
_TASKS = ("ai", "api-gateway", "auth", "background", "content", "payment", "training")
_TRAIL_FILE = "components/observability_layer/audit_trail.py"
_LOGS_FILE = "components/observability_layer/service_logs.py"
_TRAIL_ITSELF = (f"{_TRAIL}$aws:cloudtrail/trail:Trail", "observability-trail-all")
_TRAIL_LOG = (f"{_TRAIL}$aws:cloudwatch/logGroup:LogGroup", "observability-trail-log")


def _of_errors(guardrail: str) -> set[tuple[str, str]]:
    names = (f"observability-logs-{task}-errors" for task in _TASKS)
    return each(guardrail, f"{_LOGS}$aws:cloudwatch/logGroup:LogGroup", *names)


PATCHES = {
    "trail of one region": Patch(
        _TRAIL_FILE, "is_multi_region_trail=True,", "", each("trails-record-everything", *_TRAIL_ITSELF)
    ),
    "trail without a key": Patch(
        _TRAIL_FILE, 'kms_key_id=key_arns["archive"],', "", each("trails-encrypted", *_TRAIL_ITSELF)
    ),
    "log of the trail for a year": Patch(
        _TRAIL_FILE,
        "retention_in_days=settings.trail_log_days,",
        "retention_in_days=365,",
        each("trails-logged", *_TRAIL_ITSELF),
    ),
    "log group without a key": Patch(
        _TRAIL_FILE, 'kms_key_id=key_arns["logs"],', "", each("log-groups-encrypted", *_TRAIL_LOG)
    ),
    "errors for a month": Patch(
        _LOGS_FILE,
        "retention_in_days=settings.error_log_days,",
        "retention_in_days=30,",
        _of_errors("error-logs-kept-180-days"),
    ),
    "errors that are not masked": Patch(
        _LOGS_FILE,
        '(("mask", log_group), ("errors-mask", errors.name))',
        '(("mask", log_group),)',
        _of_errors("service-logs-masked"),
    ),
    "runbook that is none": Patch(
        "components/observability_layer/platform_alarms.py",
        'with_runbook(f"Objective: {burn.meaning}", "objective")',
        'with_runbook(f"Objective: {burn.meaning}", "none")',
        each(
            "alarms-name-runbook",
            f"{_LAYER}$fitness-platform:observability:PlatformAlarms$aws:cloudwatch/compositeAlarm:CompositeAlarm",
            "observability-alarms-FastBurn",
            "observability-alarms-SlowBurn",
        ),
    ),
    "dashboard left out": Patch(
        "components/observability_layer/dashboards.py",
        "in bodies(shown, naming).items():",
        'in bodies(shown, naming).items():\n            if about == "business":\n                continue',
        {("dashboards-declared", urn("pulumi:pulumi:Stack", "fitness-platform-prod"))},
    ),
    "trail whose files can be changed unseen": Patch(
        "components/observability_layer/audit_trail.py",
        "enable_log_file_validation=True,",
        "",
        each("trails-validated", f"{_TRAIL}$aws:cloudtrail/trail:Trail", "observability-trail-all"),
    ),
    "alarm that tells nobody": Patch(
        "components/alarms.py",
        "            alarm_actions=[topic],",
        '            alarm_actions=None if name == "api-alarms-RejectedConnectionCount" else [topic],',
        each(
            "alarms-tell-a-topic",
            "fitness-platform:api:ApiLayer$fitness-platform:api:LoadBalancerAlarms$aws:cloudwatch/metricAlarm:MetricAlarm",
            "api-alarms-RejectedConnectionCount",
        ),
    ),
    "reserved instance": Patch(
        "__main__.py",
        'pulumi.export("vpcId", network.vpc_id)',
        "import pulumi_aws\n"
        'pulumi_aws.rds.ReservedInstance("year", offering_id="x", opts=pulumi.ResourceOptions(parent=network))',
        each(
            "nothing-bought",
            "fitness-platform:network:NetworkLayer$aws:rds/reservedInstance:ReservedInstance",
            "year",
        ),
    ),
    "log group that never expires": Patch(
        "components/observability_layer/audit_trail.py",
        "retention_in_days=settings.trail_log_days,",
        "",
        each("log-groups-expire", f"{_TRAIL}$aws:cloudwatch/logGroup:LogGroup", "observability-trail-log"),
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
