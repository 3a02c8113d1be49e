"""What the guardrails of the edge have in common: types, and what a distribution is made of."""

import re

from guardrails.graph import Graph, Node
from guardrails.placement import known_text
from guardrails.reading import Properties, UndecidedError
from guardrails.security_layer.resource_policies import BUCKET

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl"
KEY_GROUP = "aws:cloudfront/keyGroup:KeyGroup"
PUBLIC_KEY = "aws:cloudfront/publicKey:PublicKey"
FUNCTION = "aws:cloudfront/function:Function"
RECORD = "aws:route53/record:Record"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
FOLLOWING = ("CALCULATED", "CLOUDWATCH_METRIC")
"""Types of health checks that ask nobody: they follow others, or an alarm."""

EDGE_REGION = "us-east-1"
"""Where AWS keeps what belongs to CloudFront, whichever region a stack is in."""

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

PUBLIC_ANSWERS = "/api/public/"
"""Begin of the paths whose answers are the same for everybody."""
MANIFESTS = ("*.m3u8", "*.mpd")
"""Patterns of manifests of videos: HLS and DASH."""

_S3 = re.compile(r"(?P<bucket>[a-z0-9.-]+)\.s3[.-](?P<rest>.*)amazonaws\.com(\.cn)?")
_GIVEN_BY_AWS = re.compile(r".*\.(amazonaws\.com(\.cn)?|cloudfront\.net|on\.aws|awsapprunner\.com)")
_VIDEOS = re.compile(r".+-videos(-.+)?")


def behaviours(distribution: Node) -> list[Properties]:
    """Return how requests are answered: the default behaviour, then the others in their order."""
    return [
        *distribution.properties.blocks("defaultCacheBehavior"),
        *distribution.properties.blocks("orderedCacheBehaviors"),
    ]


def title(behaviour: Properties) -> str:
    """Return what a behaviour is called in messages."""
    return f"the behaviour of {path}" if (path := behaviour.text("pathPattern")) else "the default behaviour"


def origins(distribution: Node) -> list[Properties]:
    """Return the origins of a distribution."""
    return distribution.properties.blocks("origins")


def is_bucket(origin: Properties) -> bool:
    """Return whether an origin is a bucket, or is treated like one."""
    return (not origin.blocks("customOriginConfig") and not origin.blocks("vpcOriginConfig")) or bool(
        _S3.fullmatch(origin.text("domainName") or "")
    )


def bucket_of(origin: Properties, graph: Graph) -> Node | None:
    """Return the bucket of this stack that an origin is."""
    found = _S3.fullmatch(origin.text("domainName") or "")
    named = [one for one in graph.of_type(BUCKET) if found and known_text(one, "bucket") == found["bucket"]]
    return named[0] if len(named) == 1 else None


def sources(distribution: Node, behaviour: Properties) -> list[Properties]:
    """Return the origins that a behaviour leads to, through a group where it names one."""
    target = behaviour.text("targetOriginId")
    members = [
        member.text("originId")
        for group in distribution.properties.blocks("originGroups")
        if group.text("originId") == target
        for member in group.blocks("members")
    ]
    return [origin for origin in origins(distribution) if origin.text("originId") in (members or [target])]


def is_service(distribution: Node, behaviour: Properties) -> bool:
    """Return whether a behaviour leads to services, and to no bucket."""
    found = sources(distribution, behaviour)
    return bool(found) and not any(is_bucket(origin) for origin in found)


def known(properties: Properties, path: str) -> str | None:
    """Return a text, or nothing where it is absent or not known yet."""
    try:
        return properties.text(path)
    except UndecidedError:
        return None


def is_one_of(value: str | None, nodes: list[Node]) -> bool:
    """Return whether an id is that of one of some resources, or may be: ids are not known before they exist."""
    return bool(nodes) and (value is None or value in {known_text(node, "id") for node in nodes})


def is_videos(bucket: str) -> bool:
    """Return whether a bucket of that name holds videos."""
    return bool(_VIDEOS.fullmatch(bucket))


def serves_video(distribution: Node) -> bool:
    """Return whether a distribution serves videos: from their bucket, or manifests of them."""
    return any(
        (found := _S3.fullmatch(origin.text("domainName") or "")) and is_videos(found["bucket"])
        for origin in origins(distribution)
    ) or any(behaviour.text("pathPattern") in MANIFESTS for behaviour in behaviours(distribution))


def given_region(node: Node) -> str | None:
    """Return the region that a resource is in.

    :raises UndecidedError: where it is given and not known.
    """
    return node.properties.text("region") or node.provider.text("region")


def is_given_by_aws(name: str) -> bool:
    """Return whether AWS gave a name to something, so that it goes with what it is a name of."""
    return bool(_GIVEN_BY_AWS.fullmatch(name))


def normal(name: str) -> str:
    """Return a name of DNS as others would write it."""
    return name.lower().rstrip(".")
