"""What the search domain, its indexes and its stream are called. Pure: known before anything exists."""

from components.naming import Naming

MAX_DOMAIN_NAME = 28
"""Characters that the name of a domain may have."""


def domain_name(naming: Naming) -> str:
    """Return the name of the domain, no longer than :data:`MAX_DOMAIN_NAME` for any environment."""
    return f"fitness-{naming.environment}-search"


def domain_arn(naming: Naming) -> str:
    """Return the ARN of the domain itself; what is in it is below ``/*``."""
    return naming.arn("es", f"domain/{domain_name(naming)}")


def stream_name(naming: Naming) -> str:
    """Return the name of the stream of events."""
    return naming.name("events")


def stream_arn(naming: Naming) -> str:
    """Return the ARN of the stream of events."""
    return naming.arn("kinesis", f"stream/{stream_name(naming)}")


def role_arn(naming: Naming, *parts: str) -> str:
    """Return the ARN of a role of this stack; ``*`` in a part stands for any."""
    return f"arn:aws:iam::{naming.account_id}:role/{naming.global_name(*parts)}"
