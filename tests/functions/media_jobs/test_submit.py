import random
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from functions.media_jobs.job import job
from functions.media_jobs.uploads import Master, UnusableError, master_of
from tests.functions.media_jobs.surroundings import BUCKET, Context, loaded, uploaded


@pytest.fixture
def submit(monkeypatch: pytest.MonkeyPatch) -> Any:
    return loaded(monkeypatch, "submit", "submitter")


def _takes(stub: Stubber, submit: Any, key: str) -> None:
    """Expect exactly the job of an upload."""
    answer = {"Job": {"Id": "1", "Role": "role", "Settings": {}}}
    stub.add_response("create_job", answer, job(Master(BUCKET, key, "v1"), submit.config))


def test_an_mp4_has_one_valid_job_made(submit: Any) -> None:
    with Stubber(submit.client) as stub:
        _takes(stub, submit, "masters/2026/a lift.mp4")
        event = {"Records": [uploaded("masters/2026/a+lift.mp4")]}
        assert submit.handle(event, Context()) == {"submitted": 1}
        stub.assert_no_pending_responses()


def test_an_upload_that_is_told_twice_asks_for_the_same_job(submit: Any) -> None:
    with Stubber(submit.client) as stub:
        for _ in range(2):
            _takes(stub, submit, "masters/a.mp4")
            submit.handle({"Records": [uploaded()]}, Context())


@pytest.mark.parametrize("code", ["TooManyRequestsException", "InternalServerErrorException", "BadRequestException"])
def test_what_has_no_job_is_told_again_and_the_others_have_theirs(submit: Any, code: str) -> None:
    with Stubber(submit.client) as stub:
        _takes(stub, submit, "masters/a.mp4")
        stub.add_client_error("create_job", code, expected_params=None)
        _takes(stub, submit, "masters/c.mp4")
        event = {"Records": [uploaded(f"masters/{name}.mp4") for name in "abc"]}
        with pytest.raises(submit.NotSubmittedError, match="1 of 3"):
            submit.handle(event, Context())
        stub.assert_no_pending_responses()


def test_a_service_that_can_not_be_reached_loses_nothing(submit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://mediaconvert.example")

    monkeypatch.setattr(submit.client, "create_job", unreachable)
    with pytest.raises(submit.NotSubmittedError):
        submit.handle({"Records": [uploaded()]}, Context())


_UNUSABLE = {
    "removal": uploaded(eventName="ObjectRemoved:Delete"),
    "no name": uploaded(eventName=None),
    "another bucket": uploaded(s3={"bucket": {"name": "other"}, "object": {"key": "masters/a.mp4"}}),
    "a rendition": uploaded("renditions/a.mp4"),
    "another file": uploaded("masters/a.mov"),
    "nothing before the ending": uploaded("masters/.mp4"),
    "a way out": uploaded("masters/../renditions/a.mp4"),
    "a name that no URL takes": uploaded("masters/%23a.mp4"),
    "a broken name": uploaded("masters/%ff.mp4"),
    "a number for a name": uploaded(s3={"bucket": {"name": BUCKET}, "object": {"key": 7}}),
    "a number for a version": uploaded(
        s3={"bucket": {"name": BUCKET}, "object": {"key": "masters/a.mp4", "versionId": 7}}
    ),
    "no object": uploaded(s3={"bucket": {"name": BUCKET}}),
    "nothing": {},
    "text": "masters/a.mp4",
    "null": None,
}


@pytest.mark.parametrize("record", list(_UNUSABLE.values()), ids=list(_UNUSABLE))
def test_what_is_no_upload_of_a_master_has_no_job(submit: Any, record: Any) -> None:
    with pytest.raises(UnusableError):
        master_of(record, submit.config)
    with Stubber(submit.client) as stub:
        _takes(stub, submit, "masters/a.mp4")
        assert submit.handle({"Records": [record, uploaded()]}, Context()) == {"submitted": 1}


@pytest.mark.parametrize(
    "event", [{"Event": "s3:TestEvent"}, {}, {"Records": None}, {"Records": "x"}, [], None, "x", 7]
)
def test_events_without_records_have_no_job(submit: Any, event: Any) -> None:
    with Stubber(submit.client):
        assert submit.handle(event, Context()) == {"submitted": 0}


def broken(value: Any, draw: random.Random) -> Any:
    """Return an event with some part replaced by what nobody expects."""
    if draw.random() < 0.15:
        return draw.choice([None, 0, -1.5, "", "ü\ud800", [], {}, True, "masters/" + "a" * 5000 + ".mp4", [[[]]]])
    if isinstance(value, dict):
        return {key: broken(item, draw) for key, item in value.items() if draw.random() > 0.05}
    if isinstance(value, list):
        return [broken(item, draw) for item in value]
    return value


@pytest.mark.parametrize("seed", range(200))
def test_no_event_whatever_breaks_it(submit: Any, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(submit.client, "create_job", lambda **_: {"Job": {"Id": "1"}})
    draw = random.Random(seed)  # noqa: S311 no secret
    event = broken({"Records": [uploaded(), uploaded("masters/b%2Bc.mp4")]}, draw)
    assert submit.handle(event, Context())["submitted"] >= 0


def test_names_of_files_stay_out_of_the_log(submit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with Stubber(submit.client) as stub:
        stub.add_client_error("create_job", "BadRequestException", "masters/jane-doe.mp4", expected_params=None)
        with pytest.raises(submit.NotSubmittedError):
            submit.handle({"Records": [uploaded("masters/jane-doe.mp4")]}, Context())
    assert "jane-doe" not in capsys.readouterr().out
