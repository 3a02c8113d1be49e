"""Clause dr-ecr-immutable: images are in the second region as they are pushed, in repositories like the first's."""

from collections.abc import Iterable

from guardrails.compute_cluster.resources import REPOSITORY
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import is_far, own_accounts, region_of, second_region
from guardrails.reading import Properties
from guardrails.second_region.options import REQUIRED

_REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
_RULES = "replicationConfiguration.rules"


def _replicated(repository: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if is_far(repository) or not relaxations.flag("required"):
        return
    name, second = repository.properties.text("name") or "", second_region(graph)
    rules = [rule for node in graph.of_type(_REPLICATION) for rule in node.properties.blocks(_RULES)]
    if not any(_takes(rule, name, second) for rule in rules):
        yield "no rule of this stack replicates it to the region that backups are copied to"
    copies = [one for one in graph.of_type(REPOSITORY) if known_text(one, "name") == name and region_of(one) == second]
    if second is None or not copies:
        yield "no repository of this stack takes its copies, so that ECR makes one whose tags move"


def _takes(rule: Properties, name: str, region: str | None) -> bool:
    filters = rule.blocks("repositoryFilters")
    return (not filters or any(name.startswith(one.text("filter") or "") for one in filters)) and any(
        destination.text("region") == region for destination in rule.blocks("destinations")
    )


def _to_second_region(replication: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    second, accounts = second_region(graph), own_accounts(replication)
    for rule in replication.properties.blocks(_RULES):
        for destination in rule.blocks("destinations"):
            region, registry = destination.text("region"), destination.text("registryId")
            if registry not in accounts:
                yield f"images go to registry {registry}, which is not the account's own"
            if region != second:
                yield f"images go to {region}, not the region that backups are copied to"


IMAGE_COPY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="images-replicated",
        title="Images are replicated to a repository of the stack in the second region",
        clauses=("dr-ecr-immutable",),
        severity="high",
        types=frozenset({REPOSITORY}),
        check=_replicated,
        options=REQUIRED,
        remediation="Give standby.region, and leave platform.accountSettings out.",
    ),
    StackGuardrail(
        id="images-copied-to-own-registry",
        title="The registry replicates images to itself in the second region, and to no other",
        clauses=("dr-ecr-immutable",),
        severity="critical",
        types=frozenset({_REPLICATION}),
        check=_to_second_region,
        remediation="Let each rule name the second region and the own account.",
    ),
)
