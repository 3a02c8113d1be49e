from typing import Any

import pytest

from components.media_pipeline.settings import MediaSettings
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of


def test_defaults_keep_the_decision() -> None:
    markers = {
        name: [marker for marker in field.metadata if isinstance(marker, KeepsAdr)]
        for name, field in MediaSettings.model_fields.items()
    }
    assert sum(map(len, markers.values())) > 5
    for name, found in markers.items():
        assert all(marker.holds(MediaSettings.model_fields[name].default) for marker in found), name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"masterArchiveDays": -1}, "masterArchiveDays: found -1; allowed:"),
        (
            {"masterDeepArchiveDays": 179},
            "masterDeepArchiveDays: found 179; allowed: 180 or more, 90 days after masterArchiveDays (90), or null",
        ),
        ({"masterDeepArchiveDays": 89}, "masterDeepArchiveDays: found 89; allowed:"),
        (
            {"renditionArchiveClass": "GLACIER"},
            "renditionArchiveClass: found \"GLACIER\"; allowed: 'GLACIER_IR', 'INTELLIGENT_TIERING' or 'STANDARD_IA'",
        ),
        (
            {"renditionArchiveClass": "STANDARD_IA", "renditionArchiveDays": 29},
            "renditionArchiveDays: found 29; allowed: 30 or more, since S3 moves nothing to STANDARD_IA before",
        ),
        (
            {"backupDays": 35, "backupArchiveDays": 35},
            "backupDays: found 35; allowed: more than backupArchiveDays (35): S3 refuses",
        ),
        ({"backupDays": 34}, "backupDays: found 34; allowed:"),
        ({"versionDays": 0}, "versionDays: found 0; allowed:"),
        ({"lockMode": "governance"}, "lockMode: found \"governance\"; allowed: 'none', 'GOVERNANCE' or 'COMPLIANCE'"),
        ({"lockDays": 0}, "lockDays: found 0; allowed:"),
        (
            {"deployRole": "arn:aws:iam::111122223333:role/deploy"},
            'deployRole: found "arn:aws:iam::111122223333:role/deploy"; allowed: the name of an IAM role',
        ),
        ({"renditions": []}, "renditions: found []; allowed:"),
        ({"renditions": [{"name": "a", "height": 481, "kbps": 900}]}, "renditions.0.height: found 481; allowed:"),
        ({"renditions": [{"name": "a", "height": 480, "kbps": 99}]}, "renditions.0.kbps: found 99; allowed:"),
        (
            {"renditions": [{"name": "a", "height": 480, "kbps": 900}, {"name": "a", "height": 720, "kbps": 900}]},
            'renditions.1.name: found "a"; allowed: each name once',
        ),
        (
            {"renditions": [{"name": "a", "height": 480, "kbps": 900}, {"name": "b", "height": 480, "kbps": 901}]},
            "renditions.1.height: found 480; allowed: each height once",
        ),
        ({"segmentSeconds": 3}, "segmentSeconds: found 3; allowed: 2, 4, 6, 8 or 10"),
        ({"audioKbps": 100}, "audioKbps: found 100; allowed: 64, 96, 128, 192 or 256"),
        ({"deployRole": "/deploy"}, 'deployRole: found "/deploy"; allowed: the name of an IAM role'),
        ({"deployRole": "*"}, 'deployRole: found "*"; allowed: the name of an IAM role'),
    ],
)
def test_mistakes(changes: dict[str, Any], expected: str) -> None:
    [mistake] = mistakes(stack_of(media=changes))
    assert mistake.startswith(f"fitness-platform:media.{expected}")


@pytest.mark.parametrize(
    "changes",
    [
        {"masterDeepArchiveDays": None},
        {"masterArchiveDays": 0, "masterDeepArchiveDays": 90},
        {"renditionArchiveClass": "STANDARD_IA", "renditionArchiveDays": 30},
        {"renditionArchiveClass": "INTELLIGENT_TIERING", "renditionArchiveDays": 0},
        {"backupDays": None, "backupArchiveDays": 3650},
        {"deployRole": "ci/eu/deploy@platform"},
    ],
)
def test_what_s3_takes(changes: dict[str, Any]) -> None:
    load(stack_of(media=changes))
