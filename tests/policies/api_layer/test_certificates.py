from dataclasses import replace

from preview.topology import Topology
from tests.policies.api_layer.stack import CERTIFICATE, HTTP, HTTPS, ORIGIN, VALIDATION, violations
from tests.policies.breaking import ELSEWHERE, Case, Change, add, at, cases, chain, drop, edit, other_stack, point
from tests.policies.compute_cluster.stack import broken, independent
from tests.policies.database_layer.stack import copy, refer
from tests.support.editing import UNKNOWN, urn_of
from tests.support.recording import recorded

_OF_STACK = at("listener-certificates-of-stack", HTTPS)
_FIT = at("listener-certificates-fit", HTTPS)
_NAME, _OTHER_NAME = "origin.prod.fitness.example", "other.example"
_RECORD = "aws:route53/record:Record"


def _wait(name: str, of: str) -> Change:
    """Let a resource depend on another without referring to it."""

    def change(topology: Topology) -> Topology:
        resource = topology.resources[urn_of(topology, name)]
        waiting = replace(resource, dependencies=(*resource.dependencies, urn_of(topology, of)))
        return replace(topology, resources={**topology.resources, resource.urn: waiting})

    return change


_second = chain(
    copy(CERTIFICATE, "second"),
    edit("second", domainName=_OTHER_NAME),
    copy(VALIDATION, "issued"),
    refer("issued", "certificateArn", "second"),
)
_extra = chain(
    _second,
    add(
        "aws:lb/listenerCertificate:ListenerCertificate",
        "extra",
        {"listenerArn": UNKNOWN, "certificateArn": UNKNOWN, "region": "us-east-1"},
        listenerArn=[HTTPS],
        certificateArn=["issued"],
    ),
    _wait("extra", "issued"),
)


def _record(name: str, **references: list[str]) -> Change:
    return add(_RECORD, "more", {"name": name, **dict.fromkeys(references, UNKNOWN)}, **references)


ACCEPTED: dict[str, Change] = {
    "key by default": edit(CERTIFICATE, keyAlgorithm=None),
    "elliptic curve": edit(CERTIFICATE, keyAlgorithm="EC_prime256v1"),
    "certificate itself, once it is issued": refer(HTTPS, "certificateArn", CERTIFICATE),
    "name in other letters": edit(CERTIFICATE, domainName="Origin.Prod.Fitness.Example."),
    "wildcard": edit(CERTIFICATE, domainName="*.prod.fitness.example"),
    "further name": edit(CERTIFICATE, domainName=_OTHER_NAME, subjectAlternativeNames=[_NAME]),
    "unknown name beside the right one": edit(CERTIFICATE, domainName=UNKNOWN, subjectAlternativeNames=[_NAME]),
    "record that leads elsewhere": _record(_OTHER_NAME, records=[VALIDATION]),
    "further certificate": _extra,
    "name of the further certificate": chain(
        _extra, edit("second", domainName=_NAME), edit(CERTIFICATE, domainName=_OTHER_NAME)
    ),
    "in the region of the stack, spelt out": edit(CERTIFICATE, region="us-east-1"),
}

REJECTED: dict[str, Case] = {
    "no record of this stack": Case(drop(ORIGIN), at("api-integrations-over-tls", "api-rest-definition")),
    **broken("certificates-proven-by-dns", CERTIFICATE, "validationMethod", None, "EMAIL", UNKNOWN, "dns"),
    **broken("certificates-proven-by-dns", CERTIFICATE, "privateKey", "key", UNKNOWN),
    **broken("certificates-proven-by-dns", CERTIFICATE, "certificateAuthorityArn", "arn:aws:acm-pca:us-east-1:1:x"),
    **broken("certificates-strong", CERTIFICATE, "keyAlgorithm", "RSA_1024", "rsa_2048", UNKNOWN, 2048),
    **broken("listener-certificates-of-stack", HTTPS, "certificateArn", None, "arn:aws:acm:us-east-1:1:certificate/1"),
    **broken("listener-certificates-of-stack", HTTPS, "certificateArn", UNKNOWN),
    "certificate of another stack": Case(chain(other_stack, point(HTTPS, "certificateArn", ELSEWHERE)), _OF_STACK),
    "not a certificate": Case(point(HTTPS, "certificateArn", ORIGIN), _OF_STACK),
    "validation of nothing": Case(edit(VALIDATION, certificateArn="arn:aws:acm:us-east-1:1:certificate/1"), _OF_STACK),
    "not waited for": Case(
        chain(refer(HTTPS, "certificateArn", CERTIFICATE), independent(HTTPS, VALIDATION)), _OF_STACK
    ),
    "never issued": Case(chain(refer(HTTPS, "certificateArn", CERTIFICATE), drop(VALIDATION)), _OF_STACK),
    "in another region": Case(edit(CERTIFICATE, region="eu-west-1"), _OF_STACK),
    "further certificate of elsewhere": Case(
        chain(_extra, edit("extra", certificateArn="arn:aws:acm:us-east-1:1:certificate/1")),
        at("listener-certificates-of-stack", "extra"),
    ),
    "for another name": Case(edit(CERTIFICATE, domainName=_OTHER_NAME), _FIT),
    "for the domain above": Case(edit(CERTIFICATE, domainName="prod.fitness.example"), _FIT),
    "wildcard of the domain above": Case(edit(CERTIFICATE, domainName="*.fitness.example"), _FIT),
    "for an unknown name": Case(edit(CERTIFICATE, domainName=UNKNOWN), _FIT),
    "for no name": Case(edit(CERTIFICATE, domainName=None), _FIT),
    "further record": Case(
        _record(_OTHER_NAME, aliases=["api-load-balancer-alb"]),
        _FIT,
    ),
    "further record, by another type": Case(_record(_OTHER_NAME, records=["api-load-balancer-alb"]), _FIT),
    "record of an unknown name": Case(_record(UNKNOWN, aliases=["api-load-balancer-alb"]), _FIT),
}


def test_plain_http_needs_no_certificate() -> None:
    topology = edit(HTTP, certificateArn=None)(recorded("prod"))
    assert violations(topology) == set()


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert violations(case(recorded("prod"))) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
