from collections.abc import Iterable

from guardrails.async_layer.brokers import BROKER_GUARDRAILS
from preview.topology import Topology
from tests.policies.breaking import PRIVATE, Case, Change, at, cases, chain, edit, point
from tests.policies.compute_cluster.stack import broken, nested
from tests.policies.security_layer.judged import refer
from tests.support import judging
from tests.support.editing import UNKNOWN
from tests.support.recording import recorded

_BROKER, _GROUP = "async-rabbitmq-broker", "groups-rabbitmq"
_CLUSTERED, _PRIVATE, _ENCRYPTED, _LOGGED, _CURRENT = (
    "brokers-clustered",
    "brokers-private",
    "brokers-encrypted",
    "brokers-logged",
    "brokers-current",
)


def _with_broker() -> Topology:
    return recorded("prod", **{"async": {"rabbitmq": {"enabled": True}}})


def _broken(topology: Topology, also: Iterable[str] = ()) -> set[tuple[str, str]]:
    ids = {guardrail.id for guardrail in BROKER_GUARDRAILS} | set(also)
    return {found for found in judging.violations(topology) if found[0] in ids}


ACCEPTED: dict[str, Change] = {
    "as declared": lambda topology: topology,
    "larger": edit(_BROKER, hostInstanceType="mq.m7g.4xlarge"),
    "private, spelt out": edit(_BROKER, publiclyAccessible=None),
}

REJECTED: dict[str, Case] = {
    **broken(_CLUSTERED, _BROKER, "engineType", None, "ActiveMQ", UNKNOWN),
    **broken(_CLUSTERED, _BROKER, "deploymentMode", None, "SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ", UNKNOWN),
    **broken(_CLUSTERED, _BROKER, "hostInstanceType", None, "mq.t3.micro", UNKNOWN),
    "in two zones": Case(point(_BROKER, "subnetIds", *PRIVATE[:2]), at(_CLUSTERED, _BROKER)),
    "in a zone three times": Case(refer(_BROKER, "subnetIds", [UNKNOWN] * 3, PRIVATE[0]), at(_CLUSTERED, _BROKER)),
    **broken(_PRIVATE, _BROKER, "publiclyAccessible", True, UNKNOWN),
    **broken(_PRIVATE, _BROKER, "securityGroups", None, ["sg-1"], UNKNOWN),
    "two groups": Case(point(_BROKER, "securityGroups", _GROUP, "groups-ecs"), at(_PRIVATE, _BROKER)),
    "a stranger beside": Case(refer(_BROKER, "securityGroups", [UNKNOWN, "sg-1"], _GROUP), at(_PRIVATE, _BROKER)),
    **broken(_ENCRYPTED, _BROKER, "encryptionOptions", None, {"useAwsOwnedKey": False}, UNKNOWN),
    "encrypted with AWS's own key": Case(
        nested(_BROKER, "encryptionOptions.useAwsOwnedKey", True), at(_ENCRYPTED, _BROKER)
    ),
    "key by default": Case(nested(_BROKER, "encryptionOptions.useAwsOwnedKey", None), at(_ENCRYPTED, _BROKER)),
    **broken(_LOGGED, _BROKER, "logs", None, {}, {"general": False}, {"audit": True}, UNKNOWN),
    **broken(_CURRENT, _BROKER, "autoMinorVersionUpgrade", None, False, UNKNOWN),
}


@cases(ACCEPTED)
def test_accepts(case: Change) -> None:
    assert _broken(case(_with_broker())) == set()


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert _broken(case.change(_with_broker())) == case.violations


def test_who_else_may_call_it_is_refused() -> None:
    others = ("groups-alb", "groups-lambda")
    for other in others:
        change = chain(point("groups-ecs-to-rabbitmq-5671-ingress", "referencedSecurityGroupId", other))
        assert at("broker-callers", _GROUP) <= _broken(change(_with_broker()), ["broker-callers"])
