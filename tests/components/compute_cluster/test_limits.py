from typing import Any

import pytest

from components.compute_cluster.limits import execution_role_name
from components.naming import Naming
from components.routes import target_group_name
from tests.components.reading import PLATFORM, load, mistakes, stack_of


def _stack(place: str, name: str, environment: str, region: str = "us-east-1") -> dict[str, Any]:
    block = {"paths": ["/x/*"], "priority": 50} if place == "services" else {}
    platform = PLATFORM | {"environment": environment}
    return stack_of(platform=platform, compute={place: {name: block}}) | {"aws:region": region}


@pytest.mark.parametrize(
    ("place", "environment", "region", "most"),
    [
        ("services", "prod", "us-east-1", 21),
        ("services", "dev", "us-east-1", 22),
        ("services", "staging8", "us-east-1", 17),
        ("services", "prod", "ap-southeast-1", 17),
        ("workers", "prod", "us-east-1", 22),
    ],
)
def test_names_fit_with_what_is_added_to_them(place: str, environment: str, region: str, most: int) -> None:
    load(_stack(place, "x" * most, environment, region))
    longest = "x" * (most + 1)
    assert mistakes(_stack(place, longest, environment, region)) == [
        (
            f'fitness-platform:compute.{place}.{longest}: found "{longest}"; '
            f"allowed: a name of up to {most} characters, as target groups have 32 with environment and color, "
            "and roles 64 with environment and region"
        )
    ]


def test_the_longest_name_of_a_service_fills_a_target_group() -> None:
    assert len(target_group_name("prod", "x" * 21, "green")) == 32
    assert len(execution_role_name(Naming("prod", "1" * 12, "us-east-1"), "x" * 22)) == 64
