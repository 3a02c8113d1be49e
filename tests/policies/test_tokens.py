import pytest

from guardrails.tokens import canonical


@pytest.mark.parametrize("module", ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"])
def test_modules_of_load_balancers_are_one(module: str) -> None:
    assert canonical(f"aws:{module}/loadBalancer:LoadBalancer") == "aws:lb/loadBalancer:LoadBalancer"


def test_classic_load_balancers_stay_apart() -> None:
    assert canonical("aws:elasticloadbalancing/loadBalancer:LoadBalancer") == "aws:elb/loadBalancer:LoadBalancer"


@pytest.mark.parametrize("token", ["aws:ec2/vpc:Vpc", "aws:elb/loadBalancer:LoadBalancer", "my:alb/x:Y", ""])
def test_other_tokens_stay(token: str) -> None:
    assert canonical(token) == token
