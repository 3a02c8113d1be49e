"""Resource type tokens: AWS offers some resources under several names that are one and the same."""

_ALIASES = {
    "aws:alb/": "aws:lb/",
    "aws:applicationloadbalancing/": "aws:lb/",
    "aws:elasticloadbalancingv2/": "aws:lb/",
    "aws:elasticloadbalancing/": "aws:elb/",
}


def canonical(token: str) -> str:
    """Return the one spelling of ``token`` that guardrails use."""
    for alias, name in _ALIASES.items():
        if token.startswith(alias):
            return name + token.removeprefix(alias)
    return token
