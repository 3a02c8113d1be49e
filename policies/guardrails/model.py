"""What a guardrail is, and how it is evaluated so that it fails closed.

A guardrail is evaluated one subject at a time. Where a property that it needs is unknown or malformed, that subject
violates it, and the others are judged all the same: the SDK would turn the first unknown into an advisory and skip
the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from guardrails.graph import Graph, Node
from guardrails.reading import Properties, UnreadableError

Severity = Literal["low", "medium", "high", "critical"]


class Violation(NamedTuple):
    """One resource that breaks a guardrail, and how."""

    urn: str
    message: str


class Option(NamedTuple):
    """Something that a policy config may relax. Without a config the default holds, which is the strict value."""

    schema: Mapping[str, Any]
    """JSON schema of the value."""
    default: Any
    """The decision's value."""
    description: str


class Relaxations:
    """The options of one guardrail as a policy config sets them; what is absent or breaks its schema is strict."""

    def __init__(self, options: Mapping[str, Option], config: Mapping[str, Any]) -> None:
        self._options = options
        self._config = config

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        value = self._config.get(name)
        return value if isinstance(value, bool) else self._options[name].default

    def number(self, name: str) -> float:
        """Return a number."""
        value = self._config.get(name)
        schema, default = self._options[name].schema, self._options[name].default
        if isinstance(value, bool) or not isinstance(value, int | float):
            return default
        return value if schema.get("minimum", value) <= value <= schema.get("maximum", value) else default

    def text(self, name: str) -> str:
        """Return one of the texts that the option's schema lists."""
        value = self._config.get(name)
        return (
            value
            if isinstance(value, str) and value in self._options[name].schema["enum"]
            else self._options[name].default
        )

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        value = self._config.get(name)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        return self._options[name].default


@dataclass(frozen=True, kw_only=True, slots=True)
class Guardrail:
    """What every guardrail says about itself."""

    id: str
    """Kebab-case name, unique in the pack: what people search for and configs and exemptions name."""
    title: str
    """The rule in one sentence."""
    clauses: tuple[str, ...]
    """Clauses of ADR 003 that it keeps, the first of them its own."""
    severity: Severity
    remediation: str
    """What to change, for the person whose preview it stopped."""
    controls: tuple[str, ...] = ()
    """Ids under which Security Hub, CIS, Checkov, cdk-nag and Prowler look for the same."""
    options: Mapping[str, Option] = field(default_factory=dict[str, Option])


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceGuardrail(Guardrail):
    """Judges one resource by its inputs, before it is created."""

    types: frozenset[str]
    """Canonical type tokens that it applies to."""
    check: Callable[[str, Properties, Relaxations], Iterable[str]]
    """Takes the canonical type and the properties; yields what is wrong."""

    def evaluate(self, urn: str, type_: str, properties: Properties, config: Mapping[str, Any]) -> Iterator[Violation]:
        """Yield how the resource breaks this guardrail under a policy ``config``; ``type_`` is canonical."""
        if type_ in self.types:
            relaxations = Relaxations(self.options, config)
            yield from _closed(
                urn, lambda: (Violation(urn, message) for message in self.check(type_, properties, relaxations))
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class StackGuardrail(Guardrail):
    """Judges resources by what they are joined with, once all are known."""

    types: frozenset[str]
    """Canonical type tokens of its subjects; empty means that every resource is one."""
    check: Callable[[Node, Graph, Relaxations], Iterable[str]]
    """Takes a subject; yields what is wrong with it."""

    def evaluate(self, graph: Graph, config: Mapping[str, Any]) -> Iterator[Violation]:
        """Yield how the stack breaks this guardrail under a policy ``config``."""
        relaxations = Relaxations(self.options, config)
        for subject in self.subjects(graph):
            yield from self.judge(subject, graph, relaxations)

    def subjects(self, graph: Graph) -> Iterable[Node]:
        """Return the resources that this guardrail judges."""
        return graph.of_type(*sorted(self.types)) if self.types else graph

    def judge(self, subject: Node, graph: Graph, relaxations: Relaxations) -> Iterator[Violation]:
        """Yield how one subject breaks this guardrail."""
        return _closed(
            subject.urn,
            lambda: (Violation(subject.urn, message) for message in self.check(subject, graph, relaxations)),
        )


def _closed(urn: str, check: Callable[[], Iterator[Violation]]) -> Iterator[Violation]:
    """Run a check of one subject; what keeps it from ending is a violation."""
    try:
        yield from check()
    except UnreadableError as error:
        yield Violation(urn, str(error))
    except Exception as error:  # a guardrail that breaks must stop the deployment, not wave it through
        yield Violation(urn, f"could not be judged: {type(error).__name__}: {error}")
