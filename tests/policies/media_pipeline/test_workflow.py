import json
from typing import Any

from preview.topology import Topology
from tests.policies.breaking import Case, Change, add, at, cases, drop, edit, point
from tests.policies.media_pipeline.judged import broken, bucket, inputs_of
from tests.policies.security_layer.judged import document, refer
from tests.support.editing import UNKNOWN, edited
from tests.support.recording import recorded

_UPLOADS, _LOOP, _WIRED = "uploads-encoded", "encoding-does-not-loop", "submitter-wired"
_SIZES, _SCOPED, _PASSED = "renditions-of-the-decision", "transcoder-scoped", "roles-passed-narrowly"
_VIDEOS, _NOTICE, _SUBMITTER = "media-videos-bucket", "media-workflow-uploads", "media-workflow-submitter-function"
_ALIAS, _PERMISSION = "media-workflow-submitter-alias", "media-workflow-submitter-called"
_ROLE, _POLICY = "media-workflow-transcoder-role", "media-workflow-transcoder-encodes"
_PASSES = "media-workflow-submitter-does-its-work"
_ARN = f"arn:aws:s3:::{bucket('videos')}"
_JOB_ROLE = "arn:aws:iam::444455556666:role/fitness-platform-prod-us-east-1-transcoder"
_NOTICED = {
    "id": "masters",
    "events": ["s3:ObjectCreated:*"],
    "filterPrefix": "masters/",
    "filterSuffix": ".mp4",
    "lambdaFunctionArn": UNKNOWN,
}


def _noticed(*calls: dict[str, Any]) -> Change:
    """Have the bucket call the submitter in other cases."""
    return refer(_NOTICE, "lambdaFunctions", list(calls), _ALIAS)


def _but(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**_NOTICED, **changes}.items() if value is not None}


def _variable(name: str, value: Any) -> Change:
    def change(topology: Topology) -> Topology:
        environment = inputs_of(topology, _SUBMITTER)["environment"]
        variables = {**environment["variables"], name: value}
        kept = {key: one for key, one in variables.items() if one is not None}
        return edited(topology, _SUBMITTER, {"environment": {"variables": kept}})

    return change


def _encoding(*renditions: Any) -> Change:
    return _variable("ENCODING", json.dumps({"renditions": list(renditions)}))


def _size(height: Any, kbps: Any = 1000) -> dict[str, Any]:
    return {"name": f"{height}p", "height": height, "kbps": kbps, "codec": "H_264"}


_ALL = [_size(height) for height in (480, 720, 1080, 2160)]


def _does(action: Any, resource: Any, **more: Any) -> Change:
    """Let MediaConvert do more."""

    def change(topology: Topology) -> Topology:
        policy = json.loads(inputs_of(topology, _POLICY)["policy"])
        policy["Statement"].append({"Sid": "More", "Effect": "Allow", "Action": action, "Resource": resource, **more})
        return edited(topology, _POLICY, {"policy": json.dumps(policy)})

    return change


def _may_pass(resource: Any = _JOB_ROLE, action: Any = "iam:PassRole", **condition: Any) -> Change:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}
    return edit(_PASSES, policy=document(statement))


_TO_MEDIACONVERT = {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}}

