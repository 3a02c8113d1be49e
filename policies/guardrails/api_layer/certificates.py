"""Clause lb-acm-certs: certificates are issued by ACM for the names that they are used for, and renew themselves."""

from collections.abc import Iterable

from guardrails.api_layer.resources import (
    CERTIFICATE,
    CERTIFICATE_VALIDATION,
    LISTENER,
    LISTENER_CERTIFICATE,
    OVER_TLS,
    balancers_of,
)
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import region_of
from guardrails.reading import Properties, UndecidedError

_RECORD = "aws:route53/record:Record"
_ARN = "certificateArn"
_STRONG_KEYS = ("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", None)
_IMPORTED = ("privateKey", "certificateBody", "certificateAuthorityArn")


def certificates_of(user: Node, key: str = _ARN) -> list[Node]:
    """Return the certificates of this stack that a property leads to, directly or through their validation."""
    issued = [
        certificate
        for validation in user.refers(key, CERTIFICATE_VALIDATION)
        for certificate in validation.refers(_ARN, CERTIFICATE)
    ]
    return list(dict.fromkeys([*user.refers(key, CERTIFICATE), *issued]))


def waits_until_issued(user: Node, certificate: Node) -> bool:
    """Return whether what has a certificate is made only once that is issued."""
    return bool(set(certificate.referrers(_ARN, CERTIFICATE_VALIDATION)) & set(user.depends_on))


def _proven(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if given := [key for key in _IMPORTED if properties.given(key)]:
        yield f"{', '.join(given)} given, so that ACM doesn't issue and renew it"
    elif (method := properties.text("validationMethod")) != "DNS":
        yield f"validationMethod is {method or 'not given'}, not DNS, so that it is not renewed by itself"


def _strong(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (algorithm := properties.text("keyAlgorithm")) not in _STRONG_KEYS:
        yield f"keyAlgorithm is {algorithm}, not {', '.join(filter(None, _STRONG_KEYS))}"


def _of_stack(user: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if user.type == LISTENER and user.properties.text("protocol") not in OVER_TLS:
        return
    certificates = certificates_of(user)
    if len(certificates) != 1:
        yield f"{_ARN} refers to no certificate of this stack"
    for certificate in certificates:
        if not waits_until_issued(user, certificate):
            yield f"it doesn't wait until {certificate.name} is issued"
        if (region := region_of(certificate)) != (own := region_of(user)):
            yield f"{certificate.name} is in {region}, not in {own}"


def _fits(listener: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    users = [listener, *listener.referrers("listenerArn", LISTENER_CERTIFICATE)]
    certificates = [certificate for user in users for certificate in certificates_of(user)]
    if not certificates:
        return  # plain HTTP, or listener-certificates-of-stack speaks of it
    names = {name for certificate in certificates for name in names_of(certificate)}
    for balancer in balancers_of(listener):
        for record in (found for key in ("aliases", "records") for found in balancer.referrers(key, _RECORD)):
            asked = normal(record.properties.text("name") or "")
            if not names & {asked, f"*.{asked.partition('.')[2]}"}:
                yield f"{record.name} leads to it by the name {asked}, which its certificates aren't for"


def names_of(certificate: Node) -> list[str]:
    """Return the names that a certificate is for, as far as they are known."""
    try:
        others = certificate.properties.texts("subjectAlternativeNames")
    except UndecidedError:
        others = []  # AWS computes it where it is left out
    return [normal(name) for name in (known_text(certificate, "domainName"), *others) if name]


def normal(name: str) -> str:
    """Return a name in the one spelling in which names are compared."""
    return name.lower().rstrip(".")


CERTIFICATE_GUARDRAILS: tuple[Guardrail, ...] = (
    ResourceGuardrail(
        id="certificates-proven-by-dns",
        title="ACM issues certificates by a DNS record, and renews them by it",
        clauses=("lb-acm-certs",),
        severity="medium",
        types=frozenset({CERTIFICATE}),
        check=_proven,
        controls=("ACM.1", "acm_certificates_expiration_check"),
        remediation="Set validationMethod to DNS, and declare the record and the validation.",
    ),
    ResourceGuardrail(
        id="certificates-strong",
        title="Certificates have strong keys",
        clauses=("lb-acm-certs", "enc-transit-tls12"),
        severity="high",
        types=frozenset({CERTIFICATE}),
        check=_strong,
        controls=("ACM.2", "acm_certificates_with_secure_key_algorithms"),
        remediation="Leave keyAlgorithm out, or set it to RSA_2048 or better.",
    ),
    StackGuardrail(
        id="listener-certificates-of-stack",
        title="Listeners have certificates of the stack, in their region, and wait until those are issued",
        clauses=("lb-acm-certs",),
        severity="high",
        types=frozenset({LISTENER, LISTENER_CERTIFICATE}),
        check=_of_stack,
        remediation="Pass certificateArn of an aws.acm.CertificateValidation of the stack.",
    ),
    StackGuardrail(
        id="listener-certificates-fit",
        title="Certificates are for the names that lead to the load balancer",
        clauses=("lb-acm-certs", "enc-transit-tls12"),
        severity="high",
        types=frozenset({LISTENER}),
        check=_fits,
        remediation="Ask for a certificate with the full name of the record, or name the record after the certificate.",
    ),
)
