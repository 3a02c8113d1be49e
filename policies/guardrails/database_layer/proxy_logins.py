"""Clause db-rds-proxy: as whom the proxy logs in, and what clients of one pool may know of each other."""

from collections.abc import Iterable

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.plain_secrets import OWNERS
from guardrails.reading import Properties

_PROXY = "aws:rds/proxy:Proxy"
_TARGET_GROUP = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 a type, not a secret
_SCRAM = ("POSTGRES_SCRAM_SHA_256", None)  # what RDS takes by default for PostgreSQL
_LEAST_IDLE, _MOST_IDLE = 60, 3600  # seconds


def _logins(proxy: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    secrets = proxy.refers("auths", _SECRET)
    if not secrets:
        return  # proxy-secrets-of-stack says so
    auths = proxy.properties.blocks("auths")
    for auth in auths:
        if (scheme := auth.text("authScheme")) not in ("SECRETS", None):
            yield f"authScheme is {scheme}, not SECRETS"
        if (kind := auth.text("clientPasswordAuthType")) not in _SCRAM:
            yield f"clientPasswordAuthType is {kind}, not {_SCRAM[0]}"
    if len(auths) > len(secrets):
        yield f"{len(auths)} logins have {len(secrets)} secrets of this stack between them"
    if owners := [secret.name for secret in secrets if OWNERS.search(known_text(secret, "name") or "")]:
        yield f"it logs in as the owner of the database, with {', '.join(owners)}"


def _idle(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    seconds = properties.number("idleClientTimeout")
    if seconds is not None and not _LEAST_IDLE <= seconds <= _MOST_IDLE:
        yield f"idleClientTimeout is {seconds:g} seconds, not {_LEAST_IDLE} to {_MOST_IDLE}"


def _apart(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.given("connectionPoolConfig.initQuery"):
        yield "initQuery is given, which runs before whatever a client asks for"
    if properties.given("connectionPoolConfig.sessionPinningFilters"):
        yield "sessionPinningFilters are given, so that one client gets the session settings of another"


PROXY_LOGIN_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="proxy-logins",
        title="Proxies log in by SCRAM with secrets of the stack, and never as the owner of the database",
        clauses=("db-rds-proxy", "dr-config-secrets-manager"),
        severity="critical",
        types=frozenset({_PROXY}),
        check=_logins,
        remediation="Give auths the secret database-app alone, and leave clientPasswordAuthType out.",
    ),
    ResourceGuardrail(
        id="proxy-clients-end",
        title="Proxies end connections that nobody uses within an hour",
        clauses=("db-pool-300",),
        severity="low",
        types=frozenset({_PROXY}),
        check=_idle,
        remediation="Leave idleClientTimeout out, or set it to 60 to 3600 seconds.",
    ),
    ResourceGuardrail(
        id="proxy-sessions-apart",
        title="Clients of a proxy know nothing of each other's sessions",
        clauses=("db-rds-proxy",),
        severity="high",
        types=frozenset({_TARGET_GROUP}),
        check=_apart,
        remediation="Leave initQuery and sessionPinningFilters out.",
    ),
)
