from typing import Any

import pytest

from components import SettingsError, StackSettings
from components.observability_layer import ERROR_ROUTER_CONCURRENCY
from components.routes import Route
from tests.components.reading import DNS, EDGE, PLATFORM, load, mistakes, stack_of

_BLOCK = "an IPv4 block that starts at its first address, such as 10.0.0.0/16"
_LETTERS = "'a', 'b', 'c', 'd', 'e' or 'f'"
_PERIODS = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653"
_TAG_CHARACTERS = "letters, digits, spaces and _ . : / = + @ -"


def test_a_stack_with_the_least_that_must_be_said() -> None:
    settings = load(stack_of())
    assert (settings.region, settings.platform.environment) == ("us-east-1", "dev")
    assert settings.platform.protect_stateful_resources is True
    assert settings.platform.tags == {}
    assert settings.network == type(settings.network)()
    assert settings.naming.name("vpc") == "fitness-platform-dev-vpc"


def test_a_stack_with_everything_said() -> None:
    platform = {**PLATFORM, "protectStatefulResources": False, "tags": {"CostCenter": "a/b 4"}}
    settings = load(stack_of(platform=platform, network={"natMode": "none"}) | {"aws:region": "eu-west-1"})
    assert settings.platform.protect_stateful_resources is False
    assert settings.naming.default_tags["CostCenter"] == "a/b 4"
    assert settings.naming.zone("a") == "eu-west-1a"
    assert settings.network.nat_mode == "none"


def test_routes_lead_to_the_services_that_run() -> None:
    compute = {
        "services": {"ai": {"imageTag": "1", "healthCheckPath": "/ready"}},
        "backendProtocol": "HTTP",
        "deploymentStrategy": "rolling",
    }
    assert load(stack_of(compute=compute)).routes == (
        Route(
            service="ai",
            paths=("/ai/*",),
            priority=500,
            port=8443,
            protocol="HTTP",
            health_check_path="/ready",
            stateful=True,
            two_groups=False,
        ),
    )


def test_keys_of_other_namespaces_are_left_alone() -> None:
    load(stack_of() | {"pulumi:disable-default-providers": ["aws"], "aws:profile": "x", "other:thing": "1"})


PLATFORM_MISTAKES: list[tuple[dict[str, Any], str]] = [
    (
        {"environment": "Prod"},
        'environment: found "Prod"; allowed: 2 to 8 lower-case letters and digits, a letter first',
    ),
    ({"environment": "p"}, 'environment: found "p"; allowed: 2 to 8 lower-case letters and digits, a letter first'),
    ({"environment": True}, "environment: found true; allowed: 2 to 8 lower-case letters and digits, a letter first"),
    ({"accountId": 111122223333}, "accountId: found 111122223333; allowed: 12 digits in quotes"),
    ({"accountId": 11122223333.0}, "accountId: found 11122223333; allowed: 12 digits in quotes"),
    ({"accountId": "1111"}, 'accountId: found "1111"; allowed: 12 digits in quotes'),
    ({"accountId": None}, "accountId: found nothing; allowed: 12 digits in quotes"),
    ({"protectStatefulResources": "yes"}, 'protectStatefulResources: found "yes"; allowed: true or false'),
    ({"protectStatefulResources": 1}, "protectStatefulResources: found 1; allowed: true or false"),
    ({"tags": ["a"]}, 'tags: found ["a"]; allowed: an object'),
    ({"tags": {"Team": 5}}, f"tags.Team: found 5; allowed: text of up to 256 {_TAG_CHARACTERS}"),
    ({"tags": {"a*": "b"}}, f'tags.a*: found "a*"; allowed: a key of 1 to 128 {_TAG_CHARACTERS}'),
    (
        {"tags": {"Project": "x"}},
        'tags.Project: found "x"; allowed: tags other than Environment, ManagedBy, Name, Project and those of aws:',
    ),
    (
        {"tags": {"AWS:x": "y"}},
        'tags.AWS:x: found "y"; allowed: tags other than Environment, ManagedBy, Name, Project and those of aws:',
    ),
    (
        {"tags": {"project": "x"}},
        'tags.project: found "x"; allowed: tags other than Environment, ManagedBy, Name, Project and those of aws:',
    ),
    ({"tags": {"a": "x", "A": "y"}}, 'tags.A: found "y"; allowed: a key that differs from a by more than case'),
    ({"tags": {f"k{n}": "" for n in range(47)}}, 'tags: found "47 tags"; allowed: 46 or fewer'),
    (
        {"a\nb\u202e": 1},
        (
            "a\\nb\\u202e: unknown setting; "
            "known are accountId, accountSettings, environment, protectStatefulResources, role, tags"
        ),
    ),
    (
        {"environment": "\u202eé"},
        'environment: found "\\u202e\\u00e9"; allowed: 2 to 8 lower-case letters and digits, a letter first',
    ),
    ({"acountId": "1"}, "acountId: unknown setting; did you mean accountId?"),
    (
        {"x": 1},
        "x: unknown setting; known are accountId, accountSettings, environment, protectStatefulResources, role, tags",
    ),
]


