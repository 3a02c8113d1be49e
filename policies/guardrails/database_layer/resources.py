"""What the guardrails of the database have in common: types, and which instance copies which."""

import re

from guardrails.graph import Node
from guardrails.placement import SUBNET, known_text, zone
from guardrails.provider import region_of
from guardrails.reading import Properties

INSTANCE = "aws:rds/instance:Instance"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TOPIC = "aws:sns/topic:Topic"
ROLE = "aws:iam/role:Role"
_SOURCE = re.compile(r"arn:aws:rds:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):db:[a-z][a-z0-9-]*")
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")


def is_replica(properties: Properties) -> bool:
    """Return whether an instance copies another one; what copies none is a primary."""
    return properties.given("replicateSourceDb")


def source_elsewhere(instance: Node) -> str | None:
    """Return the region of the database that an instance copies, where that is another than its own."""
    found = _SOURCE.fullmatch(known_text(instance, "replicateSourceDb") or "")
    return found["region"] if found and found["region"] != region_of(instance) else None


def takes_over(instance: Node) -> bool:
    """Return whether an instance is a primary, or the standby of one in another region, which may become one."""
    return not is_replica(instance.properties) or source_elsewhere(instance) is not None


def primaries(instances: list[Node]) -> list[Node]:
    """Return the instances that copy no other one of this region."""
    return [instance for instance in instances if takes_over(instance)]


def zones_of(instance: Node) -> set[str]:
    """Return the zones that an instance may be in by its subnet group."""
    return {
        zone(subnet)
        for group in instance.refers("dbSubnetGroupName", SUBNET_GROUP)
        for subnet in group.refers("subnetIds", SUBNET)
    }
