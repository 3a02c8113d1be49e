"""What a stack's YAML says about the broker: ``fitness-platform:async.rabbitmq``."""

from typing import Annotated

from pydantic import Field

from components.settings_base import Form, KeepsAdr, Settings

BROKER_ZONES = 3
"""Zones that a broker needs, one for each of its nodes."""


class RabbitmqSettings(Settings):
    """RabbitMQ on Amazon MQ: a fallback for routing that queues and topics can't do."""

    enabled: Annotated[bool, KeepsAdr("async-rabbitmq-option", "true or false", lambda _: True)] = Field(
        default=False,
        description=(
            "Whether there is a broker, a cluster of three nodes in three zones. An update then needs the secret "
            "rabbitmqPassword."
        ),
    )
    # RabbitMQ 4 runs on this family alone.
    # https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rmq-broker-instance-types.html
    instance_type: Annotated[
        str,
        Form(r"^mq\.m7g\.(medium|large|(2|4|8|12|16)?xlarge)$", "mq.m7g.medium, mq.m7g.large or a larger mq.m7g"),
    ] = Field(
        default="mq.m7g.large",
        examples=["mq.m7g.medium", "mq.m7g.16xlarge"],
        description="Instance type of each of the three nodes.",
    )
    password_version: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="Raise it by one when the password changes, which replaces the broker: Amazon MQ changes no users.",
    )
