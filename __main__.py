"""ADR 003 as a program: one constructor a box of the diagram, and what it hands on to the next."""

import pulumi

from components import (
    UPLOADS,
    ApiArgs,
    ApiLayer,
    AsyncArgs,
    AsyncLayer,
    CacheArgs,
    CacheLayer,
    ComputeArgs,
    ComputeCluster,
    CopiesHere,
    Database,
    DatabaseArgs,
    DatabaseLayer,
    EdgeArgs,
    EdgeLayer,
    EntryArgs,
    EntryTarget,
    MediaArgs,
    MediaPipeline,
    NetworkArgs,
    NetworkLayer,
    ObservabilityArgs,
    ObservabilityLayer,
    PrimaryEntry,
    Region,
    Replicated,
    RunbookArgs,
    RunbookLayer,
    SearchArgs,
    SearchLayer,
    SecondRegionArgs,
    SecurityArgs,
    SecurityGroups,
    SecurityGroupsArgs,
    SecurityLayer,
    Shown,
    StandbyEntry,
    Uploads,
    aws_provider,
    far_side,
    load_settings,
    origin_tokens,
    primary_stack,
    ready_alarm,
    ready_alarm_name,
    secret,
)

settings = load_settings()
naming = settings.naming
protect = settings.platform.protect_stateful_resources
waits = settings.platform.role == "standby"
here = pulumi.ResourceOptions(providers=[aws_provider(settings)])

primary = primary_stack(settings.primary, naming)
copies = CopiesHere(settings.primary.replicated) if settings.primary else None

security = SecurityLayer(
    "security",
    SecurityArgs(settings=settings.security, naming=naming, edge=settings.edge is not None, protect=protect),
    here,
)

far = far_side(
    "far",
    SecondRegionArgs(
        settings=settings.standby,
        naming=naming,
        key_deletion_days=settings.security.key_deletion_days,
        access_log_days=settings.security.access_log_days,
        alert_emails=settings.security.alert_emails,
        deploy_role=settings.media.deploy_role,
        protect=protect,
    ),
    here,
)

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
        far=far,
        replicates=Replicated(primary.database_arn, primary.app_secret_arn, copies, promoted=not waits)
        if primary and copies
        else None,
        protect=protect,
    ),
    here,
)

cache = CacheLayer(
    "cache",
    CacheArgs(
        settings=settings.cache,
        rates=settings.rates,
        naming=naming,
        port=settings.ports.redis,
        data_subnet_ids=network.data_subnet_ids,
        cache_group_id=groups.ids["redis"],
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        protect=protect,
    ),
    here,
)

search = SearchLayer(
    "search",
    SearchArgs(
        settings=settings.search,
        naming=naming,
        data_subnet_ids=network.data_subnet_ids,
        search_group_id=groups.ids["search"],
        private_subnet_ids=network.private_subnet_ids,
        function_group_id=groups.ids["lambda"],
        services_domain=settings.dns.domain,
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        waits=waits,
        protect=protect,
    ),
    here,
)

queues = AsyncLayer(
    "async",
    AsyncArgs(
        settings=settings.async_,
        naming=naming,
        domain=settings.dns.domain,
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        private_subnet_ids=network.private_subnet_ids,
        broker_group_id=groups.ids.get("rabbitmq"),
        broker_password=secret("rabbitmqPassword"),
        far=far,
        waits=waits,
        protect=protect,
    ),
    here,
)

media = MediaPipeline(
    "media",
    MediaArgs(
        settings=settings.media,
        naming=naming,
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        access_log_bucket=security.access_log_bucket,
        far=far,
        copies=copies,
        waits=waits,
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
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        routes=settings.routes,
        origin_tokens=origin_tokens(),
        proven_elsewhere=primary is not None,
        account_settings=settings.platform.account_settings,
        protect=protect,
    ),
    here,
)

compute = ComputeCluster(
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
        far=far,
        copies=copies,
        account_settings=settings.platform.account_settings,
        backings=[cache.backing, search.backing, queues.backing, *media.backings],
        protect=protect,
    ),
    here,
)

