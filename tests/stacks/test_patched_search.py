"""Search and events broken as a pull request might break them."""

from pathlib import Path

import pytest

from tests.stacks.patching import Patch, assert_refused, each, urn

_LAYER = "fitness-platform:search:SearchLayer"
_NODES = urn(f"{_LAYER}$fitness-platform:search:SearchDomain$aws:opensearch/domain:Domain", "search-domain-nodes")
_CALL = urn(
    f"{_LAYER}$fitness-platform:search:SearchBootstrap$aws:lambda/invocation:Invocation", "search-bootstrap-call"
)
_STREAM = urn(f"{_LAYER}$aws:kinesis/stream:Stream", "search-events")
_DOMAIN, _CONSUMERS = "components/search_layer/domain.py", "components/search_layer/consumers.py"


def _mappings(guardrail: str) -> set[tuple[str, str]]:
    part = "fitness-platform:search:StreamConsumer$aws:lambda/eventSourceMapping:EventSourceMapping"
    return each(
        guardrail, f"{_LAYER}${part}", *(f"search-{name}-mapping" for name in ("ai", "analytics", "dashboards"))
    )


PATCHES = {
    "stream without failure destination": Patch(
        _CONSUMERS,
        """destination_config=aws.lambda_.EventSourceMappingDestinationConfigArgs(
                on_failure=aws.lambda_.EventSourceMappingDestinationConfigOnFailureArgs(destination_arn=failed.arn)
            ),""",
        "",
        _mappings("stream-failures-set-aside")
        | each(
            "queues-have-dead-letters",
            f"{_LAYER}$fitness-platform:search:StreamConsumer$fitness-platform:queues:PrivateQueue$aws:sqs/queue:Queue",
            *(f"search-{name}-failed-queue" for name in ("ai", "analytics", "dashboards")),
        ),
    ),
    "batches that are not halved": Patch(
        _CONSUMERS,
        "bisect_batch_on_function_error=True",
        "bisect_batch_on_function_error=False",
        _mappings("stream-batches-halved"),
    ),
    "public domain": Patch(
        _DOMAIN,
        "vpc_options=aws.opensearch.DomainVpcOptionsArgs(subnet_ids=zones, security_group_ids=[wires.group_id]),",
        "",
        {("workloads-in-private-subnets", _NODES), ("workloads-in-own-groups", _NODES)},
    ),
    "one node": Patch(
        _DOMAIN,
        "zones = list(wires.subnet_ids) if settings.zone_aware else list(wires.subnet_ids)[:1]",
        "zones = list(wires.subnet_ids)[:1]",
        {("search-spans-zones", _NODES), ("search-three-nodes", _NODES)},
    ),
    "not encrypted": Patch(
        _DOMAIN,
        'DomainEncryptAtRestArgs(enabled=True, kms_key_id=wires.key_arns["data"])',
        "DomainEncryptAtRestArgs(enabled=False)",
        {("search-encrypted", _NODES), ("search-key-of-stack", _NODES)},
    ),
    "anybody let in": Patch(
        _DOMAIN,
        """            sid="RolesOfThisAccount",
            principal={"AWS": f"arn:aws:iam::{naming.account_id}:root"},""",
        """            sid="RolesOfThisAccount",
            principal="*",""",
        {("search-access-scoped", _NODES)},
    ),
    "one shard too few": Patch(
        "components/search_layer/objects/templates.json",
        '"number_of_shards": "${indexShards}"',
        '"number_of_shards": "4"',
        {("search-five-shards", _CALL)},
    ),
    "stream in the clear": Patch(
        "components/search_layer/stream.py",
        'encryption_type="KMS"',
        'encryption_type="NONE"',
        {("streams-encrypted", _STREAM)},
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
