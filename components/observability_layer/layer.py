"""The ObservabilityLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.naming import Naming
from components.observability_layer.audit_trail import AuditTrail
from components.observability_layer.business import BusinessMetrics
from components.observability_layer.change_recorder import ChangeRecorder
from components.observability_layer.cost import CostWatch
from components.observability_layer.dashboards import Dashboards, Shown
from components.observability_layer.platform_alarms import PlatformAlarms
from components.observability_layer.service_logs import ServiceLogs
from components.observability_layer.settings import ObservabilitySettings
from components.observability_layer.tracing import Tracing
from components.routes import ServiceTargets


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservabilityArgs:
    """What an ObservabilityLayer is made from."""

    settings: ObservabilitySettings
    naming: Naming
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for logs, secrets, queues and archive."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    log_groups: Mapping[str, pulumi.Input[str]]
    """Names of the log groups of services and workers, by the service or worker."""
    load_balancer_suffix: pulumi.Input[str]
    """Dimension ``LoadBalancer`` of the load balancer's metrics."""
    targets: Mapping[str, ServiceTargets]
    """Where each service registers."""
    backup_vault: str
    """Name of the vault that keeps backups of the database."""
    backups_copied: bool
    """Whether they are copied to a second region, too."""
    shown: Shown
    """What dashboards show."""
    audit_log_bucket: pulumi.Input[str]
    access_log_bucket: pulumi.Input[str]
    data_event_buckets: Sequence[str]
    """ARNs of the buckets whose objects are too sensitive to be read without a trace."""
    owns_account: bool
    """Whether this stack has what an account has once in all regions: a primary does so for its standby."""
    account_settings: bool
    """Whether this stack owns what an account has once."""
    protect: bool
    """Whether what is recorded is protected from deletion."""


class ObservabilityLayer(pulumi.ComponentResource):
    """What spans layers: the audit trail, errors of all services, and traces."""

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:observability:ObservabilityLayer", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        if args.settings.trail:
            self._build_trail()
        if args.account_settings:
            self._build_recorder()
        self._build_logs()
        BusinessMetrics(f"{name}-business", naming=args.naming, log_groups=args.log_groups, opts=self._child)
        Dashboards(f"{name}-dashboards", shown=args.shown, naming=args.naming, opts=self._child)
        PlatformAlarms(
            f"{name}-alarms",
            settings=args.settings,
            naming=args.naming,
            load_balancer_suffix=args.load_balancer_suffix,
            targets=args.targets,
            backup_vault=args.backup_vault,
            copied=args.backups_copied,
            topic_arns=args.alert_topic_arns,
            opts=self._child,
        )
        if args.owns_account:
            self._build_cost()
        Tracing(f"{name}-traces", settings=args.settings, naming=args.naming, opts=self._child)
        self.register_outputs({})

    def _build_trail(self) -> None:
        AuditTrail(
            f"{self._name}-trail",
            settings=self._args.settings,
            naming=self._args.naming,
            bucket=self._args.audit_log_bucket,
            data_event_buckets=self._args.data_event_buckets,
            key_arns=self._args.key_arns,
            topic_arns=self._args.alert_topic_arns,
            protect=self._args.protect,
            opts=self._child,
        )

    def _build_recorder(self) -> None:
        ChangeRecorder(
            f"{self._name}-config",
            settings=self._args.settings,
            naming=self._args.naming,
            key_arn=self._args.key_arns["archive"],
            access_log_bucket=self._args.access_log_bucket,
            owns_account=self._args.owns_account,
            protect=self._args.protect,
            opts=self._child,
        )

    def _build_cost(self) -> None:
        CostWatch(
            f"{self._name}-cost",
            settings=self._args.settings,
            naming=self._args.naming,
            topic_arn=self._args.alert_topic_arns["warning"],
            account_settings=self._args.account_settings,
            opts=self._child,
        )

    def _build_logs(self) -> None:
        ServiceLogs(
            f"{self._name}-logs",
            settings=self._args.settings,
            naming=self._args.naming,
            log_groups=self._args.log_groups,
            key_arns=self._args.key_arns,
            topic_arns=self._args.alert_topic_arns,
            protect=self._args.protect,
            opts=self._child,
        )