@pytest.mark.parametrize(("changes", "message"), PLATFORM_MISTAKES, ids=[row[1] for row in PLATFORM_MISTAKES])
def test_mistakes_of_the_platform(changes: dict[str, Any], message: str) -> None:
    assert mistakes(stack_of(platform=PLATFORM | changes)) == [f"fitness-platform:platform.{message}"]


NETWORK_MISTAKES: list[tuple[Any, str]] = [
    ([], ": found []; allowed: an object"),
    ("10.0.0.0/16", ': found "10.0.0.0/16"; allowed: an object'),
    (None, ": found nothing; allowed: an object"),
    ({"natmode": "none"}, ".natmode: unknown setting; did you mean natMode?"),
    ({"subnetCidrs": {"publc": {}}}, ".subnetCidrs.publc: unknown setting; did you mean public?"),
    ({"subnetCidrs": {"x": {}}}, ".subnetCidrs.x: unknown setting; known are data, private, public"),
    ({"subnetCidrs": []}, ".subnetCidrs: found []; allowed: an object"),
    ({"subnetCidrs": {"public": 5}}, ".subnetCidrs.public: found 5; allowed: an object"),
    ({"subnetCidrs": {"public": {"z": "10.0.0.0/24"}}}, f'.subnetCidrs.public.z: found "z"; allowed: {_LETTERS}'),
    ({"subnetCidrs": {"data": {"a": 5}}}, f".subnetCidrs.data.a: found 5; allowed: {_BLOCK}"),
    ({"vpcCidr": 10}, f".vpcCidr: found 10; allowed: {_BLOCK}"),
    ({"peerCidrs": ["10.9.0.0/16", "x"]}, f'.peerCidrs.1: found "x"; allowed: {_BLOCK}'),
    ({"peerCidrs": "10.9.0.0/16"}, '.peerCidrs: found "10.9.0.0/16"; allowed: a list'),
    ({"availabilityZones": "a"}, '.availabilityZones: found "a"; allowed: a list'),
    ({"availabilityZones": {"a": 1}}, '.availabilityZones: found {"a": 1}; allowed: a list'),
    ({"availabilityZones": ["a"]}, '.availabilityZones: found ["a"]; allowed: 2 or more entries'),
    (
        {"availabilityZones": ["a", "b", "c", "d"]},
        '.availabilityZones: found ["a", "b", "c", "d"]; allowed: 3 entries or fewer',
    ),
    ({"availabilityZones": ["a", "z"]}, f'.availabilityZones.1: found "z"; allowed: {_LETTERS}'),
    ({"natMode": "perAZ"}, ".natMode: found \"perAZ\"; allowed: 'none', 'single' or 'perAz'"),
    ({"natMode": None}, ".natMode: found nothing; allowed: 'none', 'single' or 'perAz'"),
    ({"gatewayEndpoints": ["sqs"]}, ".gatewayEndpoints.0: found \"sqs\"; allowed: 's3' or 'dynamodb'"),
    (
        {"interfaceEndpoints": ["com amazon"]},
        (
            '.interfaceEndpoints.0: found "com amazon"; '
            "allowed: the last part of an endpoint service's name, such as ecr.api"
        ),
    ),
    ({"flowLogRetentionDays": 31}, f".flowLogRetentionDays: found 31; allowed: {_PERIODS}"),
    ({"flowLogRetentionDays": "30"}, f'.flowLogRetentionDays: found "30"; allowed: {_PERIODS}'),
    ({"flowLogRetentionDays": True}, f".flowLogRetentionDays: found true; allowed: {_PERIODS}"),
    ({"flowLogAggregationSeconds": 61}, ".flowLogAggregationSeconds: found 61; allowed: 60 or 600"),
]


