"""Clauses async-rabbitmq-*: a broker is a cluster in three zones, private, encrypted and logged."""

from collections.abc import Iterable

from guardrails.async_layer.resources import BROKER
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.network_layer.group_rules import SECURITY_GROUP
from guardrails.placement import SUBNET, zone
from guardrails.reading import Properties
from guardrails.security_layer.keys import KEY, REPLICA_KEY

_ZONES = 3
_TOO_SMALL = "mq.t3.micro"  # which Amazon MQ has no clusters of


def _clustered(broker: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    properties = broker.properties
    for key, wanted in (("engineType", "RabbitMQ"), ("deploymentMode", "CLUSTER_MULTI_AZ")):
        if (found := properties.text(key)) != wanted:
            yield f"{key} is {found or 'not given'}, not {wanted}"
    if (size := properties.text("hostInstanceType")) in (None, _TOO_SMALL):
        yield f"hostInstanceType is {size or 'not given'}, of which there are no clusters"
    zones = {zone(subnet) for subnet in broker.refers("subnetIds", SUBNET)}
    if len(zones) < _ZONES:
        yield f"its subnets are in {len(zones)} zones, not {_ZONES}"


def _private(broker: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if broker.properties.flag("publiclyAccessible"):
        yield "publiclyAccessible is true"
    if len(broker.refers("securityGroups", SECURITY_GROUP)) != 1 or broker.properties.length("securityGroups") != 1:
        yield "securityGroups are not one group of this stack"


def _encrypted(broker: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if broker.properties.flag_or("encryptionOptions.useAwsOwnedKey", True):
        yield "encryptionOptions.useAwsOwnedKey is not false"
    if not broker.refers("encryptionOptions", KEY, REPLICA_KEY):
        yield "encryptionOptions.kmsKeyId refers to no key of this stack"


def _logged(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("logs.general"):
        yield "logs.general is not true"


def _current(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("autoMinorVersionUpgrade"):
        yield "autoMinorVersionUpgrade is not true"


BROKER_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="brokers-clustered",
        title="A broker is a cluster of RabbitMQ in three zones",
        clauses=("async-rabbitmq-cluster-3", "async-rabbitmq-option"),
        severity="high",
        types=frozenset({BROKER}),
        check=_clustered,
        controls=("MQ.5", "MQ.6", "mq_broker_cluster_deployment_mode"),
        remediation="Declare it by an AsyncLayer, in three private subnets.",
    ),
    StackGuardrail(
        id="brokers-private",
        title="Nobody reaches a broker but those that its security group lets in",
        clauses=("async-rabbitmq-option", "net-private-subnets"),
        severity="critical",
        types=frozenset({BROKER}),
        check=_private,
        controls=("CKV_AWS_69", "mq_broker_not_publicly_accessible"),
        remediation="Leave publiclyAccessible out, and pass one security group of the stack.",
    ),
    StackGuardrail(
        id="brokers-encrypted",
        title="A broker is encrypted with a key of the stack",
        clauses=("enc-rest-others", "async-rabbitmq-option"),
        severity="high",
        types=frozenset({BROKER}),
        check=_encrypted,
        controls=("CKV_AWS_209",),
        remediation="Pass the ARN of the SecurityLayer's queues key, and useAwsOwnedKey false.",
    ),
    ResourceGuardrail(
        id="brokers-logged",
        title="A broker writes its log to CloudWatch Logs",
        clauses=("obs-central-logging", "async-rabbitmq-option"),
        severity="medium",
        types=frozenset({BROKER}),
        check=_logged,
        controls=("MQ.2", "CKV_AWS_48", "mq_broker_logging_enabled"),
        remediation="Set logs.general to true.",
    ),
    ResourceGuardrail(
        id="brokers-current",
        title="Amazon MQ keeps the minor version of a broker current",
        clauses=("async-rabbitmq-option",),
        severity="medium",
        types=frozenset({BROKER}),
        check=_current,
        controls=("MQ.3", "CKV_AWS_207", "mq_broker_auto_minor_version_upgrades"),
        remediation="Set autoMinorVersionUpgrade to true.",
    ),
)
