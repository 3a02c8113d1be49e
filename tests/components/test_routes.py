import json
from typing import Any

import pytest

from components.naming import Naming
from components.routes import (
    MAX_ORIGIN_TOKENS,
    MAX_PATHS,
    TARGET_GROUP_NAME_LENGTH,
    Route,
    internal_call_arn,
    internal_url,
    target_group_name,
)
from tests.components.reading import load, mistakes, stack_of

_AUTH: dict[str, Any] = {
    "service": "auth",
    "paths": ("/auth/*",),
    "priority": 100,
    "port": 8443,
    "protocol": "HTTPS",
    "health_check_path": "/healthz",
    "stateful": False,
}


@pytest.mark.parametrize(("two_groups", "colors"), [(True, ("blue", "green")), (False, ("blue",))])
def test_blue_green_deployments_have_two_groups(two_groups: bool, colors: tuple[str, ...]) -> None:
    assert Route(**_AUTH, two_groups=two_groups).colors == colors


def test_names_of_target_groups_tell_environment_service_and_color() -> None:
    assert target_group_name("prod", "api-gateway", "green") == "prod-api-gateway-green"


@pytest.mark.parametrize("paths", [["/a?/*", "/b/*/*/*"], ["/?*?*?"]])
def test_patterns_may_have_five_wildcards_together(paths: list[str]) -> None:
    assert load(_with_paths(paths)).compute.services["auth"].paths == tuple(paths)


@pytest.mark.parametrize("paths", [["/a?/*", "/b/*/*/*/*"], ["/?*?*?*"]])
def test_more_wildcards_are_refused(paths: list[str]) -> None:
    assert mistakes(_with_paths(paths)) == [
        (
            f"fitness-platform:compute.services.auth.paths: found {json.dumps(paths)}; "
            "allowed: patterns with 5 of * and ? or fewer, all together"
        )
    ]


def _with_paths(paths: list[str]) -> dict[str, Any]:
    return stack_of(compute={"services": {"auth": {"paths": paths}}})


def test_limits_are_those_of_aws() -> None:
    assert (MAX_ORIGIN_TOKENS + MAX_PATHS, TARGET_GROUP_NAME_LENGTH) == (5, 32)


def test_functions_call_services_by_an_address_and_may_by_its_arn() -> None:
    naming = Naming(environment="prod", account_id="444455556666", region="eu-west-1")
    assert internal_url("fit.example", "payment") == "https://api-origin.fit.example/internal/payment"
    assert internal_call_arn(naming, "POST", "payment") == (
        "arn:aws:execute-api:eu-west-1:444455556666:*/live/POST/internal/payment/*"
    )


def test_internal_calls_are_routed_by_the_gateway() -> None:
    services = load(stack_of()).compute.services
    assert [name for name, service in services.items() if "/internal/*" in service.paths] == ["api-gateway"]
