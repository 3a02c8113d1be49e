"""Resource type tokens: AWS offers some resources under several names that are one and the same."""

import re

_ALIASES = {
    "aws:alb/": "aws:lb/",
    "aws:applicationloadbalancing/": "aws:lb/",
    "aws:elasticloadbalancingv2/": "aws:lb/",
    "aws:elasticloadbalancing/": "aws:elb/",
}
_SECOND_VERSION = re.compile(r"(aws:s3/bucket\w*)V2(:Bucket\w*)V2")


def canonical(token: str) -> str:
    """Return the one spelling of ``token`` that guardrails use."""
    for alias, name in _ALIASES.items():
        if token.startswith(alias):
            return name + token.removeprefix(alias)
    found = _SECOND_VERSION.fullmatch(token)
    return "".join(found.groups()) if found else token
