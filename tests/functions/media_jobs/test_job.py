"""The document of a job, checked against what AWS says of its service."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from components.media_pipeline.settings import RenditionSettings
from functions.media_jobs.config import Config, Rendition
from functions.media_jobs.job import job
from functions.media_jobs.uploads import Master
from tests.functions.media_jobs.surroundings import BUCKET, variables_of

_CONFIG = Config.of(variables_of("submitter"))
_MASTER = Master(BUCKET, "masters/2026/a lift.mp4", "v1")
_REQUEST: Any = (
    botocore.session.get_session().get_service_model("mediaconvert").operation_model("CreateJob").input_shape
)


def _wrong(value: Any, shape: Any, path: str) -> Iterator[str]:
    """Yield values that no enumeration or range of the service has; botocore itself checks types alone."""
    if shape.type_name == "structure":
        for key, inner in value.items():
            yield from _wrong(inner, shape.members[key], f"{path}.{key}")
    elif shape.type_name == "list":
        for item in value:
            yield from _wrong(item, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for key, inner in value.items():
            yield from _wrong(inner, shape.value, f"{path}.{key}")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} is {value}"
    elif shape.type_name in ("integer", "long", "double"):
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if (least is not None and value < least) or (most is not None and value > most):
            yield f"{path} is {value}"


def _problems(config: Config) -> list[str]:
    request = job(_MASTER, config)
    report = ParamValidator().validate(request, _REQUEST)
    return [*_wrong(request, _REQUEST, "job"), *([report.generate_report()] if report.has_errors() else [])]


def test_the_stacks_own_job_is_one_that_mediaconvert_takes() -> None:
    assert _problems(_CONFIG) == []


@pytest.mark.parametrize("codec", ["H_264", "H_265"])
@pytest.mark.parametrize("seconds", [2, 10])
@pytest.mark.parametrize(("height", "kbps"), [(144, 100), (2160, 50_000)])
def test_every_setting_makes_a_job_that_mediaconvert_takes(codec: str, seconds: int, height: int, kbps: int) -> None:
    rendition = Rendition("x", height, kbps, codec)
    for audio in (64, 256):
        assert _problems(replace(_CONFIG, renditions=(rendition,), segment_seconds=seconds, audio_kbps=audio)) == []


def test_settings_and_function_know_a_rendition_alike() -> None:
    assert set(RenditionSettings.model_fields) == set(Rendition.__dataclass_fields__)


def test_one_group_of_segments_serves_hls_and_dash_in_four_sizes() -> None:
    [group] = job(_MASTER, _CONFIG)["Settings"]["OutputGroups"]
    settings = group["OutputGroupSettings"]
    assert settings["Type"] == "CMAF_GROUP_SETTINGS"
    cmaf = settings["CmafGroupSettings"]
    assert (cmaf["WriteHlsManifest"], cmaf["WriteDashManifest"]) == ("ENABLED", "ENABLED")
    assert cmaf["SegmentLength"] % cmaf["FragmentLength"] == 0
    *videos, sound = group["Outputs"]
    assert [video["VideoDescription"]["Height"] for video in videos] == [480, 720, 1080, 2160]
    assert [video["NameModifier"] for video in videos] == ["_480p", "_720p", "_1080p", "_4k"]
    assert sound["AudioDescriptions"][0]["CodecSettings"]["AacSettings"]["Bitrate"] == 128_000


def test_what_is_read_and_what_is_written_are_apart() -> None:
    request = job(_MASTER, _CONFIG)
    [source] = request["Settings"]["Inputs"]
    [group] = request["Settings"]["OutputGroups"]
    assert source["FileInput"] == f"s3://{BUCKET}/masters/2026/a lift.mp4"
    destination = group["OutputGroupSettings"]["CmafGroupSettings"]["Destination"]
    assert destination == f"s3://{BUCKET}/renditions/2026/a lift/index"


def test_the_same_upload_is_the_same_request_and_another_version_is_another() -> None:
    assert job(_MASTER, _CONFIG) == job(replace(_MASTER), _CONFIG)
    tokens = {replace(_MASTER, version=version).token for version in ("v1", "v2", "")}
    tokens |= {replace(_MASTER, key="masters/b.mp4").token, replace(_MASTER, bucket="other").token}
    assert len(tokens) == 5


@pytest.mark.parametrize(
    ("masters", "renditions"), [("a/", "a/"), ("a/", "a/b/"), ("a/b/", "a/"), ("", "a/"), ("a/", "")]
)
def test_prefixes_that_could_loop_are_refused_at_the_start(masters: str, renditions: str) -> None:
    variables = {**variables_of("submitter"), "MASTERS_PREFIX": masters, "RENDITIONS_PREFIX": renditions}
    with pytest.raises(ValueError, match="start itself"):
        Config.of(variables)


def test_a_missing_variable_fails_at_the_start() -> None:
    for name in variables_of("submitter"):
        if not name.startswith("POWERTOOLS_"):
            variables = {key: value for key, value in variables_of("submitter").items() if key != name}
            with pytest.raises(KeyError, match=name):
                Config.of(variables)