@pytest.mark.parametrize(("section", "message"), NETWORK_MISTAKES, ids=[row[1] for row in NETWORK_MISTAKES])
def test_mistakes_of_the_network(section: Any, message: str) -> None:
    assert mistakes(stack_of(network=section)) == [f"fitness-platform:network{message}"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"aws:region": "cn-north-1"}, 'found "cn-north-1"'),
        ({"aws:region": "us-gov-west-1"}, 'found "us-gov-west-1"'),
        ({"aws:region": "us-elsewhere-1"}, 'found "us-elsewhere-1"'),
        ({"aws:region": "us-east-1a"}, 'found "us-east-1a"'),
        ({"aws:region": None}, 'found "null"'),
    ],
)
def test_regions_of_other_partitions_are_refused(changes: dict[str, Any], message: str) -> None:
    assert mistakes(stack_of() | changes) == [
        f"aws:region: {message}; allowed: a region of the partition aws, such as us-east-1"
    ]


def test_what_must_be_given_and_is_missing() -> None:
    assert mistakes({}) == [
        "aws:region: missing; allowed: a region of the partition aws, such as us-east-1",
        "fitness-platform:platform: missing; allowed: an object",
        "fitness-platform:dns: missing; allowed: an object",
    ]
    assert mistakes(stack_of(platform={})) == [
        (
            "fitness-platform:platform.environment: missing; "
            "allowed: 2 to 8 lower-case letters and digits, a letter first"
        ),
        "fitness-platform:platform.accountId: missing; allowed: 12 digits in quotes",
    ]


_SECTIONS = ", ".join(
    sorted(field.alias or name for name, field in StackSettings.model_fields.items() if name != "region")
)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("fitness-platform:netwrok", "unknown setting; did you mean network?"),
        (
            "fitness-platform:region",
            f"unknown setting; known are {_SECTIONS}",
        ),
        ("fitness-platfrom:network", "unknown setting; did you mean fitness-platform:network?"),
    ],
)
def test_unknown_sections(key: str, message: str) -> None:
    assert mistakes(stack_of() | {key: {}}) == [f"{key}: {message}"]


@pytest.mark.parametrize("key", ["aws:region", "fitness-platform:platform", "fitness-platform:network"])
def test_a_secret_among_the_settings_is_refused_by_name_alone(key: str) -> None:
    values = stack_of(network={"natMode": "hunter2"})
    if key == "aws:region":
        values |= {key: "hunter2", "fitness-platform:network": {}}
    elif key == "fitness-platform:platform":
        values |= {key: {"environment": "hunter2"}, "fitness-platform:network": {}}
    assert mistakes(values, secrets=[key]) == [
        f"{key}: found a secret; allowed: plain values, as nothing in this object is secret"
    ]


