"""ADR 003 as a program: one constructor a box of the diagram, and what it hands on to the next."""

import pulumi

from components import (
    NetworkArgs,
    NetworkLayer,
    SecurityArgs,
    SecurityLayer,
    aws_provider,
    load_settings,
)

settings = load_settings()
naming = settings.naming
protect = settings.platform.protect_stateful_resources
here = pulumi.ResourceOptions(providers=[aws_provider(settings)])

security = SecurityLayer("security", SecurityArgs(naming=naming, protect=protect), here)

network = NetworkLayer(
    "network",
    NetworkArgs(settings=settings.network, naming=naming, log_key_arn=security.log_key_arn, protect=protect),
    here,
)

pulumi.export("vpcId", network.vpc_id)
pulumi.export("publicSubnetIds", network.public_subnet_ids)
pulumi.export("privateSubnetIds", network.private_subnet_ids)
pulumi.export("dataSubnetIds", network.data_subnet_ids)
