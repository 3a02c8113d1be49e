"""From a name of DNS to what serves it, by nothing but what the recorded resources say and refer to.

Each step is printed, so that ``pytest -s`` shows the whole way.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from preview.topology import Resource, Topology, plain
from tests.support.recording import recorded

_DOMAIN = {"dev": "dev.fitness.example", "prod": "prod.fitness.example"}
_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


class _Way:
    """Follows a request through a stack, and remembers each step."""

    def __init__(self, topology: Topology, request: str) -> None:
        self.topology = topology
        self.steps = [request]

    def to(self, resource: Resource, by: str) -> Resource:
        self.steps.append(f"{by} -> {resource.type.rpartition(':')[2]} {resource.name}")
        return resource

    def of_type(self, type_: str) -> list[Resource]:
        return [resource for resource in self.topology.resources.values() if resource.type == type_]

    def referred(self, resource: Resource, key: str, type_: str) -> list[Resource]:
        found = [self.topology.resources[urn] for urn in resource.property_dependencies.get(key, ())]
        return [one for one in found if one.type == type_]

    def show(self) -> None:
        print("\n    ".join(["", *self.steps]))  # noqa: T201 what it is for


def _inputs(resource: Resource) -> dict[str, Any]:
    return plain(resource.inputs)


def _record(way: _Way, name: str, type_: str = "A") -> Resource:
    """Return the record of a name, the secondary one where a CDN outside AWS comes first."""
    found = [
        record
        for record in way.of_type("aws:route53/record:Record")
        if _inputs(record).get("name") == name and _inputs(record)["type"] in (type_, "CNAME")
    ]
    return way.to(found[-1], name)


def _distribution(way: _Way, host: str) -> Resource:
    """Return the distribution that a name leads to, with the web ACL that sees each request, and its certificate."""
    record = _record(way, host)
    [distribution] = [found for key in ("aliases", "records") for found in way.referred(record, key, _DISTRIBUTION)]
    assert host in _inputs(distribution)["aliases"]
    [acl] = way.referred(distribution, "webAclId", "aws:wafv2/webAcl:WebAcl")
    assert _inputs(acl)["scope"] == "CLOUDFRONT"
    way.to(acl, "seen by")
    [issued] = way.referred(distribution, "viewerCertificate", "aws:acm/certificateValidation:CertificateValidation")
    [certificate] = way.referred(issued, "certificateArn", "aws:acm/certificate:Certificate")
    names = [_inputs(certificate)["domainName"], *_inputs(certificate)["subjectAlternativeNames"]]
    assert host in names
    return way.to(distribution, "alias")


def _origins(distribution: Resource, path: str) -> Iterator[dict[str, Any]]:
    """Yield the origins of the first behaviour that matches a path, in the order in which they are asked."""
    values = _inputs(distribution)
    behaviour = next(
        (one for one in values["orderedCacheBehaviors"] if fnmatchcase(path, one["pathPattern"])),
        values["defaultCacheBehavior"],
    )
    target = behaviour["targetOriginId"]
    groups = {
        group["originId"]: [member["originId"] for member in group["members"]]
        for group in values.get("originGroups", [])
    }
    for name in groups.get(target, [target]):
        yield next(origin for origin in values["origins"] if origin["originId"] == name)


def _bucket(way: _Way, distribution: Resource, path: str) -> Resource:
    origin = next(_origins(distribution, path))
    assert origin["originAccessControlId"]
    [bucket] = [
        one
        for one in way.of_type("aws:s3/bucket:Bucket")
        if origin["domainName"].startswith(f"{_inputs(one)['bucket']}.s3.")
    ]
    [policy] = [
        one
        for one in way.of_type("aws:s3/bucketPolicy:BucketPolicy")
        if bucket.urn in one.property_dependencies["bucket"]
    ]
    folder = origin.get("originPath", "").strip("/")
    [read] = [
        one
        for one in json.loads(_inputs(policy)["policy"])["Statement"]
        if one.get("Principal") == {"Service": "cloudfront.amazonaws.com"}
    ]
    assert read["Resource"].endswith(f"{_inputs(bucket)['bucket']}/{f'{folder}/' if folder else ''}*")
    return way.to(bucket, f"origin {origin['originId']}, {path}")


def _balancer(way: _Way, name: str) -> Resource:
    record = _record(way, name)
    [balancer] = way.referred(record, "aliases", "aws:lb/loadBalancer:LoadBalancer")
    [association] = [
        one
        for one in way.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")
        if balancer.urn in one.property_dependencies["resourceArn"]
    ]
    way.to(association, "seen by")
    return way.to(balancer, name)


def _container(way: _Way, balancer: Resource, path: str) -> str:
    """Return the container that a listener's rule leads a path to, lowest priority first."""
    [listener] = [
        one
        for one in way.of_type("aws:lb/listener:Listener")
        if balancer.urn in one.property_dependencies["loadBalancerArn"] and _inputs(one)["port"] == 443
    ]
    way.to(listener, "443")
    rules = [
        one
        for one in way.of_type("aws:lb/listenerRule:ListenerRule")
        if listener.urn in one.property_dependencies["listenerArn"]
    ]
    rule = next(rule for rule in sorted(rules, key=lambda one: _inputs(one)["priority"]) if _takes(rule, path))
    way.to(rule, "X-Origin-Verify")
    groups = way.referred(rule, "actions", "aws:lb/targetGroup:TargetGroup")
    [service] = [
        one
        for one in way.of_type("aws:ecs/service:Service")
        if {group.urn for group in groups} & {*one.property_dependencies.get("loadBalancers", ())}
    ]
    way.to(service, groups[0].name)
    [task] = way.referred(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition")
    [attached] = _inputs(service)["loadBalancers"]
    way.to(task, f"container {attached['containerName']}:{attached['containerPort']}")
    way.show()
    return attached["containerName"]


def _takes(rule: Resource, path: str) -> bool:
    headers = [one["httpHeader"]["httpHeaderName"] for one in _inputs(rule)["conditions"] if "httpHeader" in one]
    patterns = [value for one in _inputs(rule)["conditions"] for value in one.get("pathPattern", {}).get("values", [])]
    return headers == ["X-Origin-Verify"] and any(fnmatchcase(path, pattern) for pattern in patterns)


def _services_name(distribution: Resource, path: str) -> str:
    [origin] = _origins(distribution, path)
    assert [header["name"] for header in origin["customHeaders"]] == ["X-Origin-Verify"]
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    return origin["domainName"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("type_", ["A", "AAAA"])
@pytest.mark.parametrize("path", ["/", "/plans/12", "/assets/app.3f2a.js", "/images/hero.webp"])
def test_the_site(stack: str, type_: str, path: str) -> None:
    way = _Way(recorded(stack), f"GET https://app.{_DOMAIN[stack]}{path} over {type_}")
    _record(way, f"app.{_DOMAIN[stack]}", type_)
    bucket = _bucket(way, _distribution(way, f"app.{_DOMAIN[stack]}"), path)
    way.show()
    assert bucket.name == "edge-files-bucket"


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("path", ["/api/workouts/7", "/api/public/plans"])
def test_the_api(stack: str, path: str) -> None:
    way = _Way(recorded(stack), f"GET https://app.{_DOMAIN[stack]}{path}")
    name = _services_name(_distribution(way, f"app.{_DOMAIN[stack]}"), path)
    [domain] = way.referred(_record(way, name), "aliases", "aws:apigateway/domainName:DomainName")
    assert _inputs(domain)["domainName"] == name
    way.to(domain, name)
    [mapping] = [
        one
        for one in way.of_type("aws:apigatewayv2/apiMapping:ApiMapping")
        if domain.urn in one.property_dependencies["domainName"]
    ]
    [stage] = way.referred(mapping, "stage", "aws:apigateway/stage:Stage")
    [association] = [
        one
        for one in way.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")
        if stage.urn in one.property_dependencies["resourceArn"]
    ]
    way.to(association, "seen by")
    way.to(stage, "the whole of it")
    [api] = way.referred(stage, "restApi", "aws:apigateway/restApi:RestApi")
    way.to(api, "its document")
    document = json.loads(_inputs(api)["body"])
    own = "/api/public/{proxy+}" if path.startswith("/api/public/") else "/api/{proxy+}"
    uri = document["paths"][own]["get"]["x-amazon-apigateway-integration"]["uri"]
    host = uri.removeprefix("https://").partition("/")[0].partition(":")[0]
    assert _container(way, _balancer(way, host), path) == "api-gateway"


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize(("path", "container"), [("/ws/live", "api-gateway"), ("/ai/stream/coach", "ai")])
def test_websockets_and_streams(stack: str, path: str, container: str) -> None:
    way = _Way(recorded(stack), f"GET wss://app.{_DOMAIN[stack]}{path}")
    name = _services_name(_distribution(way, f"app.{_DOMAIN[stack]}"), path)
    assert _container(way, _balancer(way, name), path) == container


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("path", ["/7/index.m3u8", "/7/manifest.mpd", "/7/720p/0001.ts"])
def test_a_video(stack: str, path: str) -> None:
    way = _Way(recorded(stack), f"GET https://video.{_DOMAIN[stack]}{path}, signed")
    distribution = _distribution(way, f"video.{_DOMAIN[stack]}")
    bucket = _bucket(way, distribution, path)
    way.show()
    assert bucket.name == "media-videos-bucket"
    behaviours = [_inputs(distribution)["defaultCacheBehavior"], *_inputs(distribution)["orderedCacheBehaviors"]]
    assert all(behaviour["trustedKeyGroups"] for behaviour in behaviours)


def test_where_the_bucket_lacks_a_video_the_packaging_origin_is_asked() -> None:
    way = _Way(recorded("prod"), "GET https://video.prod.fitness.example/8/index.m3u8, signed")
    distribution = _distribution(way, "video.prod.fitness.example")
    _, packaging = _origins(distribution, "/8/index.m3u8")
    assert packaging["domainName"] == "packaging.fitness.example"
    assert packaging["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_no_way_to_a_task_is_unseen_by_a_web_acl(stack: str) -> None:
    topology = recorded(stack)
    way = _Way(topology, "")
    seen = {
        urn
        for one in way.of_type("aws:wafv2/webAclAssociation:WebAclAssociation")
        for urn in one.property_dependencies["resourceArn"]
    }
    seen |= {one.urn for one in way.of_type(_DISTRIBUTION) if one.property_dependencies.get("webAclId")}
    entries = (_DISTRIBUTION, "aws:lb/loadBalancer:LoadBalancer", "aws:apigateway/stage:Stage")
    assert {one.urn for type_ in entries for one in way.of_type(type_)} == seen
