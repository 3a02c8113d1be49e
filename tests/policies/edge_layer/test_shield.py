import pytest

from tests.policies.breaking import Case, Change, add, at, cases
from tests.policies.edge_layer.stack import recorded, violations

_CHOSEN = "shield-advanced-chosen"
_SUBSCRIPTION = "aws:shield/subscription:Subscription"
_PROTECTION = "aws:shield/protection:Protection"

ACCEPTED: dict[str, Change] = {}

REJECTED: dict[str, Case] = {
    "subscription": Case(add(_SUBSCRIPTION, "shield", {"autoRenew": "DISABLED"}), at(_CHOSEN, "shield")),
    "subscription by default": Case(add(_SUBSCRIPTION, "shield", {}), at(_CHOSEN, "shield")),
    "protection": Case(
        add(_PROTECTION, "shield", {"name": "all", "resourceArn": "arn:aws:cloudfront::1:x"}), at(_CHOSEN, "shield")
    ),
}


@pytest.mark.parametrize("type_", [_SUBSCRIPTION, _PROTECTION])
def test_who_says_so_in_the_policy_config_may_buy_it(type_: str) -> None:
    topology = add(type_, "shield", {})(recorded("prod"))
    assert violations(topology, {_CHOSEN: {"allowed": True}}) == set()


def test_the_stack_buys_it_by_a_setting_that_says_what_it_costs() -> None:
    topology = recorded("prod", edge={"shieldAdvanced": "oneYearFor36000Usd"})
    assert {name for guardrail, name in violations(topology) if guardrail == _CHOSEN} == {
        "edge-shield-app",
        "edge-shield-load-balancer",
        "edge-shield-subscription",
        "edge-shield-video",
        "edge-shield-zone",
    }


@cases(REJECTED)
def test_rejects(case: Case) -> None:
    assert violations(case.change(recorded("prod"))) == case.violations
