from typing import Any

from components.bucket_lifecycle import LifecycleRule, Move


def test_a_rule_says_only_what_it_was_told() -> None:
    rule = LifecycleRule("all").args()
    assert (rule.id, rule.status, rule.transitions) == ("all", "Enabled", None)
    assert (rule.expiration, rule.noncurrent_version_expiration, rule.abort_incomplete_multipart_upload) == (None,) * 3


def test_a_rule_with_everything() -> None:
    moves = (Move(90, "GLACIER"), Move(365, "DEEP_ARCHIVE"))
    rule: Any = LifecycleRule("old", "masters/", moves, expire_days=731, noncurrent_days=30, abort_days=7).args()
    assert rule.filter.prefix == "masters/"
    assert [Move(move.days, move.storage_class) for move in rule.transitions] == [*moves]
    assert rule.expiration.days == 731
    assert rule.noncurrent_version_expiration.noncurrent_days == 30
    assert rule.abort_incomplete_multipart_upload.days_after_initiation == 7
