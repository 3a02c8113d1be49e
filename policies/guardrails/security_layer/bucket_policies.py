"""Policies of buckets: AWS services alone are let in by them, and nothing leads into a bucket past them."""

import re
from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties, as_texts
from guardrails.security_layer.resource_policies import BUCKET_POLICY

_WILDCARDS = re.compile(r"[*?]")
_OTHER_DOORS = {
    "aws:s3/accessPoint:AccessPoint": "an access point, with a policy of its own",
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": "a website, which S3 serves without TLS",
    "aws:s3control/accessPointPolicy:AccessPointPolicy": "the policy of an access point",
    "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": "an access point of several regions",
    "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": "the policy of an access point",
    "aws:s3control/objectLambdaAccessPoint:ObjectLambdaAccessPoint": "an access point, which runs code on reads",
    "aws:s3control/accessGrant:AccessGrant": "a grant that no policy shows",
}


def _for_services(policy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for statement in policy.properties.statements("policy"):
        if statement.get("Effect") == "Deny":
            continue
        name, principal = f"statement {statement.get('Sid', '')!r}", statement.get("Principal")
        if not (isinstance(principal, dict) and [*principal] == ["Service"]):
            yield f"{name} lets {principal!r} in, while who is of the account is let in by IAM"
        if wild := [action for action in as_texts(statement.get("Action", "*")) if _WILDCARDS.search(action)]:
            yield f"{name} allows {', '.join(wild)}, not actions by name"


def _no_door(type_: str, _properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    yield f"it is {_OTHER_DOORS[type_]}: a way into a bucket past its policy"


BUCKET_POLICY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="bucket-policies-for-services",
        title="Policies of buckets let in AWS services, for actions by name, and nobody else",
        clauses=("media-public-access-blocked", "enc-rest-s3"),
        severity="high",
        types=frozenset({BUCKET_POLICY}),
        check=_for_services,
        controls=("S3.6", "CKV_AWS_70"),
        remediation="Grant roles of the account what they need by policies of their own, and services single actions.",
    ),
    ResourceGuardrail(
        id="buckets-have-one-door",
        title="No access point, grant or website leads into a bucket",
        clauses=("media-public-access-blocked", "edge-s3-origin-static"),
        severity="high",
        types=frozenset(_OTHER_DOORS),
        check=_no_door,
        controls=("S3.19", "S3.24", "s3_access_point_public_access_block"),
        remediation="Take it out, and let CloudFront read the bucket through an origin access control.",
    ),
)
