"""The function of CloudFront, run by Node.js where there is one."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.support.recording import ROOT

_CODE = (ROOT / "components" / "edge_layer" / "viewer_request.js").read_text(encoding="utf-8")
_NODE = shutil.which("node")


def _run(host: str, uri: str) -> dict[str, Any]:
    assert _NODE
    event = {"request": {"uri": uri, "headers": {"host": {"value": host}}}}
    script = f"{_CODE}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    run = subprocess.run([_NODE, "-e", script], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.skipif(_NODE is None, reason="there is no Node.js")
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("/", "/index.html"),
        ("/plans/12", "/index.html"),
        ("/plans/", "/index.html"),
        ("/v1.2/plans", "/index.html"),
        ("/favicon.ico", "/favicon.ico"),
        ("/.well-known/security.txt", "/.well-known/security.txt"),
    ],
)
def test_pages_are_routed_in_the_browser(uri: str, expected: str) -> None:
    assert _run("app.fit.example", uri)["uri"] == expected


@pytest.mark.skipif(_NODE is None, reason="there is no Node.js")
def test_www_leads_to_app() -> None:
    answer = _run("www.fit.example", "/plans")
    assert (answer["statusCode"], answer["headers"]) == (
        301,
        {"location": {"value": "https://app.fit.example/plans"}},
    )


def test_the_function_is_within_what_cloudfront_takes() -> None:
    assert len(_CODE.encode()) <= 10 * 1024
