"""Clauses db-rds-proxy and db-pool-300: tasks reach the database through one pool of connections."""

from collections.abc import Iterable

from guardrails.database_layer.parameters import number_of, parameter_groups
from guardrails.database_layer.resources import INSTANCE, is_replica, primaries
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import SUBNET
from guardrails.reading import Properties

_PROXY = "aws:rds/proxy:Proxy"
_TARGET = "aws:rds/proxyTarget:ProxyTarget"
_TARGET_GROUP = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type, not a secret
_OTHER_STACK = "pulumi:pulumi:StackReference"
_LEAST_POOLED, _MOST_POOLED = 250, 300
_PERCENT = "connectionPoolConfig.maxConnectionsPercent"


def _proxied(instance: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if is_replica(instance.properties):
        return
    targets = instance.referrers("dbInstanceIdentifier", _TARGET)
    names = sorted({proxy.name for target in targets for proxy in target.refers("dbProxyName", _PROXY)})
    if len(names) != 1 and (names or relaxations.flag("requireProxy")):
        yield f"{len(names)} proxies lead to it, not 1{': ' if names else ''}{', '.join(names)}"


def _targets(proxy: Node) -> list[Node]:
    return proxy.referrers("dbProxyName", _TARGET)


def _leads_to_primary(proxy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not _targets(proxy):
        yield "it has no target"
    for target in _targets(proxy):
        if not primaries(target.refers("dbInstanceIdentifier", INSTANCE)):
            yield f"{target.name} refers to no primary of this stack"


def _postgres(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (family := properties.text("engineFamily")) != "POSTGRESQL":
        yield f"engineFamily is {family or 'not given'}, not POSTGRESQL"


def _tls(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.flag("requireTls"):
        yield "requireTls is not true"


def _quiet(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("debugLogging"):
        yield "debugLogging is true, so that logs have statements with people's data in them"


def _subnets(proxy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (count := len(proxy.refers("vpcSubnetIds", SUBNET))) < 2:
        yield f"it is in {count} subnets of this stack, not 2 or more"


def _secrets(proxy: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    copied = relaxations.flag("copied") and proxy.refers("auths", _OTHER_STACK)
    if not proxy.refers("auths", _SECRET) and not copied:
        yield "auths refer to no secret of this stack"


def _pooled(proxy: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumConnections")
    pools = proxy.referrers("dbProxyName", _TARGET_GROUP)
    if not pools:
        yield "no target group of this stack says how many connections it may hold open"
    for pool in pools:
        percent = pool.properties.number(_PERCENT)
        if percent is None:
            yield f"{_PERCENT} is not given in {pool.name}, so that it may hold all connections open"
            continue
        for instance in (found for target in _targets(proxy) for found in target.refers("dbInstanceIdentifier")):
            for group in parameter_groups(instance):
                count = int(number_of(group, "max_connections") * percent // 100)
                if not minimum <= count <= _MOST_POOLED:
                    yield f"{pool.name} may hold {count} connections open, not {minimum:g} to {_MOST_POOLED}"


PROXY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="database-proxied",
        title="One proxy leads to the primary",
        clauses=("db-rds-proxy", "dr-failover-rds-auto"),
        severity="medium",
        types=frozenset({INSTANCE}),
        check=_proxied,
        options={
            "requireProxy": Option({"type": "boolean"}, True, "Whether the primary must have a proxy."),
        },
        remediation="Leave database.proxy out, or set it to true.",
    ),
    StackGuardrail(
        id="proxy-targets-primary",
        title="Proxies lead to a primary of the stack",
        clauses=("db-rds-proxy",),
        severity="medium",
        types=frozenset({_PROXY}),
        check=_leads_to_primary,
        remediation="Declare a target with the names of the proxy and of a primary; AWS takes no replica.",
    ),
    ResourceGuardrail(
        id="proxy-postgres",
        title="Proxies speak PostgreSQL",
        clauses=("db-rds-proxy",),
        severity="low",
        types=frozenset({_PROXY}),
        check=_postgres,
        remediation="Set engineFamily to POSTGRESQL.",
    ),
    ResourceGuardrail(
        id="proxy-tls-required",
        title="Proxies refuse connections without TLS",
        clauses=("enc-transit-tls12", "db-rds-proxy"),
        severity="critical",
        types=frozenset({_PROXY}),
        check=_tls,
        remediation="Set requireTls to true.",
    ),
    ResourceGuardrail(
        id="proxy-statements-not-logged",
        title="Proxies don't log statements",
        clauses=("db-rds-proxy",),
        severity="high",
        types=frozenset({_PROXY}),
        check=_quiet,
        remediation="Leave debugLogging out.",
    ),
    StackGuardrail(
        id="proxy-spans-subnets",
        title="Proxies are in two subnets at least",
        clauses=("db-rds-proxy",),
        severity="medium",
        types=frozenset({_PROXY}),
        check=_subnets,
        remediation="Pass all private subnets of the NetworkLayer.",
    ),
    StackGuardrail(
        id="proxy-secrets-of-stack",
        title="Proxies log in with secrets of the stack",
        clauses=("db-rds-proxy",),
        severity="medium",
        types=frozenset({_PROXY}),
        check=_secrets,
        options={
            "copied": Option({"type": "boolean"}, False, "Whether they may be copies here, which another stack names.")
        },
        remediation="Pass the ARN of a secret of the stack in auths.",
    ),
    StackGuardrail(
        id="proxy-pool-bounded",
        title="Proxies hold 300 connections open at most",
        clauses=("db-pool-300",),
        severity="medium",
        types=frozenset({_PROXY}),
        check=_pooled,
        options={
            "minimumConnections": Option(
                {"type": "integer", "minimum": 1, "maximum": _MOST_POOLED},
                _LEAST_POOLED,
                "Connections that a proxy must be able to hold open at least.",
            )
        },
        remediation="Leave database.maxPooledConnections out, or set it to 250 to 300.",
    ),
)
