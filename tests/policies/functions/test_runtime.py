from typing import Any

from tests.policies.breaking import Case, Change, at, cases, chain, edit
from tests.policies.compute_cluster.stack import broken
from tests.policies.functions.stack import FUNCTION, recorded, violations
from tests.support.editing import UNKNOWN

_PYTHON, _CODE, _LAYERS = "functions-in-python", "functions-code-of-stack", "functions-layers-known"
_END, _MEMORY, _TRACED = "functions-end", "functions-memory", "functions-traced"
_POWERTOOLS = "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:27"
_ASSET, _ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def _asset(kind: str, **content: Any) -> dict[str, Any]:
    return {_SIGNATURE: kind, **content}


def _layer(old: str, new: str) -> list[str]:
    return [_POWERTOOLS.replace(old, new)]


ACCEPTED: dict[str, Change] = {
    **{
        f"Python {version}": edit(FUNCTION, runtime=f"python{version}", layers=None)
        for version in ("3.11", "3.12", "3.14", "3.20")
    },
    "package type left out": edit(FUNCTION, packageType=None),
    "archive of files": edit(FUNCTION, code=_asset(_ARCHIVE, assets={"a.py": _asset(_ASSET, text="x = 1")})),
    "no layers": edit(FUNCTION, layers=None),
    "another version of Powertools": edit(FUNCTION, layers=_layer(":27", ":28")),
    "Intel": edit(FUNCTION, architectures=["x86_64"], layers=_layer("arm64", "x86_64")),
    "Intel by default": edit(FUNCTION, architectures=None, layers=_layer("arm64", "x86_64")),
    "timeout left out": edit(FUNCTION, timeout=None),
    "longest": edit(FUNCTION, timeout=900),
    "shortest": edit(FUNCTION, timeout=1),
    "memory left out": edit(FUNCTION, memorySize=None),
    "least memory": edit(FUNCTION, memorySize=128),
    "most memory": edit(FUNCTION, memorySize=10_240),
}

REJECTED: dict[str, Case] = {
    **broken(_PYTHON, FUNCTION, "packageType", "Image", UNKNOWN),
    **{
        f"runtime {runtime!r}": Case(edit(FUNCTION, runtime=runtime, layers=None), at(_PYTHON, FUNCTION))
        for runtime in (None, "python3.9", "python3.10", "python3.1", "python2.7", "nodejs22.x", "python3.130")
    },
    "unknown runtime": Case(edit(FUNCTION, runtime=UNKNOWN), at(_PYTHON, FUNCTION) | at(_LAYERS, FUNCTION)),
    **broken(_PYTHON, FUNCTION, "handler", None, "", UNKNOWN),
    **broken(_CODE, FUNCTION, "imageUri", "444455556666.dkr.ecr.us-east-1.amazonaws.com/x:1", UNKNOWN),
    **broken(_CODE, FUNCTION, "s3Bucket", "somewhere", UNKNOWN),
    **broken(_CODE, FUNCTION, "s3Key", "x.zip"),
    **broken(_CODE, FUNCTION, "code", None, UNKNOWN, "x.zip", _asset(_ARCHIVE, uri="https://example.com/x.zip")),
    **broken(_CODE, FUNCTION, "code", _asset(_ASSET, text="x = 1")),
    **broken(
        _LAYERS,
        FUNCTION,
        "layers",
        ["arn:aws:lambda:us-east-1:999988887777:layer:other:1"],
        [_POWERTOOLS, "arn:aws:lambda:us-east-1:999988887777:layer:other:1"],
        _layer("017000801446", "999988887777"),
        _layer("arm64", "x86_64"),
        _layer("python313", "python312"),
        _layer(":27", ":*"),
        UNKNOWN,
        [UNKNOWN],
    ),
    "layer of another runtime": Case(edit(FUNCTION, runtime="python3.12"), at(_LAYERS, FUNCTION)),
    "two architectures": Case(edit(FUNCTION, architectures=["arm64", "x86_64"]), at(_LAYERS, FUNCTION)),
    **broken(_END, FUNCTION, "timeout", 0, -1, 901, UNKNOWN, "50"),
    **broken(_MEMORY, FUNCTION, "memorySize", 0, 127, 10_241, UNKNOWN, "256"),
    **broken(_TRACED, FUNCTION, "tracingConfig", None, UNKNOWN, {"mode": "PassThrough"}, {}),
    "several at once": Case(
        chain(edit(FUNCTION, runtime="python3.9", layers=None), edit(FUNCTION, timeout=901)),
        at(_PYTHON, FUNCTION) | at(_END, FUNCTION),
    ),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
