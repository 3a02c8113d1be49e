"""What the guardrails of the database have in common: types, and which instance copies which."""

from guardrails.graph import Node
from guardrails.placement import SUBNET, zone
from guardrails.reading import Properties

INSTANCE = "aws:rds/instance:Instance"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TOPIC = "aws:sns/topic:Topic"
ROLE = "aws:iam/role:Role"
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")


def is_replica(properties: Properties) -> bool:
    """Return whether an instance copies another one; what copies none is a primary."""
    return properties.given("replicateSourceDb")


def primaries(instances: list[Node]) -> list[Node]:
    """Return the instances that copy no other one."""
    return [instance for instance in instances if not is_replica(instance.properties)]


def zones_of(instance: Node) -> set[str]:
    """Return the zones that an instance may be in by its subnet group."""
    return {
        zone(subnet)
        for group in instance.refers("dbSubnetGroupName", SUBNET_GROUP)
        for subnet in group.refers("subnetIds", SUBNET)
    }