def test_all_mistakes_at_once() -> None:
    values = stack_of(platform={"environment": "dev"}, network={"natMode": "x", "vpcCidr": 1}, cahce={})
    values["aws:region"] = "mars"
    assert [message.split(": ")[0] for message in mistakes(values)] == [
        "fitness-platform:cahce",
        "aws:region",
        "fitness-platform:platform.accountId",
        "fitness-platform:network.vpcCidr",
        "fitness-platform:network.natMode",
    ]


@pytest.mark.parametrize(("section", "count"), [({"natMode": "x"}, "1 mistake"), ({"a1": 1, "b1": 2}, "2 mistakes")])
def test_the_error_counts_and_names_the_stack(section: dict[str, Any], count: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(stack_of(network=section))
    assert str(caught.value).splitlines()[0] == f"{count} in the configuration of stack dev:"
    assert str(caught.value).splitlines()[1:] == [f"  {problem}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    "text", ['{"natMode": "\\ud800"}', "[" * 100_000, "[" * 250 + "]" * 250, '{"natMode": ' + "9" * 5000 + "}"]
)
def test_what_json_can_not_hold_is_one_short_line(text: str) -> None:
    [mistake] = mistakes(stack_of() | {"fitness-platform:network": text})
    assert mistake.startswith('fitness-platform:network: found "')
    assert mistake.endswith("; allowed: an object")
    assert len(mistake) < 300


@pytest.mark.parametrize("address", ["a b@example.com", "a::b@example.com", "a\u0000@example.com", "a@b", "a@b.c\n"])
def test_addresses_that_can_not_be_mailed(address: str) -> None:
    [mistake] = mistakes(stack_of(security={"alertEmails": [address]}))
    assert mistake.startswith("fitness-platform:security.alertEmails.0: found ")
    assert mistake.endswith("; allowed: an e-mail address")


def test_an_address_given_twice() -> None:
    assert mistakes(stack_of(security={"alertEmails": ["a@example.com", "b@example.com", "a@example.com"]})) == [
        'fitness-platform:security.alertEmails.2: found "a@example.com"; allowed: each of alertEmails once'
    ]


def test_functions_together_leave_the_account_its_share() -> None:
    left = load(stack_of()).async_.left - ERROR_ROUTER_CONCURRENCY
    assert mistakes(stack_of(api={"authorizerConcurrency": left + 1})) == [
        (
            f"fitness-platform:api.authorizerConcurrency: found {left + 1}; allowed: {left} or fewer, "
            "which async.queues and async.lambdaConcurrencyLimit leave"
        )
    ]
    assert load(stack_of(api={"authorizerConcurrency": left})).api.authorizer_concurrency == left


def test_what_copies_errors_has_its_share_of_the_account() -> None:
    most = load(stack_of()).async_.taken + 100
    assert mistakes(stack_of(api={"authorizerConcurrency": None}, **{"async": {"lambdaConcurrencyLimit": most}})) == [
        (
            f"fitness-platform:async.lambdaConcurrencyLimit: found {most}; allowed: {most + ERROR_ROUTER_CONCURRENCY} "
            f"or more, as {ERROR_ROUTER_CONCURRENCY} are reserved for what copies errors"
        )
    ]


def test_a_packaging_origin_is_not_named_where_the_stack_declares_all_records() -> None:
    def named(name: str) -> dict[str, Any]:
        return {**EDGE, "videoCdn": {"provider": "bunny", "hostname": "fitness.b-cdn.net", "originHostname": name}}

    assert mistakes(stack_of(dns=DNS, edge=named("vod.dev.fitness.example"))) == [
        (
            'fitness-platform:edge.videoCdn.originHostname: found "vod.dev.fitness.example"; '
            "allowed: a name not right below dev.fitness.example, where this stack alone declares records"
        )
    ]
    edge = load(stack_of(dns=DNS, edge=named("vod.video.dev.fitness.example"))).edge
    assert edge is not None
    assert edge.video_cdn is not None
