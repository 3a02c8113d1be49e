"""The DatabaseLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.database_layer.alarms import DatabaseAlarms
from components.database_layer.backups import BackupPlan
from components.database_layer.credentials import Login, StoredCredentials, secret_name
from components.database_layer.parameters import STATIC, analytics_parameters, primary_parameters
from components.database_layer.proxy import APP, DatabaseProxy
from components.database_layer.settings import DatabaseSettings
from components.far_side import CopiesHere, FarSide, key_aliases
from components.naming import Naming
from components.policy_documents import trust

_LOGS = ("postgresql", "upgrade")
_DATABASE_NAME = "fitness"
_APP_USERNAME = "fitness_app"  # migrations create it, with no more rights than services need


@dataclass(frozen=True, slots=True)
class Replicated:
    """The database of another region, and what of it is here."""

    database_arn: str
    """ARN of the primary."""
    app_secret_arn: pulumi.Input[str]
    """ARN of the copy here of the secret that services log in with."""
    copies: CopiesHere
    """What the primary copied here."""
    promoted: bool
    """Whether the replica has taken over, and follows the primary no more."""


@dataclass(frozen=True, slots=True)
class DatabaseArgs:
    """What a DatabaseLayer is made from."""

    settings: DatabaseSettings
    naming: Naming
    data_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the database, by zone letter."""
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the proxy, by zone letter."""
    database_group_id: pulumi.Input[str]
    """Security group of the instances."""
    proxy_group_id: pulumi.Input[str] | None
    """Security group of the proxy, where there is one."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for data, secrets and logs."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    master_password: pulumi.Input[str]
    """Password of the owner; written, never read back."""
    app_password: pulumi.Input[str]
    """Password of the role that services log in with, through the proxy."""
    far: FarSide | None
    """The second region, where backups are copied to one."""
    replicates: Replicated | None
    """The database of another region that this one is a replica of; none in a primary."""
    protect: bool
    """Whether the instances, their logs and the vault are protected from deletion."""


