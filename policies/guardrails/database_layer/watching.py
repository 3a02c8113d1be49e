"""Clauses dr-failover-rds-auto and audit-pgaudit: databases are watched, kept current, and log what was done."""

from collections.abc import Iterable

from guardrails.database_layer.resources import INSTANCE, ROLE
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_INTERVALS = (1, 5, 10, 15, 30, 60)
_EXPIRED = ("rds-ca-2015", "rds-ca-2019")


def _monitored(instance: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not instance.properties.number("monitoringInterval"):
        yield "monitoringInterval is not given, so that the operating system is not watched"
    elif (interval := instance.properties.number("monitoringInterval")) not in _INTERVALS:
        yield f"monitoringInterval is {interval:g} seconds, not one of {', '.join(map(str, _INTERVALS))}"
    elif not instance.refers("monitoringRoleArn", ROLE):
        yield "monitoringRoleArn refers to no role of this stack"


def _insights(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("performanceInsightsEnabled"):
        yield "performanceInsightsEnabled is not true"


def _minor_upgrades(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag_or("autoMinorVersionUpgrade", True):
        yield "autoMinorVersionUpgrade is false, so that known holes stay open"


def _iam_authentication(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("iamDatabaseAuthenticationEnabled"):
        yield "iamDatabaseAuthenticationEnabled is not true"


def _certificate(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (authority := properties.text("caCertIdentifier")) in _EXPIRED:
        yield f"caCertIdentifier is {authority}, which has expired"


WATCHING_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-monitored",
        title="The operating systems of databases are watched",
        clauses=("dr-failover-rds-auto",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_monitored,
        controls=("RDS.6", "CKV_AWS_118", "rds_instance_enhanced_monitoring_enabled"),
        remediation="Give the instance a monitoringInterval and a role of the stack that may publish.",
    ),
    ResourceGuardrail(
        id="database-insights",
        title="Databases have Performance Insights",
        clauses=("dr-failover-rds-auto",),
        severity="low",
        types=frozenset({INSTANCE}),
        check=_insights,
        controls=("CKV_AWS_353",),
        remediation="Set performanceInsightsEnabled to true.",
    ),
    ResourceGuardrail(
        id="database-minor-upgrades",
        title="Databases get minor versions by themselves",
        clauses=("db-maintenance-window",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_minor_upgrades,
        controls=("RDS.13", "CIS 2.2.2", "CKV_AWS_226", "rds_instance_minor_version_upgrade_enabled"),
        remediation="Leave autoMinorVersionUpgrade out.",
    ),
    ResourceGuardrail(
        id="database-iam-authentication",
        title="People can log in to databases without a password",
        clauses=("db-postgres-multi-az",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_iam_authentication,
        controls=("RDS.10", "CKV_AWS_161", "rds_instance_iam_authentication_enabled"),
        remediation="Set iamDatabaseAuthenticationEnabled to true.",
    ),
    ResourceGuardrail(
        id="database-certificate-current",
        title="Certificates of databases are not of an expired authority",
        clauses=("enc-transit-tls12",),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_certificate,
        controls=("CKV_AWS_211", "rds_instance_certificate_expiration"),
        remediation="Set caCertIdentifier to rds-ca-rsa2048-g1, or leave it out.",
    ),
)
