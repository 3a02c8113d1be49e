"""The audit trail, what it watches, and the recorder of AWS Config."""

from components.observability_layer.watched_changes import WATCHED
from preview.topology import Topology
from tests.components.reading import inputs, names, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_TRAIL, _LOG, _RECORDER = "observability-trail-all", "observability-trail-log", "observability-config-recorder"


def test_the_trail_records_everything_in_files_that_can_be_checked() -> None:
    assert inputs(recorded("prod"), _TRAIL) == {
        "name": "fitness-platform-prod-us-east-1-audit",
        "enableLogFileValidation": True,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": True,
        "eventSelectors": [
            {
                "includeManagementEvents": True,
                "readWriteType": "All",
                "dataResources": [
                    {
                        "type": "AWS::S3::Object",
                        "values": [
                            f"arn:aws:s3:::fitness-platform-{kept}-prod-444455556666-us-east-1/"
                            for kept in ("backups", "documents")
                        ],
                    }
                ],
            }
        ],
        "insightSelectors": [{"insightType": "ApiCallRateInsight"}, {"insightType": "ApiErrorRateInsight"}],
    }


def test_the_trail_is_archived_encrypted_and_logged() -> None:
    topology = recorded("prod")
    assert references(topology, _TRAIL) == {
        "cloudWatchLogsGroupArn": [_LOG],
        "cloudWatchLogsRoleArn": ["observability-trail-role"],
        "kmsKeyId": ["security-archive-key"],
        "s3BucketName": ["security-audit-logs-policy"],
    }
    assert waits_for(topology, _TRAIL) == {"observability-trail-delivery"}
    assert inputs(topology, _LOG) == {"name": "/aws/cloudtrail/fitness-platform-prod", "retentionInDays": 731}
    for name in (_TRAIL, _LOG):
        assert topology.resources[urn_of(topology, name)].options["protect"] is True


def test_the_archive_and_its_key_let_this_trail_in() -> None:
    topology = recorded("prod")
    wanted = "arn:aws:cloudtrail:us-east-1:444455556666:trail/fitness-platform-prod*"
    for name in ("security-audit-logs-policy", "security-archive-key"):
        found = [one for one in _statements(topology, name) if "cloudtrail" in str(one.get("Principal"))]
        assert found
        assert all(one["Condition"] == {"ArnLike": {"aws:SourceArn": wanted}} for one in found)


def test_only_this_trail_writes_by_its_role_and_only_its_own_streams() -> None:
    topology = recorded("prod")
    [trusted] = inputs(topology, "observability-trail-role")["assumeRolePolicy"]["Statement"]
    assert trusted["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": "444455556666",
            "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:444455556666:trail/fitness-platform-prod-us-east-1-audit",
        }
    }
    [allowed] = inputs(topology, "observability-trail-delivery")["policy"]["Statement"]
    assert allowed["Resource"] == (
        "arn:aws:logs:us-east-1:444455556666:log-group:/aws/cloudtrail/fitness-platform-prod:"
        "log-stream:444455556666_CloudTrail_us-east-1*"
    )


def test_each_change_is_counted_and_told() -> None:
    topology = recorded("prod")
    assert len(WATCHED) == 14
    for watched in WATCHED:
        name = f"observability-trail-changes-{watched.name}"
        counted = inputs(topology, f"{name}-count")
        assert counted["pattern"] == watched.pattern
        assert counted["metricTransformation"] == {
            "namespace": "fitness-platform-prod/Audit",
            "name": watched.name,
            "value": "1",
        }
        alarm = inputs(topology, name)
        assert (alarm["namespace"], alarm["metricName"]) == ("fitness-platform-prod/Audit", watched.name)
        assert references(topology, name)["alarmActions"] == [f"security-alerts-{watched.severity}"]


def test_patterns_are_as_long_as_aws_takes() -> None:
    assert max(len(watched.pattern) for watched in WATCHED) <= 1024


def test_the_recorder_records_everything_once_it_can_deliver() -> None:
    topology = recorded("prod")
    assert inputs(topology, _RECORDER) == {
        "name": "fitness-platform-prod-recorder",
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
    }
    assert references(topology, _RECORDER) == {"roleArn": ["observability-config-role"]}
    assert waits_for(topology, "observability-config-channel") == {_RECORDER}
    assert waits_for(topology, "observability-config-recording") == {"observability-config-channel"}
    assert references(topology, "observability-config-channel") == {
        "s3BucketName": ["observability-config-records-policy"],
        "s3KmsKeyArn": ["security-archive-key"],
    }


def test_what_is_recorded_goes_to_a_bucket_without_a_lock() -> None:
    topology = recorded("prod")
    bucket = "fitness-platform-config-prod-444455556666-us-east-1"
    assert inputs(topology, "observability-config-records-bucket")["bucket"] == bucket
    assert "observability-config-records-lock" not in names(topology, "BucketObjectLockConfiguration")
    checks, writes, _ = _statements(topology, "observability-config-records-policy")
    assert writes["Resource"] == f"arn:aws:s3:::{bucket}/AWSLogs/444455556666/Config/*"
    for statement in (checks, writes):
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "444455556666"}}


def test_an_organizations_trail_takes_the_place_of_this_one() -> None:
    topology = recorded("prod", observability={"trail": False})
    assert names(topology, "Trail") == set()
    assert not any(name.startswith("observability-trail") for name in names(topology, "LogMetricFilter"))


def test_another_stack_of_the_account_may_own_the_recorder() -> None:
    topology = recorded("prod", platform={"accountSettings": False})
    assert names(topology, "Recorder") == set()
    assert "observability-config-role" not in names(topology, "ServiceLinkedRole")


def _statements(topology: Topology, name: str) -> list[dict[str, object]]:
    return inputs(topology, name)["policy"]["Statement"]
