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
