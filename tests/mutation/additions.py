"""Resources that the stack doesn't have, each of which breaks one thing and would be in order otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from preview.topology import Resource, Topology
from tests.mutation.mutant import Change, Mutant, another, inputs_of, put, with_inputs
from tests.mutation.sdk import kind_of
from tests.support.editing import UNKNOWN

_ELSEWHERE = "eu-west-1"


class _Addition(NamedTuple):
    """A resource, and the names of those of the stack that its properties refer to."""

    name: str
    type: str
    inputs: Mapping[str, Any]
    refers: Mapping[str, tuple[str, ...]]


_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def _broker(name: str, group: str = "groups-lambda", **changes: Any) -> _Addition:
    inputs = {
        "engineType": "RabbitMQ",
        "deploymentMode": "CLUSTER_MULTI_AZ",
        "hostInstanceType": "mq.m7g.large",
        "autoMinorVersionUpgrade": True,
        "publiclyAccessible": False,
        "subnetIds": [UNKNOWN] * 3,
        "securityGroups": [UNKNOWN],
        "encryptionOptions": {"useAwsOwnedKey": False, "kmsKeyId": UNKNOWN},
        "logs": {"general": True},
        **changes,
    }
    refers = {
        "subnetIds": ("network-private-a", "network-private-b", "network-private-c"),
        "securityGroups": (group,),
        "encryptionOptions": ("security-queues-key",),
    }
    return _Addition(f"broker {name}", "aws:mq/broker:Broker", inputs, refers)


_BROKERS = (
    _broker("of one node", deploymentMode="SINGLE_INSTANCE"),
    _broker("in two groups", securityGroups=[UNKNOWN, UNKNOWN]),
    _broker("with a key of AWS", encryptionOptions={"useAwsOwnedKey": True, "kmsKeyId": UNKNOWN}),
    _broker("without a log", logs={"general": False}),
    _broker("of an old version", autoMinorVersionUpgrade=False),
    _broker("that the cache's callers call", group="groups-redis"),
)
_ADDITIONS = (
    _Addition(
        "subscription without TLS",
        _SUBSCRIPTION,
        {"topic": UNKNOWN, "protocol": "http", "endpoint": "http://alerts.example"},
        {"topic": ("security-alerts-critical",)},
    ),
    _Addition(
        "subscription of another account",
        _SUBSCRIPTION,
        {"topic": UNKNOWN, "protocol": "sqs", "endpoint": "arn:aws:sqs:us-east-1:999988887777:alerts"},
        {"topic": ("security-alerts-critical",)},
    ),
    _Addition("server", "aws:ec2/instance:Instance", {"subnetId": UNKNOWN}, {"subnetId": ("network-private-a",)}),
    _Addition("resource of another cloud", "azure-native:storage:StorageAccount", {}, {}),
    _Addition("task set", "aws:ecs/taskSet:TaskSet", {}, {}),
    _Addition("container outside ECS", "aws:apprunner/service:Service", {}, {}),
    _Addition("public repository", "aws:ecrpublic/repository:Repository", {"repositoryName": "images"}, {}),
    _Addition(
        "public namespace", "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", {"name": "a.example"}, {}
    ),
    _Addition(
        "target registered by hand",
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        {"targetGroupArn": UNKNOWN, "targetId": "10.0.1.1"},
        {"targetGroupArn": ("api-route-auth-blue",)},
    ),
    _Addition(
        "route out of the data tier",
        "aws:ec2/route:Route",
        {"routeTableId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN},
        {"routeTableId": ("network-data-route-table",), "natGatewayId": ("network-nat-a",)},
    ),
    _Addition(
        "subnet without routes",
        "aws:ec2/subnet:Subnet",
        {"vpcId": UNKNOWN, "cidrBlock": "10.0.250.0/24", "availabilityZone": "us-east-1a"},
        {"vpcId": ("network-vpc",)},
    ),
    *_BROKERS,
    _Addition(
        "function with a URL",
        "aws:lambda/functionUrl:FunctionUrl",
        {"functionName": UNKNOWN, "authorizationType": "NONE"},
        {"functionName": ("async-email-processor-function",)},
    ),
    _Addition(
        "function that anybody calls",
        "aws:lambda/permission:Permission",
        {"action": "lambda:InvokeFunction", "principal": "cognito-idp.amazonaws.com", "function": UNKNOWN},
        {"function": ("async-email-processor-alias",)},
    ),
    _Addition(
        "function that nobody waits for",
        "aws:lambda/permission:Permission",
        {
            "action": "lambda:InvokeFunction",
            "principal": "events.amazonaws.com",
            "function": UNKNOWN,
            "sourceAccount": "444455556666",
        },
        {"function": ("async-email-processor-alias",)},
    ),
    _Addition(
        "redrive beside a queue",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        {"queueUrl": UNKNOWN, "redriveAllowPolicy": '{"redrivePermission": "allowAll"}'},
        {"queueUrl": ("async-email-dead-letters-queue",)},
    ),
    _Addition(
        "second provider",
        "pulumi:providers:aws",
        {
            "region": _ELSEWHERE,
            "allowedAccountIds": '["444455556666"]',
            "defaultTags": '{"tags": {"Project": "fitness-platform", "Environment": "prod", "ManagedBy": "pulumi"}}',
        },
        {},
    ),
    _Addition(
        "cache that the load balancer calls",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {"subnetGroupName": UNKNOWN, "securityGroupIds": [UNKNOWN]},
        {"subnetGroupName": ("database-primary-subnets",), "securityGroupIds": ("groups-alb",)},
    ),
    _Addition(
        "cache without shards",
        "aws:elasticache/cluster:Cluster",
        {"clusterId": "sessions", "subnetGroupName": UNKNOWN, "securityGroupIds": [UNKNOWN]},
        {"subnetGroupName": ("cache-subnets",), "securityGroupIds": ("groups-redis",)},
    ),
    _Addition(
        "search domain that the load balancer calls",
        "aws:opensearch/domain:Domain",
        {"vpcOptions": {"subnetIds": [UNKNOWN], "securityGroupIds": [UNKNOWN]}},
        {"vpcOptions": ("network-data-a", "groups-alb")},
    ),
)


def additions(topology: Topology) -> Iterator[Mutant]:
    """Yield a mutant for each addition, and one for a resource of each type that lands in another region."""
    urns = {resource.name: urn for urn, resource in topology.resources.items()}
    for addition in _ADDITIONS:
        resource = another(topology, addition.type, addition.name.replace(" ", "-"), addition.inputs)
        references = {key: tuple(sorted(urns[name] for name in names)) for key, names in addition.refers.items()}
        added = replace(resource, property_dependencies=references)
        yield Mutant(f"added: {addition.name}", "addition", added.urn, (), False, _putting(added))
    first: dict[str, Resource] = {}
    for resource in topology.resources.values():
        first.setdefault(resource.type, resource)
    for resource in first.values():
        if resource.type.startswith("aws:") and _has_region(resource.type):
            name = f"{resource.name}: in {_ELSEWHERE}"
            yield Mutant(name, "region", resource.urn, (), False, _moving(resource.urn))


def _has_region(type_: str) -> bool:
    try:
        kind_of(type_, "region")
    except LookupError:
        return False
    return True


def _putting(resource: Resource) -> Change:
    return lambda topology: put(topology, resource)


def _moving(urn: str) -> Change:
    return _setting(urn, {"region": _ELSEWHERE})


def _setting(urn: str, values: Mapping[str, Any]) -> Change:
    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn]
        inputs = {**inputs_of(resource), **values}
        return put(topology, with_inputs(resource, inputs, resource.property_dependencies))

    return change
