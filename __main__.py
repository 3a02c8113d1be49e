"""ADR 003 as a program: one constructor a box of the diagram, and what it hands on to the next."""

import pulumi

from components import (
    ApiArgs,
    ApiLayer,
    ComputeArgs,
    ComputeCluster,
    DatabaseArgs,
    DatabaseLayer,
    NetworkArgs,
    NetworkLayer,
    SecurityArgs,
    SecurityGroups,
    SecurityGroupsArgs,
    SecurityLayer,
    aws_provider,
    load_settings,
    origin_tokens,
    secret,
)

settings = load_settings()
naming = settings.naming
protect = settings.platform.protect_stateful_resources
here = pulumi.ResourceOptions(providers=[aws_provider(settings)])

security = SecurityLayer("security", SecurityArgs(settings=settings.security, naming=naming, protect=protect), here)

network = NetworkLayer(
    "network",
    NetworkArgs(settings=settings.network, naming=naming, log_key_arn=security.key_arns["logs"], protect=protect),
    here,
)

groups = SecurityGroups(
    "groups", SecurityGroupsArgs(naming=naming, vpc_id=network.vpc_id, rows=settings.conversations), here
)

database = DatabaseLayer(
    "database",
    DatabaseArgs(
        settings=settings.database,
        naming=naming,
        data_subnet_ids=network.data_subnet_ids,
        private_subnet_ids=network.private_subnet_ids,
        database_group_id=groups.ids["rds"],
        proxy_group_id=groups.ids.get("rds-proxy"),
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        master_password=secret("databaseMasterPassword"),
        app_password=secret("databaseAppPassword"),
        protect=protect,
    ),
    here,
)

api = ApiLayer(
    "api",
    ApiArgs(
        settings=settings.api,
        naming=naming,
        domain=settings.dns.domain,
        hosted_zone_id=settings.dns.hosted_zone_id,
        network=network,
        vpc_id=network.vpc_id,
        public_subnet_ids=network.public_subnet_ids,
        alb_group_id=groups.ids["alb"],
        access_log_bucket=security.access_log_bucket,
        log_key_arn=security.key_arns["logs"],
        alert_topic_arns=security.alert_topic_arns,
        routes=settings.routes,
        origin_tokens=origin_tokens(),
        protect=protect,
    ),
    here,
)

ComputeCluster(
    "compute",
    ComputeArgs(
        settings=settings.compute,
        naming=naming,
        vpc_id=network.vpc_id,
        private_subnet_ids=network.private_subnet_ids,
        ecs_group_id=groups.ids["ecs"],
        port=settings.ports.container,
        targets=api.targets,
        load_balancer_suffix=api.load_balancer_suffix,
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        database_endpoint=database.endpoint,
        database_port=settings.database.port,
        database_name=database.database_name,
        database_secret_name=database.app_secret_name,
        protect=protect,
    ),
    here,
)

pulumi.export("vpcId", network.vpc_id)
pulumi.export("publicSubnetIds", network.public_subnet_ids)
pulumi.export("privateSubnetIds", network.private_subnet_ids)
pulumi.export("dataSubnetIds", network.data_subnet_ids)
pulumi.export("databaseEndpoint", database.endpoint)
pulumi.export("databaseAnalyticsEndpoint", database.analytics_endpoint)
pulumi.export("originName", api.origin_name)
pulumi.export("loadBalancerDnsName", api.load_balancer_dns_name)
