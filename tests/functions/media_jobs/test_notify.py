import json
import random
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tests.functions.media_jobs.surroundings import BUCKET, Context, loaded
from tests.functions.media_jobs.test_submit import broken

_MANIFESTS = [f"s3://{BUCKET}/renditions/a/index.m3u8", f"s3://{BUCKET}/renditions/a/index.mpd"]


def _ended(status: str = "COMPLETE", **changes: Any) -> dict[str, Any]:
    return {
        "source": "aws.mediaconvert",
        "detail-type": "MediaConvert Job State Change",
        "detail": {
            "status": status,
            "jobId": "1-a",
            "userMetadata": {"bucket": BUCKET, "key": "masters/a.mp4", "version": "v1"},
            "outputGroupDetails": [{"type": "CMAF_GROUP", "playlistFilePaths": _MANIFESTS}],
            **changes,
        },
    }


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> Any:
    return loaded(monkeypatch, "notify", "notifier")


def _expect(stub: Stubber, status: str, **message: Any) -> None:
    told = {
        "job": "1-a",
        "status": status,
        "master": {"bucket": BUCKET, "key": "masters/a.mp4", "version": "v1"},
        "manifests": _MANIFESTS,
        "errorCode": None,
        **message,
    }
    stub.add_response(
        "publish",
        {"MessageId": "1"},
        {
            "TopicArn": "arn:aws:sns:us-east-1:444455556666:fitness-platform-prod-media-jobs",
            "Message": json.dumps(told, sort_keys=True),
            "MessageAttributes": {"status": {"DataType": "String", "StringValue": status}},
        },
    )


def test_a_finished_job_is_told_with_what_players_read(notify: Any) -> None:
    with Stubber(notify.client) as stub:
        _expect(stub, "COMPLETE")
        assert notify.handle(_ended(), Context()) == {"told": True}
        stub.assert_no_pending_responses()


def test_a_failed_job_is_told_with_its_code(notify: Any) -> None:
    with Stubber(notify.client) as stub:
        _expect(stub, "ERROR", errorCode=1404, manifests=[])
        event = _ended("ERROR", errorCode=1404, outputGroupDetails=None)
        assert notify.handle(event, Context()) == {"told": True}


def test_what_the_topic_does_not_take_is_tried_again(notify: Any) -> None:
    with Stubber(notify.client) as stub:
        stub.add_client_error("publish", "KMSThrottlingException", expected_params=None)
        with pytest.raises(ClientError):
            notify.handle(_ended(), Context())


@pytest.mark.parametrize("event", [None, {}, {"detail": None}, _ended("PROGRESSING"), _ended(jobId=7), "x"])
def test_other_events_are_told_to_nobody(notify: Any, event: Any) -> None:
    with Stubber(notify.client):
        assert notify.handle(event, Context()) == {"told": False}


@pytest.mark.parametrize("seed", range(100))
def test_no_event_whatever_breaks_it(notify: Any, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(notify.client, "publish", lambda **_: {})
    draw = random.Random(seed)  # noqa: S311 no secret
    assert notify.handle(broken(_ended(), draw), Context())["told"] in (True, False)
