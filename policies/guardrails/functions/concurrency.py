"""Clauses async-lambda-concurrency-1000 and async-lambda-provisioned: how many run at once, and which are warm."""

from collections.abc import Iterable

from guardrails.functions.resources import ALIAS, EVENT_SOURCE, FUNCTION, STACK, WARM, callers_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.reading import Properties

_LIMIT = 1000  # what an account has in a region
_UNRESERVED = 100  # what AWS keeps free of reservations


def _leaves_a_share(_stack: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    taken = sum(_taken(function) for function in graph.of_type(FUNCTION))
    if taken > _LIMIT - _UNRESERVED:
        yield f"its functions may take {taken:g} executions of {_LIMIT}, so that fewer than {_UNRESERVED} are left"


def _taken(function: Node) -> float:
    """Return how many executions a function may keep from others."""
    reserved = function.properties.number("reservedConcurrentExecutions")
    if reserved is not None and reserved >= 0:
        return reserved
    bounds = [
        source.properties.number("scalingConfig.maximumConcurrency") or 0
        for source in callers_of(function, "functionName", EVENT_SOURCE)
    ]
    return sum(bounds)


def _not_stopped(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.number("reservedConcurrentExecutions") == 0:
        yield "reservedConcurrentExecutions is 0, so that it never runs"


def _warm_by_alias(warm: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    aliases = warm.refers("qualifier", ALIAS)
    functions = warm.refers("functionName", FUNCTION)
    if len(aliases) != 1 or aliases[0].refers("functionName", FUNCTION) != functions:
        yield "qualifier refers to no alias of its function, so that what is warm is never called"
    count = warm.properties.number("provisionedConcurrentExecutions") or 0
    if count < 1:
        yield f"provisionedConcurrentExecutions is {count:g}, not 1 or more"
    for function in functions:
        if count > (most := _taken(function)) > 0:
            yield f"{count:g} executions of {function.name} are warm, of which only {most:g} may run"


CONCURRENCY_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="functions-leave-account-its-share",
        title="Functions together leave the account 100 of its 1,000 executions",
        clauses=("async-lambda-concurrency-1000",),
        severity="high",
        types=frozenset({STACK}),
        check=_leaves_a_share,
        remediation="Lower maximumConcurrency of a queue or reservedConcurrentExecutions of a function.",
    ),
    ResourceGuardrail(
        id="functions-not-stopped",
        title="No function is reserved no executions at all",
        clauses=("async-lambda-concurrency-1000",),
        severity="high",
        types=frozenset({FUNCTION}),
        check=_not_stopped,
        remediation="Leave reservedConcurrentExecutions out, and disable what calls the function instead.",
    ),
    StackGuardrail(
        id="functions-warm-by-alias",
        title="Executions are kept warm for the alias that is called",
        clauses=("async-lambda-provisioned",),
        severity="medium",
        types=frozenset({WARM}),
        check=_warm_by_alias,
        remediation="Pass the function's name, and the name of its alias as qualifier.",
    ),
)