RunbookLayer(
    "runbooks",
    RunbookArgs(
        naming=naming,
        database=Database(
            naming=naming,
            identifier=database.identifiers[0],
            subnet_group=database.subnet_group,
            parameter_group=database.parameter_group,
            analytics=database.identifiers[1] if settings.database.analytics_replica else None,
            proxy=database.proxy_name,
            instance_class=settings.database.instance_class,
            multi_az=settings.database.multi_az,
        ),
        takes_over=Region(
            naming=naming,
            database=database.identifiers[0],
            ready_alarm=ready_alarm_name(naming),
            cluster=compute.cluster_name,
            tasks=settings.tasks_after_failover,
            consumers=[*queues.processors, *search.readers],
            uploads=Uploads(media.bucket_names["videos"], media.submitter_arn, *UPLOADS),
            backup_days=settings.database.backup_retention_days,
            backup_window=settings.database.backup_window,
        )
        if primary
        else None,
        second=far.naming if far else None,
    ),
    here,
)

names = EntryArgs(
    naming=naming,
    domain=settings.dns.domain,
    hosted_zone_id=settings.dns.hosted_zone_id,
    api=EntryTarget(api.api_target_name, api.api_target_zone_id, evaluate=True),
    load_balancer=EntryTarget(api.load_balancer_dns_name, api.load_balancer_zone_id, evaluate=False),
    ready=far.ready if far else ready_alarm(naming) if primary else None,
)

if settings.edge is None:
    StandbyEntry("edge-origin", names, opts=here)
else:
    entry = PrimaryEntry("edge-origin", names, seconds=settings.edge.health_check_seconds, opts=here)
    edge = EdgeLayer(
        "edge",
        EdgeArgs(
            settings=settings.edge,
            rates=settings.rates,
            naming=naming,
            domain=settings.dns.domain,
            hosted_zone_id=settings.dns.hosted_zone_id,
            api_health_check_id=entry.health_check_id,
            load_balancer_arn=api.load_balancer_arn,
            videos_bucket_name=media.bucket_names["videos"],
            files_key_arn=security.key_arns["media"],
            access_log_bucket=security.access_log_bucket,
            far=far,
            log_key_arn=security.edge_log_key_arn,
            alert_topic_arns=security.edge_alert_topic_arns,
            region_alert_topic_arns=security.alert_topic_arns,
            origin_token=origin_tokens()[0],
            protect=protect,
        ),
        here,
    )
    pulumi.export("appDistributionDomainName", edge.app_domain_name)
    pulumi.export("distributionIds", edge.distribution_ids)
    pulumi.export("filesBucket", edge.files_bucket)
    pulumi.export("videoOriginToken", edge.video_origin_token)

ObservabilityLayer(
    "observability",
    ObservabilityArgs(
        settings=settings.observability,
        naming=naming,
        key_arns=security.key_arns,
        alert_topic_arns=security.alert_topic_arns,
        log_groups=compute.log_groups,
        load_balancer_suffix=api.load_balancer_suffix,
        targets=api.targets,
        backup_vault=database.backup_vault,
        backups_copied=far is not None,
        shown=Shown(
            cluster=compute.cluster_name,
            services=[*api.targets],
            workers=[task for task in compute.log_groups if task not in api.targets],
            databases=database.identifiers,
            proxy=database.proxy_name,
            queues=[*queues.queue_names.values()],
            api=naming.name("api"),
        ),
        audit_log_bucket=security.audit_log_bucket,
        data_event_buckets=[f"arn:aws:s3:::{media.bucket_names[kept]}" for kept in ("backups", "documents")],
        access_log_bucket=security.access_log_bucket,
        owns_account=primary is None,
        account_settings=settings.platform.account_settings,
        protect=protect,
    ),
    here,
)

pulumi.export("vpcId", network.vpc_id)
pulumi.export("publicSubnetIds", network.public_subnet_ids)
pulumi.export("privateSubnetIds", network.private_subnet_ids)
pulumi.export("dataSubnetIds", network.data_subnet_ids)
pulumi.export("databaseArn", database.arn)
pulumi.export("databaseAppSecretArn", database.app_secret_arn)
pulumi.export("databaseEndpoint", database.endpoint)
pulumi.export("databaseAnalyticsEndpoint", database.analytics_endpoint)
pulumi.export("cacheEndpoint", cache.endpoint)
pulumi.export("bucketNames", media.bucket_names)
pulumi.export("searchEndpoint", search.endpoint)
pulumi.export("originName", api.origin_name)
pulumi.export("apiOriginName", api.api_origin_name)
pulumi.export("loadBalancerDnsName", api.load_balancer_dns_name)
