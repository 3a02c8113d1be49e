"""A request's way, from the listener to the container, by nothing but what the recorded resources refer to."""

import json
from typing import Any

import pytest

from preview.topology import Resource, Topology, plain
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_PATHS = {
    "api-gateway": "/api/*",
    "auth": "/auth/*",
    "training": "/training/*",
    "content": "/content/*",
    "payment": "/payments/*",
    "ai": "/ai/*",
}


def _of_type(topology: Topology, kind: str) -> list[Resource]:
    return [resource for resource in topology.resources.values() if resource.type == kind]


def _inputs(resource: Resource) -> dict[str, Any]:
    return plain(resource.inputs)


def _referred(topology: Topology, resource: Resource, key: str, kind: str) -> list[Resource]:
    found = [topology.resources[urn] for urn in resource.property_dependencies.get(key, ())]
    return [one for one in found if one.type == kind]


def _rule_of(topology: Topology, path: str) -> Resource:
    matching = [
        rule
        for rule in _of_type(topology, "aws:lb/listenerRule:ListenerRule")
        for condition in _inputs(rule)["conditions"]
        if path in condition.get("pathPattern", {}).get("values", [])
    ]
    [rule] = matching
    return rule


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize(("service", "path"), _PATHS.items())
def test_a_request_reaches_the_container(stack: str, service: str, path: str) -> None:
    topology = recorded(stack)

    rule = _rule_of(topology, path)
    [listener] = _referred(topology, rule, "listenerArn", "aws:lb/listener:Listener")
    assert (_inputs(listener)["port"], _inputs(listener)["protocol"]) == (443, "HTTPS")
    [balancer] = _referred(topology, listener, "loadBalancerArn", "aws:lb/loadBalancer:LoadBalancer")
    headers = [condition["httpHeader"] for condition in _inputs(rule)["conditions"] if "httpHeader" in condition]
    assert [header["httpHeaderName"] for header in headers] == ["X-Origin-Verify"]

    groups = _referred(topology, rule, "actions", "aws:lb/targetGroup:TargetGroup")
    assert len(groups) == (2 if stack == "prod" else 1)
    assert {_inputs(group)["targetType"] for group in groups} == {"ip"}
    [forward] = [action["forward"] for action in _inputs(rule)["actions"]]
    assert sum(group["weight"] for group in forward["targetGroups"]) == 100

    urns = {group.urn for group in groups}
    [ecs_service] = [
        one
        for one in _of_type(topology, "aws:ecs/service:Service")
        if urns & set(one.property_dependencies.get("loadBalancers", ()))
    ]
    registered = _referred(topology, ecs_service, "loadBalancers", "aws:lb/targetGroup:TargetGroup")
    assert {group.urn for group in registered} == urns
    [attached] = _inputs(ecs_service)["loadBalancers"]
    if stack == "prod":
        shifted = _referred(topology, ecs_service, "loadBalancers", "aws:lb/listenerRule:ListenerRule")
        assert [one.urn for one in shifted] == [rule.urn]
        assert attached["advancedConfiguration"]["productionListenerRule"] == UNKNOWN

    [task] = _referred(topology, ecs_service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition")
    containers = {one["name"]: one for one in json.loads(_inputs(task)["containerDefinitions"])}
    container = containers[attached["containerName"]]
    assert container["image"].endswith(f"/{service}:1.0.0")
    [port] = container["portMappings"]
    assert {attached["containerPort"], *(_inputs(group)["port"] for group in groups)} == {port["containerPort"]}

    # And the door is open: the balancer's group may call the port, and the service's group takes it.
    [front] = _referred(topology, balancer, "securityGroups", "aws:ec2/securityGroup:SecurityGroup")
    [back] = _referred(topology, ecs_service, "networkConfiguration", "aws:ec2/securityGroup:SecurityGroup")
    opened = [
        one
        for one in _of_type(topology, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if one.property_dependencies.get("securityGroupId") == (back.urn,)
        and one.property_dependencies.get("referencedSecurityGroupId") == (front.urn,)
    ]
    assert [(_inputs(one)["fromPort"], _inputs(one)["toPort"]) for one in opened] == [(port["containerPort"],) * 2]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_way_leads_to_one_of_the_services(stack: str) -> None:
    topology = recorded(stack)
    assert len(_of_type(topology, "aws:lb/listenerRule:ListenerRule")) == len(_PATHS)
    used = {
        urn
        for one in _of_type(topology, "aws:ecs/service:Service")
        for urn in one.property_dependencies.get("loadBalancers", ())
    }
    assert {group.urn for group in _of_type(topology, "aws:lb/targetGroup:TargetGroup")} <= used


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize(
    ("method", "path", "service", "rule_path"),
    [
        ("get", "/api/{proxy+}", "api-gateway", "/api/*"),
        ("post", "/api/auth/login", "api-gateway", "/api/*"),
        ("post", "/internal/{service}/{proxy+}", "api-gateway", "/internal/*"),
        ("get", "/auth/.well-known/jwks.json", "auth", "/auth/*"),
    ],
)
def test_a_call_of_the_api_reaches_the_container(
    stack: str, method: str, path: str, service: str, rule_path: str
) -> None:
    topology = recorded(stack)
    name = f"api-origin.{stack}.fitness.example"

    [record] = [one for one in _of_type(topology, "aws:route53/record:Record") if _inputs(one).get("name") == name]
    [domain] = _referred(topology, record, "aliases", "aws:apigateway/domainName:DomainName")
    assert _inputs(domain)["domainName"] == name
    [mapping] = [
        one
        for one in _of_type(topology, "aws:apigatewayv2/apiMapping:ApiMapping")
        if domain.urn in one.property_dependencies["domainName"]
    ]
    [stage] = _referred(topology, mapping, "stage", "aws:apigateway/stage:Stage")
    [acl] = [
        one
        for one in _of_type(topology, "aws:wafv2/webAclAssociation:WebAclAssociation")
        if stage.urn in one.property_dependencies["resourceArn"]
    ]
    assert _referred(topology, acl, "webAclArn", "aws:wafv2/webAcl:WebAcl")
    [api] = _referred(topology, mapping, "apiId", "aws:apigateway/restApi:RestApi")
    assert _referred(topology, stage, "restApi", "aws:apigateway/restApi:RestApi") == [api]

    integration = json.loads(_inputs(api)["body"])["paths"][path][method]["x-amazon-apigateway-integration"]
    assert integration["uri"] == f"https://origin.{stack}.fitness.example{path.replace('+}', '}')}"
    assert integration["requestParameters"]["integration.request.header.X-Origin-Verify"] == (
        f"stageVariables.{next(iter(_inputs(stage)['variables']))}"
    )

    [way] = [
        one
        for one in _of_type(topology, "aws:route53/record:Record")
        if _inputs(one).get("name") == f"origin.{stack}.fitness.example"
    ]
    [balancer] = _referred(topology, way, "aliases", "aws:lb/loadBalancer:LoadBalancer")
    rule = _rule_of(topology, rule_path)
    [listener] = _referred(topology, rule, "listenerArn", "aws:lb/listener:Listener")
    assert _referred(topology, listener, "loadBalancerArn", "aws:lb/loadBalancer:LoadBalancer") == [balancer]
    groups = {group.urn for group in _referred(topology, rule, "actions", "aws:lb/targetGroup:TargetGroup")}
    [ecs_service] = [
        one
        for one in _of_type(topology, "aws:ecs/service:Service")
        if groups & set(one.property_dependencies.get("loadBalancers", ()))
    ]
    assert _inputs(ecs_service)["name"] == f"fitness-platform-{stack}-{service}"
