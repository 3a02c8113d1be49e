"""What the guardrails of the cache have in common: types, and which parameter has which value."""

from guardrails.reading import Properties, UnreadableError

REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup"
SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup"
USER = "aws:elasticache/user:User"
USER_GROUP = "aws:elasticache/userGroup:UserGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")


def parameter(properties: Properties, name: str) -> str | None:
    """Return the value that a parameter group gives a parameter, or ``None`` where it gives none.

    :raises UnreadableError: where it gives two.
    """
    found = [block for block in properties.blocks("parameters") if (block.text("name") or "").lower() == name]
    if len(found) > 1:
        raise UnreadableError(f"parameters give {name} {len(found)} times")
    return found[0].text("value") if found else None
