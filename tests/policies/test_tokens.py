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


@pytest.mark.parametrize(
    ("second", "first"),
    [
        ("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket"),
        ("aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketVersioning:BucketVersioning"),
        ("aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObjectv2:BucketObjectv2"),
        ("my:s3/bucketV2:BucketV2", "my:s3/bucketV2:BucketV2"),
    ],
)
def test_second_versions_of_buckets_are_buckets(second: str, first: str) -> None:
    assert canonical(second) == first