class DatabaseLayer(pulumi.ComponentResource):
    """PostgreSQL in the first two zones, a replica for analytics in the third, and a proxy in front.

    Carries the clauses db-*, dr-db-*, enc-rest-rds, audit-pgaudit and, for the database, enc-transit-tls12. Backups go
    to the second region, where there is one.
    """

    endpoint: pulumi.Output[str]
    """Host that services connect to: the proxy's, or the instance's where there is none."""
    analytics_endpoint: pulumi.Output[str] | None
    """Host of the analytics replica."""
    app_secret_arn: pulumi.Output[str]
    """ARN of the secret that services log in with."""
    arn: str
    """ARN of the database, built from its name."""
    app_secret_name: str
    """Name of that secret, known before it exists."""
    database_name: str
    """Name of the database on its host."""
    subnet_group: str
    """Name of the subnet group of the primary."""
    parameter_group: str
    """Name of its parameter group."""
    identifiers: Sequence[str]
    """Identifiers of the instances, the primary's first."""
    proxy_name: str | None
    """Name of the proxy."""
    backup_vault: str
    """Name of the vault that keeps daily snapshots."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:database:DatabaseLayer", name, None, opts)
        self._name = name
        self._args = args
        self._settings = args.settings
        self._naming = args.naming
        self._letters = sorted(args.data_subnet_ids)
        self._child = pulumi.ResourceOptions(parent=self)
        self._monitoring_role = self._build_monitoring_role()

        source = args.replicates
        primary = self._build_standby(source) if source else self._build_primary()
        replica = self._build_analytics_replica(primary) if self._settings.analytics_replica else None
        self._build_events()
        instances = {"standby" if source else "primary": primary} | ({"analytics": replica} if replica else {})
        self.proxy_name = self._naming.name("db") if args.proxy_group_id else None
        DatabaseAlarms(
            f"{name}-alarms",
            instances=instances,
            replicas={*({"analytics"} if replica else ()), *({"standby"} if source and not source.promoted else ())},
            proxy_name=self.proxy_name,
            settings=self._settings,
            naming=self._naming,
            topic_arns=args.alert_topic_arns,
            opts=self._child,
        )
        BackupPlan(
            f"{name}-backups",
            instance_arn=primary.arn,
            settings=self._settings,
            naming=self._naming,
            key_arn=args.key_arns["data"],
            far=args.far,
            protect=args.protect,
            opts=self._child,
        )
        if args.far:
            self._replicate_backups(primary, args.far)
        app = (
            Login(source.app_secret_arn, key_aliases(self._naming, "secrets", source.copies))
            if source
            else self._build_logins()
        )
        proxy = self._build_proxy(primary, app, args.proxy_group_id) if args.proxy_group_id else None

        self.endpoint = proxy.endpoint if proxy else primary.address
        self.analytics_endpoint = replica.address if replica else None
        self.arn = self._naming.arn("rds", f"db:{self._naming.name('db')}")
        self.app_secret_arn = pulumi.Output.from_input(app.arn)
        self.app_secret_name = secret_name(self._naming, APP)
        self.database_name = _DATABASE_NAME
        self.subnet_group = self._subnet_group_name("primary")
        self.parameter_group = self._parameter_group_name("primary")
        self.identifiers = [self._naming.name("db"), *([self._naming.name("db", "analytics")] if replica else [])]
        self.backup_vault = self._naming.name("database")
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "analytics_endpoint": self.analytics_endpoint,
                "arn": self.arn,
                "app_secret_arn": self.app_secret_arn,
                "app_secret_name": self.app_secret_name,
                "database_name": self.database_name,
                "subnet_group": self.subnet_group,
                "parameter_group": self.parameter_group,
                "identifiers": self.identifiers,
                "proxy_name": self.proxy_name,
                "backup_vault": self.backup_vault,
            }
        )

    def _build_monitoring_role(self) -> aws.iam.Role:
        role = aws.iam.Role(
            f"{self._name}-monitoring-role",
            name=self._naming.global_name("db-monitoring"),
            description="Lets RDS publish the operating system's metrics",
            assume_role_policy=trust(
                "monitoring.rds", {"StringEquals": {"aws:SourceAccount": self._naming.account_id}}
            ),
            opts=self._child,
        )
        # AWS has no narrower way to say this than its own policy, which is bound to RDSOSMetrics.
        aws.iam.RolePolicyAttachment(
            f"{self._name}-monitoring-policy",
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
            opts=self._child,
        )
        return role

    def _log_groups(self, identifier: str, label: str) -> list[pulumi.Resource]:
        """Declare the groups that RDS would make by itself, without a key and to be kept forever."""
        return [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{label}-{log}-log",
                name=f"/aws/rds/instance/{identifier}/{log}",
                retention_in_days=self._settings.audit_log_days,
                kms_key_id=self._args.key_arns["logs"],
                opts=pulumi.ResourceOptions(parent=self, protect=self._args.protect),
            )
            for log in _LOGS
        ]

    def _parameter_group(self, label: str, parameters: Mapping[str, str]) -> aws.rds.ParameterGroup:
        return aws.rds.ParameterGroup(
            f"{self._name}-{label}-parameters",
            name=self._parameter_group_name(label),
            description=f"PostgreSQL {label} of {self._naming.prefix}",
            family=f"postgres{self._settings.major_version}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(
                    name=key, value=value, apply_method="pending-reboot" if key in STATIC else "immediate"
                )
                for key, value in parameters.items()
            ],
            tags={"Name": self._naming.name("db", label)},
            opts=self._child,
        )

    def _parameter_group_name(self, label: str) -> str:
        return self._naming.name("db", label, f"pg{self._settings.major_version}")

    def _subnet_group_name(self, label: str) -> str:
        return self._naming.name("db", label)

    def _subnet_group(self, label: str, letters: list[str]) -> aws.rds.SubnetGroup:
        return aws.rds.SubnetGroup(
            f"{self._name}-{label}-subnets",
            name=self._subnet_group_name(label),
            description=f"Where the {label} database may be",
            subnet_ids=[self._args.data_subnet_ids[letter] for letter in letters],
            tags={"Name": self._naming.name("db", label)},
            opts=self._child,
        )

    def _common(self) -> dict[str, Any]:
        """Return what primary and replica have in common."""
        settings = self._settings
        return {
            "storage_type": "gp3",
            "storage_encrypted": True,
            "kms_key_id": self._args.key_arns["data"],
            "max_allocated_storage": settings.max_allocated_storage_gib,
            "port": settings.port,
            "publicly_accessible": False,
            "vpc_security_group_ids": [self._args.database_group_id],
            "ca_cert_identifier": "rds-ca-rsa2048-g1",
            "iam_database_authentication_enabled": True,
            "backup_retention_period": settings.backup_retention_days,
            "backup_window": settings.backup_window,
            "delete_automated_backups": False,
            "copy_tags_to_snapshot": True,
            "maintenance_window": settings.maintenance_window,
            "auto_minor_version_upgrade": True,
            "allow_major_version_upgrade": False,
            "apply_immediately": False,
            "deletion_protection": settings.deletion_protection,
            "enabled_cloudwatch_logs_exports": list(_LOGS),
            "monitoring_interval": 60,
            "monitoring_role_arn": self._monitoring_role.arn,
            "performance_insights_enabled": True,
            "performance_insights_kms_key_id": self._args.key_arns["data"],
            "performance_insights_retention_period": 7,
        }

    def _first(self, label: str) -> dict[str, Any]:
        """Return what services reach: a primary, or the standby of another region that may become one."""
        settings = self._settings
        identifier = self._naming.name("db")
        letters = self._letters[:2] if settings.pin_zones else self._letters
        return {
            **self._common(),
            "identifier": identifier,
            "instance_class": settings.instance_class,
            "multi_az": settings.multi_az,
            "db_subnet_group_name": self._subnet_group("primary", letters).name,
            "parameter_group_name": self._parameter_group("primary", primary_parameters(settings)).name,
            "skip_final_snapshot": False,
            "final_snapshot_identifier": f"{identifier}-final-{settings.final_snapshot_number}",
            "tags": {"Name": identifier},
            "opts": pulumi.ResourceOptions(
                parent=self, protect=self._args.protect, depends_on=self._log_groups(identifier, label)
            ),
        }

    def _build_primary(self) -> aws.rds.Instance:
        settings = self._settings
        return aws.rds.Instance(
            f"{self._name}-primary",
            engine="postgres",
            engine_version=settings.major_version,
            allocated_storage=settings.allocated_storage_gib,
            db_name=_DATABASE_NAME,
            username=settings.master_username,
            password_wo=self._args.master_password,
            password_wo_version=settings.password_version,
            **self._first("primary"),
        )

    def _build_standby(self, source: Replicated) -> aws.rds.Instance:
        """Declare the replica that takes over once it is promoted, as large as its primary and as hard to delete.

        Without its source it is a database like any other: to promote it in AWS and then say so changes nothing.
        What it has of its primary (its name, its owner) is left out for good, so that it is never replaced; engine and
        storage are the primary's, and said again once there is none.
        """
        settings = self._settings
        return aws.rds.Instance(
            f"{self._name}-standby",
            replicate_source_db=None if source.promoted else source.database_arn,
            engine="postgres" if source.promoted else None,
            engine_version=settings.major_version if source.promoted else None,
            allocated_storage=settings.allocated_storage_gib if source.promoted else None,
            **self._first("standby"),
        )

    def _build_logins(self) -> Login:
        """Declare the secrets of the owner and of services, and return how services log in."""
        self._credentials("owner", self._settings.master_username, self._args.master_password)
        app = self._credentials(APP, _APP_USERNAME, self._args.app_password)
        return Login(app.arn, key_aliases(self._naming, "secrets", None), app.value)

    def _build_analytics_replica(self, primary: aws.rds.Instance) -> aws.rds.Instance:
        settings = self._settings
        identifier = self._naming.name("db", "analytics")
        return aws.rds.Instance(
            f"{self._name}-analytics",
            identifier=identifier,
            replicate_source_db=primary.arn,  # by ARN, since it has a subnet group of its own
            instance_class=settings.analytics_instance_class or settings.instance_class,
            availability_zone=self._naming.zone(self._letters[-1]),
            db_subnet_group_name=self._subnet_group("analytics", self._letters).name,
            parameter_group_name=self._parameter_group("analytics", analytics_parameters(settings)).name,
            skip_final_snapshot=True,  # AWS refuses to take one of a replica
            tags={"Name": identifier},
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=self._args.protect,
                depends_on=self._log_groups(identifier, "analytics"),
            ),
            **self._common(),
        )

    def _replicate_backups(self, primary: aws.rds.Instance, far: FarSide) -> None:
        """Let RDS copy snapshots and logs as they are made, so that any time of these days can be restored there."""
        aws.rds.InstanceAutomatedBackupsReplication(
            f"{self._name}-far-backups",
            source_db_instance_arn=primary.arn,
            retention_period=far.backup_days,  # AWS keeps them for seven days if nothing is said
            kms_key_id=far.key_arns["data"],
            region=far.region,
            opts=self._child,
        )

    def _build_events(self) -> None:
        events = {
            "db-instance": [
                "availability",
                "backup",
                "configuration change",
                "failover",
                "failure",
                "low storage",
                "maintenance",
                "notification",
                "read replica",
                "recovery",
            ],
            "db-parameter-group": ["configuration change"],
            "db-security-group": ["configuration change", "failure"],
        }
        for source, categories in events.items():
            aws.rds.EventSubscription(
                f"{self._name}-{source}-events",
                name=self._naming.name(source, "events"),
                source_type=source,
                event_categories=categories,
                sns_topic=self._args.alert_topic_arns["warning"],
                tags={"Name": self._naming.name(source, "events")},
                opts=self._child,
            )

    def _credentials(self, role: str, username: str, password: pulumi.Input[str]) -> StoredCredentials:
        return StoredCredentials(
            f"{self._name}-{role}",
            naming=self._naming,
            role=role,
            username=username,
            password=password,
            version=self._settings.password_version,
            key_arn=self._args.key_arns["secrets"],
            far=self._args.far,
            protect=self._args.protect,
            opts=self._child,
        )

    def _build_proxy(self, primary: aws.rds.Instance, login: Login, group_id: pulumi.Input[str]) -> DatabaseProxy:
        return DatabaseProxy(
            f"{self._name}-proxy",
            primary=primary,
            settings=self._settings,
            naming=self._naming,
            subnet_ids=[self._args.private_subnet_ids[letter] for letter in sorted(self._args.private_subnet_ids)],
            security_group_id=group_id,
            log_key_arn=self._args.key_arns["logs"],
            login=login,
            opts=self._child,
        )
