import json
from typing import Any

from preview.topology import Topology
from tests.components.reading import inputs
from tests.support.recording import recorded


def _allowed(topology: Topology, task: str) -> dict[str, Any]:
    """Return what the role of a task may do with what backs it, by the statement's name."""
    statements = inputs(topology, f"compute-{task}-task-roles-uses-backings")["policy"]["Statement"]
    return {statement["Sid"]: statement for statement in statements}


def _variables(topology: Topology, task: str) -> dict[str, str]:
    [container] = [
        one
        for one in json.loads(inputs(topology, f"compute-{task}-task-definition")["containerDefinitions"])
        if one["name"] == task
    ]
    return {variable["name"]: variable["value"] for variable in container["environment"]}


def _arn(kind: str) -> str:
    return f"arn:aws:s3:::fitness-platform-{kind}-prod-444455556666-us-east-1"


def test_the_content_service_uploads_masters_and_keeps_images_and_documents() -> None:
    topology = recorded("prod")
    allowed = _allowed(topology, "content")
    upload, keep = allowed["UploadMasters"], allowed["KeepImagesAndDocuments"]
    assert (upload["Action"], upload["Resource"]) == (
        ["s3:AbortMultipartUpload", "s3:PutObject"],
        f"{_arn('videos')}/masters/*",
    )
    assert keep["Resource"] == [f"{_arn('images')}/*", f"{_arn('documents')}/*"]
    assert "s3:DeleteObjectVersion" not in keep["Action"]
    for sid, key in (("EncryptVideosAndImages", "media"), ("EncryptDocuments", "data")):
        named = allowed[sid]["Condition"]["ForAnyValue:StringEquals"]
        assert named == {"kms:ResourceAliases": f"alias/fitness-platform-prod-{key}"}
    variables = _variables(topology, "content")
    assert {name: value for name, value in variables.items() if name.startswith("BUCKET_")} == {
        f"BUCKET_{kind.upper()}": _arn(kind).removeprefix("arn:aws:s3:::") for kind in ("videos", "images", "documents")
    }


def test_other_services_have_nothing_to_do_with_the_buckets() -> None:
    topology = recorded("prod")
    for task in ("auth", "payment", "background"):
        assert "UploadMasters" not in _allowed(topology, task)
        assert not [name for name in _variables(topology, task) if name.startswith("BUCKET_")]


def test_settings_say_who_uses_them() -> None:
    topology = recorded("prod", media={"usedBy": ["background"]})
    assert "UploadMasters" in _allowed(topology, "background")
    assert "UploadMasters" not in _allowed(topology, "content")
    assert "UploadMasters" not in _allowed(recorded("prod", media={"usedBy": []}), "content")
