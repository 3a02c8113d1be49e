"""Clauses async-retention-14d, async-visibility-5min and enc-rest-others: queues themselves."""

from collections.abc import Iterable
from typing import Any

from guardrails.async_layer.resources import FIVE, arns_of, label_of, sources_of
from guardrails.functions.resources import ALIAS, QUEUE, STACK, WARM, functions_of
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.provider import own_accounts
from guardrails.reading import Properties, as_texts
from guardrails.security_layer.keys import KEY, REPLICA_KEY
from guardrails.security_layer.resource_policies import QUEUE_POLICY, conditions_of

_FOURTEEN_DAYS = 1_209_600
_FIVE_MINUTES, _NINETY_MINUTES = 300, 5400
_LONG = "ai-recommendations"
_WARM = "payment-webhooks"


def _encrypted(queue: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not queue.refers("kmsMasterKeyId", KEY, REPLICA_KEY):
        yield "kmsMasterKeyId refers to no key of this stack"


def _of_own_account(queue: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for policy in queue.referrers("queueUrl", QUEUE_POLICY):
        accounts, own = own_accounts(queue), arns_of(queue)
        if not any(_keeps_out(statement, accounts, own) for statement in policy.properties.statements("policy")):
            yield f"{policy.name} has no statement that denies everything to principals of other accounts"


def _keeps_out(statement: dict[str, Any], accounts: set[str], own: set[str]) -> bool:
    conditions = {key: (operator, values) for operator, key, values in conditions_of(statement)}
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and as_texts(statement.get("Action", [])) in (["sqs:*"], ["*"])
        and not own.union("*").isdisjoint(as_texts(statement.get("Resource", [])))
        and conditions.keys() == {"aws:principalaccount", "aws:principalisawsservice"}
        and conditions["aws:principalaccount"] == ("StringNotEquals", sorted(accounts))
        and conditions["aws:principalisawsservice"] == ("Bool", ["false"])
    )


def _kept(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if (seconds := properties.number("messageRetentionSeconds")) != _FOURTEEN_DAYS:
        yield f"messageRetentionSeconds is {seconds or 'not given'}, not {_FOURTEEN_DAYS}"


def _hidden(queue: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    allowed = (_FIVE_MINUTES, _NINETY_MINUTES) if label_of(queue) == _LONG else (_FIVE_MINUTES,)
    if (seconds := queue.properties.number("visibilityTimeoutSeconds")) not in allowed:
        wanted = " or ".join(str(time) for time in allowed)
        yield f"visibilityTimeoutSeconds is {seconds or 'not given'}, not {wanted}"


def _at_once(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.number("delaySeconds"):
        yield "delaySeconds is given, so that every message waits before anybody sees it"


def _in_order(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    name = properties.text("name") or ""
    if not name:
        yield "name is not given, so that nobody can tell what it is for"
    elif properties.flag("fifoQueue") != name.endswith(".fifo"):
        yield f"its name is {name}, and fifoQueue is {str(properties.flag('fifoQueue')).lower()}"


def _all_there(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    worked_on = {label_of(queue) for queue in graph.of_type(QUEUE) if sources_of(queue)}
    if missing := [name for name in relaxations.texts("required") if name not in worked_on]:
        yield f"no queue of this stack with a processor is for {', '.join(missing)}"


def _always_warm(queue: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    if label_of(queue) != _WARM or not relaxations.flag("requireWarm"):
        return
    for source in sources_of(queue):
        if not [warm for alias in source.refers("functionName", ALIAS) for warm in alias.referrers("qualifier", WARM)]:
            names = ", ".join(function.name for function in functions_of(source, "functionName"))
            yield f"no executions of {names or 'its processor'} are kept warm"


QUEUE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="queues-encrypted",
        title="Every queue is encrypted with a key of the stack",
        clauses=("enc-rest-others", "enc-kms"),
        severity="high",
        types=frozenset({QUEUE}),
        check=_encrypted,
        controls=("SQS.1", "CKV_AWS_27", "CKV2_AWS_73", "sqs_queues_server_side_encryption_enabled"),
        remediation="Pass the ARN of the SecurityLayer's queues key as kmsMasterKeyId.",
    ),
    StackGuardrail(
        id="queues-of-own-account",
        title="Queues deny everything to principals of other accounts",
        clauses=("enc-kms", "async-standard-queues"),
        severity="high",
        types=frozenset({QUEUE}),
        check=_of_own_account,
        controls=("CKV_AWS_168", "sqs_queues_not_publicly_accessible"),
        remediation="Give it the policy of components/queues.py, which denies whoever is of another account.",
    ),
    ResourceGuardrail(
        id="queues-keep-14-days",
        title="Queues keep messages for 14 days",
        clauses=("async-retention-14d",),
        severity="high",
        types=frozenset({QUEUE}),
        check=_kept,
        remediation="Set messageRetentionSeconds to 1209600.",
    ),
    StackGuardrail(
        id="queues-hide-5-minutes",
        title="Queues hide messages that are worked on for 5 minutes; only that of AI recommendations may for 90",
        clauses=("async-visibility-5min",),
        severity="medium",
        types=frozenset({QUEUE}),
        check=_hidden,
        remediation="Leave visibilitySeconds out, or set it to 300.",
    ),
    ResourceGuardrail(
        id="queues-deliver-at-once",
        title="Queues don't delay messages",
        clauses=("async-standard-queues",),
        severity="low",
        types=frozenset({QUEUE}),
        check=_at_once,
        remediation="Leave delaySeconds out.",
    ),
    ResourceGuardrail(
        id="queues-named-by-order",
        title="Queues that keep the order of messages are named so, and no others",
        clauses=("async-fifo-if-required", "async-standard-queues"),
        severity="medium",
        types=frozenset({QUEUE}),
        check=_in_order,
        remediation="Give a FIFO queue a name that ends with .fifo, and fifoQueue true; any other queue neither.",
    ),
    StackGuardrail(
        id="queues-of-the-decision",
        title="Each of the five kinds of work has a queue and a processor",
        clauses=tuple(f"async-queue-{name}" for name in FIVE),
        severity="high",
        types=frozenset({STACK}),
        check=_all_there,
        options={
            "required": Option(
                {"type": "array", "items": {"type": "string"}}, list(FIVE), "Queues that the stack must have."
            )
        },
        remediation="Declare them by an AsyncLayer.",
    ),
    StackGuardrail(
        id="payment-webhooks-warm",
        title="What handles payment webhooks is always warm",
        clauses=("async-lambda-provisioned",),
        severity="medium",
        types=frozenset({QUEUE}),
        check=_always_warm,
        options={"requireWarm": Option({"type": "boolean"}, True, "Whether executions must be kept warm for it.")},
        remediation="Leave async.queues.paymentWebhooks.provisionedConcurrency out, or set it to 1 or more.",
    ),
)
