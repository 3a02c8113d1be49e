"""What tasks need to reach a service that stands behind them, such as the cache."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import pulumi

from components.policy_documents import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What a layer hands to tasks, so that they find it and may use it."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables whose values are known before anything exists."""
    hosts: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Variables whose values are known later. Tasks read them from encrypted parameters, as they start."""
    tasks: frozenset[str] = frozenset()
    """Names of the services and workers that get it; all of them where it is empty."""
    statements: Sequence[Statement] = ()
    """What the role of a task may do, each with a ``sid`` that no other backing has."""

    def is_for(self, task: str) -> bool:
        """Return whether a service or worker gets it."""
        return not self.tasks or task in self.tasks


def combined(backings: Iterable[Backing]) -> Backing:
    """Return all of ``backings`` as one. No two may give the same variable or the same ``sid``."""
    given = list(backings)
    named = chain.from_iterable([*backing.environment, *backing.hosts, *_sids(backing)] for backing in given)
    seen: set[str] = set()
    for name in named:
        if name in seen:
            raise ValueError(f"{name} is given by two backings")
        seen.add(name)
    return Backing(
        environment={name: value for backing in given for name, value in backing.environment.items()},
        hosts={name: value for backing in given for name, value in backing.hosts.items()},
        statements=[statement for backing in given for statement in backing.statements],
    )


def _sids(backing: Backing) -> list[str]:
    return [statement["Sid"] for statement in backing.statements]