ACCEPTED: dict[str, Change] = {
    "one more size": _encoding(*_ALL, _size(270)),
    "sizes in another order": _encoding(*_ALL[::-1]),
    "one folder of masters heard by a queue too": edit(_NOTICE, queues=[{"filterPrefix": "masters/new/"}]),
    "a permission by reference": point(_PERMISSION, "sourceArn", _VIDEOS),
    "a function that passes nothing": edit(
        _PASSES, policy=document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{_ARN}/*"})
    ),
    "no role may be passed": edit(
        _PASSES, policy=document({"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"})
    ),
    "a role for one folder of masters": _does("s3:GetObject", f"{_ARN}/masters/2026/*"),
}

REJECTED: dict[str, Case] = {
    # uploads
    "no notification": Case(drop(_NOTICE), at(_UPLOADS, _VIDEOS)),
    "two notifications": Case(
        add(
            "aws:s3/bucketNotification:BucketNotification",
            "more",
            {"bucket": UNKNOWN, "queues": [{"filterPrefix": "masters/"}]},
            bucket=[_VIDEOS],
        ),
        at(_UPLOADS, _VIDEOS),
    ),
    "nothing called": Case(_noticed(), at(_UPLOADS, _VIDEOS)),
    "called twice": Case(_noticed(_NOTICED, _but(id="more")), at(_UPLOADS, _VIDEOS)),
    **{
        f"{key} {value!r}": Case(_noticed(_but(**{key: value})), at(_UPLOADS, _VIDEOS))
        for key, value in (
            ("events", []),
            ("events", ["s3:ObjectCreated:Put"]),
            ("events", ["s3:ObjectRemoved:*"]),
            ("events", UNKNOWN),
            ("filterPrefix", "masters/new/"),
            ("filterSuffix", ".mov"),
            ("filterSuffix", None),
        )
    },
    **{
        f"filterPrefix {value!r}": Case(_noticed(_but(filterPrefix=value)), at(_UPLOADS, _VIDEOS) | at(_LOOP, _NOTICE))
        for value in (None, "", "m", "renditions/", UNKNOWN, 7)
    },
    "a literal function": Case(
        edit(_NOTICE, lambdaFunctions=[_but(lambdaFunctionArn="arn:aws:lambda:us-east-1:1:function:x")]),
        at(_UPLOADS, _VIDEOS),
    ),
    "a function that doesn't know how": Case(
        refer(_NOTICE, "lambdaFunctions", [_NOTICED], "media-workflow-notifier-alias"),
        at(_UPLOADS, _VIDEOS) | at(_SIZES, _VIDEOS) | at(_WIRED, _VIDEOS),
    ),
    "no permission": Case(drop(_PERMISSION), at(_UPLOADS, _VIDEOS)),
    **{
        f"permission: {key} {value!r}": Case(edit(_PERMISSION, **{key: value}), at(_UPLOADS, _VIDEOS))
        for key, value in (
            ("principal", "sns.amazonaws.com"),
            ("sourceArn", f"arn:aws:s3:::{bucket('images')}"),
            ("sourceArn", None),
            ("sourceArn", UNKNOWN),
        )
    },
    # loops
    **{
        f"{key} hear of all": Case(edit(_NOTICE, **{key: [{"events": ["s3:ObjectCreated:*"]}]}), at(_LOOP, _NOTICE))
        for key in ("queues", "topics")
    },
    **{
        f"eventbridge {value!r}": Case(edit(_NOTICE, eventbridge=value), at(_LOOP, _NOTICE))
        for value in (True, UNKNOWN, "yes")
    },
    # the submitter
    **{
        f"{name} {value!r}": Case(_variable(name, value), at(_WIRED, _VIDEOS))
        for name, value in (
            ("BUCKET", bucket("images")),
            ("BUCKET", None),
            ("MASTERS_PREFIX", ""),
            ("MASTERS_PREFIX", "uploads/"),
            ("RENDITIONS_PREFIX", "masters/out/"),
            ("RENDITIONS_PREFIX", None),
            ("JOB_QUEUE_ARN", "arn:aws:mediaconvert:us-east-1:444455556666:queues/Default"),
            ("JOB_QUEUE_ARN", None),
            ("JOB_ROLE_ARN", "arn:aws:iam::444455556666:role/fitness-platform-prod-us-east-1-auth-task"),
            ("JOB_ROLE_ARN", None),
        )
    },
    "variables unknown": Case(
        edit(_SUBMITTER, environment={"variables": UNKNOWN}), at(_WIRED, _VIDEOS) | at(_SIZES, _VIDEOS)
    ),
    **{
        f"without {missing['height']}": Case(
            _encoding(*(size for size in _ALL if size is not missing)), at(_SIZES, _VIDEOS)
        )
        for missing in _ALL
    },
    **{
        f"4k of {size}": Case(_encoding(*_ALL[:3], size), at(_SIZES, _VIDEOS))
        for size in (_size(2159), _size("2160"), _size(2160, 0), _size(2160, None), "2160p", {"kbps": 1000})
    },
    **{
        f"ENCODING {value!r}": Case(_variable("ENCODING", value), at(_SIZES, _VIDEOS))
        for value in ("", "[]", "{", '{"renditions": {}}', None)
    },
    # MediaConvert
    **{
        f"MediaConvert may {action} on {resource}": Case(_does(action, resource), at(_SCOPED, _ROLE))
        for action, resource in (
            ("s3:GetObject", f"{_ARN}/*"),
            ("s3:GetObject", f"{_ARN}/renditions/*"),
            ("s3:GetObject", "arn:aws:s3:::fitness-platform-videos-*/masters/*"),
            ("s3:GetObject", f"arn:aws:s3:::{bucket('documents')}/masters/*"),
            ("s3:PutObject", f"{_ARN}/masters/*"),
            ("s3:PutObject", [f"{_ARN}/renditions/*", f"{_ARN}/*"]),
            ("s3:DeleteObject", f"{_ARN}/renditions/*"),
            ("s3:*", f"{_ARN}/renditions/*"),
            ("*", "*"),
            ("sns:Publish", "arn:aws:sns:us-east-1:444455556666:fitness-platform-prod-media-jobs"),
        )
    },
    "MediaConvert may all but one thing": Case(
        edit(_POLICY, policy=document({"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": f"{_ARN}/*"})),
        at(_SCOPED, _ROLE),
    ),
    "another role that MediaConvert takes on": Case(
        edit(
            "media-workflow-submitter-role",
            assumeRolePolicy=document(
                {"Effect": "Allow", "Principal": {"Service": "mediaconvert.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
        ),
        at(_SCOPED, "media-workflow-submitter-role"),
    ),
    "a role that MediaConvert can't take on": Case(
        edit(
            _ROLE,
            assumeRolePolicy=document(
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
        ),
        at(_WIRED, _VIDEOS),
    ),
    # passing roles
    **{
        f"may pass {resource}": Case(_may_pass(resource, **_TO_MEDIACONVERT), at(_PASSED, _PASSES))
        for resource in (
            "*",
            "arn:aws:iam::444455556666:role/*",
            "arn:aws:iam::444455556666:role/fitness-platform-prod-*",
            "arn:aws:iam::999988887777:role/transcoder",
            [_JOB_ROLE, "arn:aws:iam::*:role/admin"],
        )
    },
    **{
        f"may pass it under {condition}": Case(_may_pass(**condition), at(_PASSED, _PASSES))
        for condition in (
            {},
            {"StringLike": {"iam:PassedToService": "*"}},
            {"StringEquals": {"iam:PassedToService": ["mediaconvert.amazonaws.com", "ec2.amazonaws.com"]}},
            {"StringEquals": {"aws:PrincipalAccount": "444455556666"}},
        )
    },
    "may pass by a wildcard": Case(_may_pass("*", "iam:Pass*"), at(_PASSED, _PASSES)),
    "an unreadable policy": Case(edit(_PASSES, policy=UNKNOWN), at(_PASSED, _PASSES)),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert broken(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert broken(case.change(recorded("prod"))) == case.violations
