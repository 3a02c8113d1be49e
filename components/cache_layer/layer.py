"""The CacheLayer component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.backing import Backing
from components.cache_layer.alarms import CacheAlarms
from components.cache_layer.parameters import ENGINES, PARAMETERS
from components.cache_layer.settings import CacheSettings
from components.cache_layer.users import CacheUsers, app_user_name
from components.naming import Naming
from components.policy_documents import allow
from components.rates import RateSettings

_LOGS = ("engine-log", "slow-log")


@dataclass(frozen=True, slots=True)
class CacheArgs:
    """What a CacheLayer is made from."""

    settings: CacheSettings
    rates: RateSettings
    """What services count in the cache."""
    naming: Naming
    port: int
    """TCP port that the security group lets services call."""
    data_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the nodes, by zone letter."""
    cache_group_id: pulumi.Input[str]
    """Security group of the nodes."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for data and logs."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    protect: bool
    """Whether the cache and its logs are protected from deletion."""


class CacheLayer(pulumi.ComponentResource):
    """Redis in shards, each with a replica in another zone that takes over by itself.

    Carries the clauses cache-*, enc-rest-elasticache and, for the cache, enc-transit-tls12.
    """

    endpoint: pulumi.Output[str]
    """Host at which clients ask for the nodes."""
    backing: Backing
    """What tasks need to use it."""

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:cache:CacheLayer", name, None, opts)
        self._name = name
        self._args = args
        self._settings = args.settings
        self._naming = args.naming
        self._cache = args.naming.name("cache")
        self._child = pulumi.ResourceOptions(parent=self)

        self.endpoint = self._build_group().configuration_endpoint_address
        CacheAlarms(
            f"{name}-alarms",
            cache=self._cache,
            shards=self._settings.shards,
            replicas=self._settings.replicas_per_shard,
            naming=args.naming,
            topic_arns=args.alert_topic_arns,
            opts=self._child,
        )
        self.backing = self._backing()
        self.register_outputs({"endpoint": self.endpoint})

    def _build_group(self) -> aws.elasticache.ReplicationGroup:
        args, settings = self._args, self._settings
        has_replicas = settings.replicas_per_shard > 0
        return aws.elasticache.ReplicationGroup(
            f"{self._name}-group",
            replication_group_id=self._cache,
            description=f"Cache of {self._naming.prefix}",
            engine=settings.engine,
            engine_version=ENGINES[settings.engine].version,
            node_type=settings.node_type,
            num_node_groups=settings.shards,
            replicas_per_node_group=settings.replicas_per_shard,
            multi_az_enabled=has_replicas,
            automatic_failover_enabled=True,  # clusters know no other way, even where no node can take over
            parameter_group_name=self._build_parameters().name,
            subnet_group_name=self._build_subnets().name,
            security_group_ids=[args.cache_group_id],
            port=args.port,
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arns["data"],
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            user_group_ids=[CacheUsers(f"{self._name}-users", naming=self._naming, opts=self._child).group_id],
            snapshot_retention_limit=settings.snapshot_retention_days,
            snapshot_window=settings.snapshot_window,
            final_snapshot_identifier=f"{self._cache}-final-{settings.final_snapshot_number}",
            maintenance_window=settings.maintenance_window,
            auto_minor_version_upgrade=True,
            apply_immediately=False,
            log_delivery_configurations=[
                aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                    destination_type="cloudwatch-logs", destination=group.name, log_format="json", log_type=log
                )
                for log, group in self._log_groups().items()
            ],
            tags={"Name": self._cache},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )

    def _build_parameters(self) -> aws.elasticache.ParameterGroup:
        family = ENGINES[self._settings.engine].family
        label = self._naming.name("cache", family)
        return aws.elasticache.ParameterGroup(
            f"{self._name}-parameters",
            name=label,
            description=f"Cache of {self._naming.prefix}",
            family=family,
            parameters=[
                aws.elasticache.ParameterGroupParameterArgs(name=key, value=value) for key, value in PARAMETERS.items()
            ],
            tags={"Name": label},
            opts=self._child,
        )

    def _build_subnets(self) -> aws.elasticache.SubnetGroup:
        return aws.elasticache.SubnetGroup(
            f"{self._name}-subnets",
            name=self._cache,
            description="Where the nodes of the cache may be",
            subnet_ids=[self._args.data_subnet_ids[letter] for letter in sorted(self._args.data_subnet_ids)],
            tags={"Name": self._cache},
            opts=self._child,
        )

    def _log_groups(self) -> Mapping[str, aws.cloudwatch.LogGroup]:
        return {
            log: aws.cloudwatch.LogGroup(
                f"{self._name}-{log}",
                name=f"/aws/elasticache/{self._cache}/{log}",
                retention_in_days=self._settings.log_retention_days,
                kms_key_id=self._args.key_arns["logs"],
                opts=pulumi.ResourceOptions(parent=self, protect=self._args.protect),
            )
            for log in _LOGS
        }

    def _backing(self) -> Backing:
        rates, user = self._args.rates, app_user_name(self._naming)
        return Backing(
            environment={
                "CACHE_NAME": self._cache,  # tokens of IAM are signed for it
                "CACHE_PORT": str(self._args.port),
                "CACHE_USERNAME": user,
                "CACHE_SESSION_TTL_SECONDS": str(self._settings.session_ttl_seconds),
                "RATE_LIMIT_USER_PER_HOUR": str(rates.user_per_hour),
                "RATE_LIMIT_IP_PER_HOUR": str(rates.ip_per_hour),
                "RATE_LIMIT_BURST_MULTIPLIER": str(rates.burst_multiplier),
            },
            hosts={"CACHE_HOST": self.endpoint},
            statements=[
                # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
                allow(
                    "elasticache:Connect",
                    [
                        self._naming.arn("elasticache", f"replicationgroup:{self._cache}"),
                        self._naming.arn("elasticache", f"user:{user}"),
                    ],
                    sid="LogInToCache",
                )
            ],
        )
