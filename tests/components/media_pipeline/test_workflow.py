import json

import pytest

from tests.components.reading import inputs, names, references, waits_for
from tests.support.recording import recorded

_QUEUE_ARN = "arn:aws:mediaconvert:us-east-1:444455556666:queues/fitness-platform-prod-videos"
_ROLE_ARN = "arn:aws:iam::444455556666:role/fitness-platform-prod-us-east-1-transcoder"
_VIDEOS = "arn:aws:s3:::fitness-platform-videos-prod-444455556666-us-east-1"
_TOPIC_ARN = "arn:aws:sns:us-east-1:444455556666:fitness-platform-prod-media-jobs"


def test_jobs_are_paid_by_the_minute_in_a_queue_that_runs() -> None:
    assert inputs(recorded("prod"), "media-workflow-transcoder-queue") == {
        "name": "fitness-platform-prod-videos",
        "description": "Videos as they are uploaded",
        "pricingPlan": "ON_DEMAND",
        "status": "ACTIVE",
    }


def test_mediaconvert_reads_masters_and_writes_renditions() -> None:
    topology = recorded("prod")
    role = inputs(topology, "media-workflow-transcoder-role")
    assert f"arn:aws:iam::444455556666:role/{role['name']}" == _ROLE_ARN
    [trusted] = role["assumeRolePolicy"]["Statement"]
    assert trusted["Principal"] == {"Service": "mediaconvert.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": "444455556666"}}
    read, write, crypt = inputs(topology, "media-workflow-transcoder-encodes")["policy"]["Statement"]
    assert (read["Action"], read["Resource"]) == ("s3:GetObject", f"{_VIDEOS}/masters/*")
    assert (write["Action"], write["Resource"]) == ("s3:PutObject", f"{_VIDEOS}/renditions/*")
    assert crypt["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/fitness-platform-prod-media"
    }


def test_an_mp4_among_the_masters_calls_the_submitter_by_its_alias() -> None:
    topology = recorded("prod")
    assert references(topology, "media-workflow-uploads") == {
        "bucket": ["media-videos-policy"],
        "lambdaFunctions": ["media-workflow-submitter-alias"],
    }
    assert waits_for(topology, "media-workflow-uploads") == {
        "media-workflow-submitter-called",
        "media-workflow-transcoder-encodes",
        "media-workflow-transcoder-queue",
    }
    permission = inputs(topology, "media-workflow-submitter-called")
    assert permission["principal"] == "s3.amazonaws.com"
    assert (permission["sourceAccount"], permission["sourceArn"]) == ("444455556666", _VIDEOS)


def test_the_submitter_may_submit_to_one_queue_and_pass_one_role_to_mediaconvert() -> None:
    statements = inputs(recorded("prod"), "media-workflow-submitter-does-its-work")["policy"]["Statement"]
    submit, pass_role = (one for one in statements if one["Sid"] in ("SubmitJobs", "PassJobRole"))
    assert (submit["Action"], submit["Resource"]) == ("mediaconvert:CreateJob", _QUEUE_ARN)
    assert (pass_role["Action"], pass_role["Resource"]) == ("iam:PassRole", _ROLE_ARN)
    assert pass_role["Condition"] == {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}}


def test_settings_reach_the_submitter() -> None:
    renditions = [{"name": "480p", "height": 480, "kbps": 900, "codec": "H_264"}]
    media = {"renditions": renditions, "segmentSeconds": 10, "audioKbps": 64}
    variables = inputs(recorded("prod", media=media), "media-workflow-submitter-function")["environment"]["variables"]
    assert json.loads(variables["ENCODING"]) == media
    assert (variables["JOB_QUEUE_ARN"], variables["JOB_ROLE_ARN"]) == (_QUEUE_ARN, _ROLE_ARN)
    assert (variables["MASTERS_PREFIX"], variables["RENDITIONS_PREFIX"]) == ("masters/", "renditions/")


def test_both_ends_of_a_job_reach_the_notifier_and_no_other_queues_jobs() -> None:
    topology = recorded("prod")
    assert json.loads(inputs(topology, "media-workflow-jobs-ended")["eventPattern"]) == {
        "source": ["aws.mediaconvert"],
        "detail-type": ["MediaConvert Job State Change"],
        "detail": {"status": ["COMPLETE", "ERROR"], "queue": [_QUEUE_ARN]},
    }
    assert references(topology, "media-workflow-jobs-ended-target") == {
        "arn": ["media-workflow-notifier-alias"],
        "rule": ["media-workflow-jobs-ended"],
    }
    assert waits_for(topology, "media-workflow-jobs-ended-target") == {"media-workflow-notifier-called"}
    assert references(topology, "media-workflow-notifier-called")["sourceArn"] == ["media-workflow-jobs-ended"]


def test_the_notifier_tells_an_encrypted_topic() -> None:
    topology = recorded("prod")
    variables = inputs(topology, "media-workflow-notifier-function")["environment"]["variables"]
    assert variables["TOPIC_ARN"] == _TOPIC_ARN
    assert references(topology, "media-workflow-jobs")["kmsMasterKeyId"] == ["security-alerts-key"]
    [tls] = inputs(topology, "media-workflow-jobs-policy")["policy"]["Statement"]
    assert (tls["Effect"], tls["Action"], tls["Resource"]) == ("Deny", "sns:Publish", _TOPIC_ARN)


@pytest.mark.parametrize("function", ["submitter", "notifier"])
def test_what_no_function_could_handle_is_kept_and_somebody_is_told(function: str) -> None:
    topology = recorded("prod")
    assert references(topology, f"media-workflow-{function}-function")["deadLetterConfig"] == [
        "media-workflow-dead-letters-queue"
    ]
    alarm = "media-workflow-dead-letters-ApproximateNumberOfMessagesVisible"
    assert references(topology, alarm)["alarmActions"] == ["security-alerts-critical"]


def test_failed_jobs_raise_an_alarm() -> None:
    alarm = inputs(recorded("prod"), "media-workflow-failed-jobs")
    assert (alarm["metricName"], alarm["dimensions"]) == ("JobsErroredCount", {"Queue": _QUEUE_ARN})
    assert names(recorded("dev"), "BucketNotification") == {"media-workflow-uploads"}
