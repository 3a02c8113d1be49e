"""What the guardrails of the load balancer have in common: types, and what leads to what."""

from guardrails.compute_cluster.resources import LISTENER_RULE, SERVICE, TARGET_GROUP
from guardrails.graph import Node
from guardrails.placement import LOAD_BALANCER
from guardrails.reading import Properties

LISTENER = "aws:lb/listener:Listener"
LISTENER_CERTIFICATE = "aws:lb/listenerCertificate:ListenerCertificate"
CLASSIC_LOAD_BALANCER = "aws:elb/loadBalancer:LoadBalancer"
CERTIFICATE = "aws:acm/certificate:Certificate"
CERTIFICATE_VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"

APPLICATION = "application"
OVER_TLS = ("HTTPS", "TLS")
"""Protocols of listeners that have a certificate."""


def kind_of(type_: str, properties: Properties) -> str:
    """Return the kind of a load balancer; AWS makes an application one where none is given."""
    return "classic" if type_ == CLASSIC_LOAD_BALANCER else properties.text("loadBalancerType") or APPLICATION


def is_application(balancer: Node) -> bool:
    """Return whether a load balancer is an application one; load-balancers-application speaks of others."""
    return kind_of(balancer.type, balancer.properties) == APPLICATION


def balancers_of(listener: Node) -> list[Node]:
    """Return the load balancers of this stack that a listener is of."""
    return listener.refers("loadBalancerArn", LOAD_BALANCER)


def listeners_of(balancer: Node) -> list[Node]:
    """Return the listeners of a load balancer."""
    return balancer.referrers("loadBalancerArn", LISTENER)


def groups_of(rule: Node) -> list[Node]:
    """Return the target groups of this stack that a rule leads to."""
    return rule.refers("actions", TARGET_GROUP)


def rules_to(group: Node) -> list[Node]:
    """Return the rules that lead to a target group."""
    return group.referrers("actions", LISTENER_RULE)


def services_in(group: Node) -> list[Node]:
    """Return the services whose tasks register with a target group."""
    return group.referrers("loadBalancers", SERVICE)
