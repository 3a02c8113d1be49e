"""The three consumers that the decision names, and what each may do."""

from collections.abc import Mapping

import pulumi

from components.naming import Naming
from components.policy_documents import allow, allow_key
from components.python_function import FunctionNetwork
from components.routes import internal_call_arn, internal_url
from components.search_layer.consumers import ConsumerSpec
from components.search_layer.location import DomainLocation
from components.search_layer.names import domain_arn

_EXPORTS = "events/"
"""Where analytics finds events in its bucket."""


def readers(naming: Naming, domain: str, location: DomainLocation, network: FunctionNetwork) -> list[ConsumerSpec]:
    """Return what reads the stream; ``domain`` is the name below which services are called."""
    return [_analytics(naming), _ai(naming, domain), _dashboards(naming, location, network)]


def _analytics(naming: Naming) -> ConsumerSpec:
    bucket = naming.bucket("analytics")
    environment: Mapping[str, pulumi.Input[str]] = {"ANALYTICS_BUCKET": bucket}
    return ConsumerSpec(
        label="analytics",
        description="Keeps every event in the bucket of analytics",
        batch_size=2000,
        wait_seconds=60,
        timeout=60,
        environment=environment,
        statements=[
            allow("s3:PutObject", f"arn:aws:s3:::{bucket}/{_EXPORTS}*", sid="KeepEvents"),
            allow_key(
                "kms:GenerateDataKey",
                naming.arn("kms", "key/*"),
                f"alias/{naming.name('data')}",
                sid="EncryptThem",
                condition={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
            ),
        ],
    )


def _ai(naming: Naming, domain: str) -> ConsumerSpec:
    environment: Mapping[str, pulumi.Input[str]] = {"AI_URL": internal_url(domain, "ai")}
    return ConsumerSpec(
        label="ai",
        description="Hands every event to the AI service",
        batch_size=25,
        wait_seconds=1,
        timeout=300,
        environment=environment,
        statements=[allow("execute-api:Invoke", internal_call_arn(naming, "POST", "ai"), sid="CallService")],
    )


def _dashboards(naming: Naming, location: DomainLocation, network: FunctionNetwork) -> ConsumerSpec:
    return ConsumerSpec(
        label="dashboards",
        description="Puts every event into the search domain, where dashboards count them",
        batch_size=500,
        wait_seconds=5,
        timeout=120,
        environment=location.environment,
        statements=[
            *location.statements,
            allow("es:ESHttpPost", f"{domain_arn(naming)}/_bulk", sid="IndexEvents"),
        ],
        network=network,
    )
