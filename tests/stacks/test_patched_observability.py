"""Observability broken as a pull request might break it: the command line must name the guardrail and the resource."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each

_LAYER = "fitness-platform:observability:ObservabilityLayer"
_TRAIL = f"{_LAYER}$fitness-platform:observability:AuditTrail"

PATCHES = {
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
