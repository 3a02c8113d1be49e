"""Names, tags and ARNs. Pure: built from settings alone, so that all of them are known at the first preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

PROJECT = "fitness-platform"
"""Prefix of every physical name and value of the ``Project`` tag."""

REGION_FORM = (
    r"^(af|ap|ca|eu|il|me|mx|sa|us)-(central|north|south|(north|south)?(east|west))-[0-9]$",
    "a region of the partition aws, such as us-east-1",
)
"""How a region is written, and that in words."""

EDGE_REGION = "us-east-1"
"""Where AWS keeps what belongs to CloudFront and Route 53: certificates, web ACLs, logs and metrics."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Says what things are called in one stack: one environment in one account and region.

    The decision needs CloudFront, so the partition is always ``aws``: settings refuse regions of any other.
    """

    environment: str
    account_id: str
    region: str
    extra_tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def prefix(self) -> str:
        """Prefix of physical names, such as ``fitness-platform-prod``."""
        return f"{PROJECT}-{self.environment}"

    def name(self, *parts: str) -> str:
        """Join the prefix and ``parts``: ``name("private", "a")`` is ``fitness-platform-prod-private-a``."""
        return "-".join((self.prefix, *parts))

    def global_name(self, *parts: str) -> str:
        """Name what all regions of an account share, such as a role or a dashboard: the region becomes part of it."""
        return "-".join((self.prefix, self.region, *parts))

    def bucket(self, purpose: str) -> str:
        """Name a bucket. The account and the region make it unique among those of all AWS customers."""
        return "-".join((PROJECT, purpose, self.environment, self.account_id, self.region))

    @property
    def at_the_edge(self) -> "Naming":
        """The same for what must be in :data:`EDGE_REGION`, whichever region the stack is in."""
        return self.in_region(EDGE_REGION)

    def in_region(self, region: str) -> "Naming":
        """Return the same for what is in another region."""
        return replace(self, region=region)

    def zone(self, letter: str) -> str:
        """Return the Availability Zone of this region with ``letter``, such as ``us-east-1a``."""
        return f"{self.region}{letter}"

    def endpoint_service(self, service: str) -> str:
        """Return the name under which AWS offers ``service`` to VPC endpoints, ``com.amazonaws.<region>.<service>``."""
        return f"com.amazonaws.{self.region}.{service}"

    def arn(self, service: str, resource: str) -> str:
        """Build the ARN of a regional ``resource`` of ``service`` in this account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def default_tags(self) -> dict[str, str]:
        """Tags that the provider puts on everything it creates."""
        return {**self.extra_tags, "Project": PROJECT, "Environment": self.environment, "ManagedBy": "pulumi"}
