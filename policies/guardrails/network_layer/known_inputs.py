"""Inputs that must be known at preview.

What a program leaves out and AWS computes is unknown among the outputs that stack guardrails read, so that they can't
hold an unknown against it there. Among the inputs only what the program gives can be unknown.
"""

from collections.abc import Iterable, Mapping

from guardrails.model import Guardrail, Relaxations, ResourceGuardrail
from guardrails.placement import DEFAULT_NETWORK_ACL, LOAD_BALANCER, NETWORK_ACL, ROUTE, ROUTE_TARGETS
from guardrails.reading import Properties

_INPUTS: Mapping[str, tuple[str, ...]] = {
    NETWORK_ACL: ("ingress", "egress"),
    DEFAULT_NETWORK_ACL: ("ingress", "egress"),
    LOAD_BALANCER: ("internal",),
}


def _known(type_: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for path in _INPUTS[type_]:
        properties.require_known(path)
    return ()


def _one_target(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    given = [key for key in ROUTE_TARGETS if properties.given(key)]
    if len(given) != 1:
        yield f"{' and '.join(given) or 'no target'} {'are' if len(given) > 1 else 'is'} given, not 1 target"


KNOWN_INPUT_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="inputs-known",
        title="Rules of network ACLs and the kind of a load balancer are known at preview",
        clauses=("net-nacls-sgs", "net-public-subnets"),
        severity="high",
        types=frozenset(_INPUTS),
        check=_known,
        remediation="Give the property a value that doesn't depend on what is yet to be created.",
    ),
    ResourceGuardrail(
        id="routes-have-one-target",
        title="A route leads to one target",
        clauses=("net-private-subnets", "net-public-subnets"),
        severity="high",
        types=frozenset({ROUTE}),
        check=_one_target,
        remediation="Leave one of the targets, and take the others out.",
    ),
)
