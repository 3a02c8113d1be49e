"""The broker: RabbitMQ on Amazon MQ, for routing that queues and topics can't do."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.async_layer.rabbitmq_settings import RabbitmqSettings
from components.far_side import FarSide, secret_replicas
from components.naming import Naming

_ENGINE_VERSION = "4.2"  # https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
_USERNAME = "fitness"


@dataclass(frozen=True, slots=True)
class BrokerPlace:
    """Where the broker is, and what lets others in."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets, in three zones."""
    group_id: pulumi.Input[str]
    """Security group that lets services in."""
    password: pulumi.Input[str]
    """Password of its only user."""


class RabbitmqBroker(pulumi.ComponentResource):
    """Three nodes in three zones, private and encrypted. Carries async-rabbitmq-option and async-rabbitmq-cluster-3."""

    url: pulumi.Output[str]
    """Where services connect to, over TLS."""
    secret_name: str
    """Name of the secret with ``username`` and ``password``."""

    def __init__(
        self,
        name: str,
        settings: RabbitmqSettings,
        place: BrokerPlace,
        *,
        naming: Naming,
        queue_key_arn: pulumi.Input[str],
        secret_key_arn: pulumi.Input[str],
        far: FarSide | None,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:async:RabbitmqBroker", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, protect=protect)
        self.secret_name = naming.name("rabbitmq")
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=self.secret_name,
            description="Credentials of the broker's user",
            kms_key_id=secret_key_arn,
            replicas=secret_replicas(far),
            recovery_window_in_days=30,
            tags={"Name": self.secret_name},
            opts=kept,
        )
        aws.secretsmanager.SecretVersion(
            f"{name}-secret-value",
            secret_id=secret.id,
            secret_string_wo=pulumi.Output.json_dumps({"username": _USERNAME, "password": place.password}),
            secret_string_wo_version=settings.password_version,
            opts=pulumi.ResourceOptions(parent=self),
        )
        broker = aws.mq.Broker(
            f"{name}-broker",
            broker_name=naming.name("rabbitmq"),
            engine_type="RabbitMQ",
            engine_version=_ENGINE_VERSION,
            deployment_mode="CLUSTER_MULTI_AZ",
            host_instance_type=settings.instance_type,
            auto_minor_version_upgrade=True,
            publicly_accessible=False,
            subnet_ids=place.subnet_ids,
            security_groups=[place.group_id],
            encryption_options=aws.mq.BrokerEncryptionOptionsArgs(use_aws_owned_key=False, kms_key_id=queue_key_arn),
            logs=aws.mq.BrokerLogsArgs(general=True),
            maintenance_window_start_time=aws.mq.BrokerMaintenanceWindowStartTimeArgs(
                day_of_week="SUNDAY", time_of_day="03:00", time_zone="UTC"
            ),
            users=[aws.mq.BrokerUserArgs(username=_USERNAME, password=place.password)],
            tags={"Name": naming.name("rabbitmq")},
            opts=kept,
        )
        self.url = broker.instances[0].endpoints[0]
        self.register_outputs({"url": self.url, "secret_name": self.secret_name})
