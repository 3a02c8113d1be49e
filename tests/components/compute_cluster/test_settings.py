from typing import Any

import pytest

from components import ComputeSettings
from components.compute_cluster.task_settings import (
    BacklogSettings,
    ScalingSettings,
    ServiceSettings,
    WorkerSettings,
)
from components.settings_base import KeepsAdr
from tests.components.reading import load, mistakes, stack_of

_SIX = ("api-gateway", "auth", "training", "content", "payment", "ai")
_CHAT = {"paths": ["/chat/*"], "priority": 50}


def _compute(**changes: Any) -> ComputeSettings:
    return load(stack_of(compute=changes)).compute


@pytest.mark.parametrize("model", [ComputeSettings, ServiceSettings, WorkerSettings, ScalingSettings, BacklogSettings])
def test_defaults_keep_the_decision(model: Any) -> None:
    for name, field in model.model_fields.items():
        for marker in (item for item in field.metadata if isinstance(item, KeepsAdr)):
            # No default can name an image that a team has built.
            assert marker.holds(field.default) or (model, name) == (ComputeSettings, "image_tag"), name


def test_the_six_are_there_without_a_word() -> None:
    services = _compute().services
    assert tuple(services) == _SIX
    assert all((one.cpu, one.memory_mib, one.min_per_az) == (512, 1024, 2) for one in services.values())
    assert [name for name, one in services.items() if one.stateful] == ["ai"]
    assert list(_compute().workers) == ["background"]


def test_a_block_changes_only_what_it_says() -> None:
    scaling = {"cpuTarget": 60, "schedules": []}
    auth = _compute(services={"auth": {"cpu": 256, "scaling": scaling}}).services["auth"]
    usual = _compute().services["auth"]
    assert auth == usual.model_copy(
        update={"cpu": 256, "scaling": usual.scaling.model_copy(update={"cpu_target": 60, "schedules": ()})}
    )


def test_any_other_name_is_a_further_service() -> None:
    services = _compute(services={"chat": _CHAT}).services
    assert tuple(services) == (*_SIX, "chat")
    assert (services["chat"].paths, services["chat"].priority) == (("/chat/*",), 50)


def test_workers_can_be_replaced_and_left_out() -> None:
    assert _compute(workers={}).workers == {}
    assert list(_compute(workers={"mail": {}}).workers) == ["mail"]


def test_images_are_named_by_tag_or_digest() -> None:
    digest = "sha256:" + "0" * 64
    settings = _compute(
        imageTag="1.0.0", services={"auth": {"imageTag": "2.0.0"}, "ai": {"imageTag": "3", "imageDigest": digest}}
    )
    found = {name: settings.image_reference(service) for name, service in settings.services.items()}
    assert found == dict.fromkeys(_SIX, ":1.0.0") | {"auth": ":2.0.0", "ai": f"@{digest}"}


def test_without_an_image_nothing_runs() -> None:
    settings = _compute(services={"auth": {"imageTag": "1"}})
    assert (list(settings.running_services), list(settings.running_workers)) == (["auth"], [])


_TASK_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"cpu": 128}, "cpu: found 128; allowed: 256, 512 or 1024"),
    ({"cpu": True}, "cpu: found true; allowed: 256, 512 or 1024"),
    ({"cpu": "512"}, 'cpu: found "512"; allowed: 256, 512 or 1024'),
    ({"memoryMib": 768}, "memoryMib: found 768; allowed: 512, 1024 or 2048"),
    ({"memoryMib": 512}, "memoryMib: found 512; allowed: 1024 or 2048 where cpu is 512"),
    ({"cpu": 1024}, "memoryMib: found 1024; allowed: 2048 where cpu is 1024"),
    ({"imageTag": "latest"}, 'imageTag: found "latest"; allowed: a tag other than latest'),
    (
        {"imageTag": "a b"},
        'imageTag: found "a b"; allowed: a tag of up to 128 letters, digits and . _ -, such as 1.4.2',
    ),
    (
        {"imageDigest": "sha256:abc"},
        'imageDigest: found "sha256:abc"; allowed: sha256: and 64 hexadecimal digits in lower case',
    ),
    (
        {"environment": {"lower": "x"}},
        'environment.lower: found "lower"; allowed: capital letters, digits and _, no digit first',
    ),
    ({"environment": {"SIZE": 5}}, "environment.SIZE: found 5; allowed: text in quotes"),
    (
        {"environment": {"DATABASE_HOST": "x"}},
        (
            'environment.DATABASE_HOST: found "DATABASE_HOST"; '
            "allowed: names without AWS_, BUCKET_, CACHE_, DATABASE_, ECS_, OTEL_, QUEUE_, RATE_LIMIT_, SEARCH_, "
            "STREAM_ in front"
        ),
    ),
    (
        {"secrets": {"OTEL_X": "x"}},
        (
            'secrets.OTEL_X: found "OTEL_X"; '
            "allowed: names without AWS_, BUCKET_, CACHE_, DATABASE_, ECS_, OTEL_, QUEUE_, RATE_LIMIT_, SEARCH_, "
            "STREAM_ in front"
        ),
    ),
    (
        {"secrets": {"STRIPE": "stripe key"}},
        (
            'secrets.STRIPE: found "stripe key"; '
            "allowed: the name of a secret: up to 256 letters, digits and / _ + = . @ -"
        ),
    ),
    (
        {"secrets": {"STRIPE": "stripe-abcdef"}},
        (
            'secrets.STRIPE: found "stripe-abcdef"; '
            "allowed: a name without a hyphen and six characters at its end, which Secrets Manager takes for its own"
        ),
    ),
    (
        {"environment": {"STRIPE": "x"}, "secrets": {"STRIPE": "stripe"}},
        'secrets.STRIPE: found "STRIPE"; allowed: a variable that environment doesn\'t have',
    ),
    ({"healthCheckCommand": ""}, 'healthCheckCommand: found ""; allowed: a command for the shell, on one line'),
    ({"scaling": {"cpuTarget": 5}}, "scaling.cpuTarget: found 5; allowed: greater than or equal to 10"),
    ({"scaling": {"cputarget": 5}}, "scaling.cputarget: unknown setting; did you mean cpuTarget?"),
    ({"memory": 512}, "memory: unknown setting; did you mean memoryMib?"),
]


@pytest.mark.parametrize(("changes", "message"), _TASK_MISTAKES, ids=[row[1] for row in _TASK_MISTAKES])
@pytest.mark.parametrize(("place", "name"), [("services", "auth"), ("services", "chat"), ("workers", "background")])
def test_mistakes_of_tasks(place: str, name: str, changes: dict[str, Any], message: str) -> None:
    block = (_CHAT if name == "chat" else {}) | changes
    [mistake] = mistakes(stack_of(compute={place: {name: block}}))
    assert mistake.startswith(f"fitness-platform:compute.{place}.{name}.{message}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "x"),
        ("STRIPE_API_KEY", "x"),
        ("SESSION_TOKEN", "x"),
        ("JWT_SIGNINGKEY", "x"),
        ("UPSTREAM", "https://me:hunter2@example.com"),
        ("KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("CERTIFICATE", "-----BEGIN PRIVATE KEY-----"),
        ("BEARER", "eyJhbGciOi.eyJzdWIi.x"),
    ],
)
def test_secrets_among_plain_variables_are_refused_by_name_alone(name: str, value: str) -> None:
    assert mistakes(stack_of(compute={"services": {"auth": {"environment": {name: value}}}})) == [
        (
            f'fitness-platform:compute.services.auth.environment.{name}: found "{name}"; '
            "allowed: what is not secret; secrets are named below secrets"
        )
    ]


def _schedule(**changes: Any) -> dict[str, Any]:
    return {"name": "peak", "cron": "0 6 * * ? *", "minPerAz": 4} | changes


_CRON = "six fields, from minute, hour and day of the month to month, day of the week and year, such as 0 6 * * ? *"
_SERVICE_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"priority": 0}, "priority: found 0; allowed: greater than or equal to 1"),
    ({"priority": 50_000}, "priority: found 50000; allowed: less than or equal to 49999"),
    ({"priority": 200}, "priority: found 200; allowed: a priority that no other has; it is that of training"),
    ({"paths": []}, "paths: found []; allowed: 1 to 3 entries"),
    ({"paths": ["/a", "/b", "/c", "/d"]}, 'paths: found ["/a", "/b", "/c", "/d"]; allowed: 3 entries or fewer'),
    (
        {"paths": ["chat/*"]},
        (
            'paths.0: found "chat/*"; '
            "allowed: a path of up to 128 characters that begins with a slash, * and ? for any, such as /auth/*"
        ),
    ),
    (
        {"paths": ["/ai/*"]},
        'paths.0: found "/ai/*"; allowed: a pattern that no other has; it is one of ai',
    ),
    (
        {"healthCheckPath": "healthz"},
        'healthCheckPath: found "healthz"; allowed: a path that begins with a slash, such as /healthz',
    ),
    (
        {"healthCheckPath": "/x;reboot"},
        'healthCheckPath: found "/x;reboot"; allowed: a path that begins with a slash, such as /healthz',
    ),
    ({"minPerAz": 0}, "minPerAz: found 0; allowed: greater than or equal to 1"),
    (
        {"maxTasks": 5, "scaling": {"schedules": []}},
        "maxTasks: found 5; allowed: more than 6, as minPerAz is 2 in 3 zones",
    ),
    ({"maxTasks": 12}, "scaling.schedules.0.minPerAz: found 4; allowed: up to 3, as maxTasks is 12 in 3 zones"),
    (
        {"scaling": {"schedules": [_schedule(minPerAz=1)]}},
        "scaling.schedules.0.minPerAz: found 1; allowed: minPerAz of the service (2) or more",
    ),
    (
        {"scaling": {"schedules": [_schedule(), _schedule(cron="0 22 * * ? *")]}},
        'scaling.schedules.1.name: found "peak"; allowed: a name that no other schedule has',
    ),
    (
        {"scaling": {"schedules": [_schedule(cron="0 6 * * *")]}},
        f'scaling.schedules.0.cron: found "0 6 * * *"; allowed: {_CRON}',
    ),
    (
        {"scaling": {"schedules": [_schedule(cron="0 6 * * * *")]}},
        (
            'scaling.schedules.0.cron: found "0 6 * * * *"; '
            "allowed: ? as the day of the month or as the day of the week, not as both"
        ),
    ),
    (
        {"scaling": {"schedules": [_schedule(timezone="new york")]}},
        'scaling.schedules.0.timezone: found "new york"; allowed: the time zone of a place, such as America/New_York',
    ),
    (
        {"scaling": {"schedules": [_schedule(minperaz=4)]}},
        "scaling.schedules.0.minperaz: unknown setting; did you mean minPerAz?",
    ),
    ({"scaling": {"schedules": [{}]}}, "scaling.schedules.0.name: missing; allowed: lower-case letters"),
    ({"scaling": {"stepCpu": 70}}, "scaling.stepCpu: found 70; allowed: greater than or equal to 75"),
]


@pytest.mark.parametrize(("changes", "message"), _SERVICE_MISTAKES, ids=[row[1] for row in _SERVICE_MISTAKES])
def test_mistakes_of_services(changes: dict[str, Any], message: str) -> None:
    found = mistakes(stack_of(compute={"services": {"chat": _CHAT | changes}}))
    assert found[0].startswith(f"fitness-platform:compute.services.chat.{message}")
    assert len(found) == (3 if changes == {"scaling": {"schedules": [{}]}} else 1)


def test_a_further_service_needs_paths_and_a_place() -> None:
    assert mistakes(stack_of(compute={"services": {"chat": {}}})) == [
        "fitness-platform:compute.services.chat.paths: found []; allowed: 1 to 3 entries",
        "fitness-platform:compute.services.chat.priority: found nothing; allowed: 1 to 49999, each once",
    ]


@pytest.mark.parametrize("name", ["Chat", "chat_room", "-chat", "chat-", "chat--room", "1chat", ""])
@pytest.mark.parametrize("place", ["services", "workers"])
def test_names(place: str, name: str) -> None:
    block = _CHAT if place == "services" else {}
    [mistake] = mistakes(stack_of(compute={place: {name: block}}))
    assert mistake == (
        f'fitness-platform:compute.{place}.{name}: found "{name}"; '
        "allowed: lower-case letters, digits and single hyphens, a letter first"
    )


_CLUSTER_MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"imageTag": "latest"}, 'imageTag: found "latest"; allowed: a tag other than latest'),
    ({"deploymentStrategy": "canary"}, "deploymentStrategy: found \"canary\"; allowed: 'blueGreen' or 'rolling'"),
    ({"backendProtocol": "http"}, "backendProtocol: found \"http\"; allowed: 'HTTPS' or 'HTTP'"),
    ({"bakeMinutes": 1441}, "bakeMinutes: found 1441; allowed: less than or equal to 1440"),
    ({"logRetentionDays": 91}, "logRetentionDays: found 91; allowed: 1, 3, 5"),
    ({"traceSampleRate": 1.5}, "traceSampleRate: found 1.5; allowed: less than or equal to 1"),
    ({"traceSampleRate": "5%"}, 'traceSampleRate: found "5%"; allowed: a number'),
    (
        {"fargateVcpuQuota": 189},
        "fargateVcpuQuota: found 189; allowed: 190 or more, twice what all tasks need at their maximum",
    ),
    ({"workers": {"ai": {}}}, 'workers.ai: found "ai"; allowed: a name that no service has'),
    ({"workers": {"mail": {"minTasks": 11}}}, "workers.mail.maxTasks: found 10; allowed: more than minTasks (11)"),
    ({"services": []}, "services: found []; allowed: an object"),
    ({"services": {"auth": None}}, "services.auth: found nothing; allowed: an object"),
    ({"servces": {}}, "servces: unknown setting; did you mean services?"),
    (
        {"services": {f"s{n}": {"paths": [f"/s{n}"], "priority": n + 1} for n in range(45)}, "fargateVcpuQuota": 9999},
        'services: found "51 services"; allowed: so few that they need 100 target groups or fewer',
    ),
]


@pytest.mark.parametrize(("changes", "message"), _CLUSTER_MISTAKES, ids=[row[1] for row in _CLUSTER_MISTAKES])
def test_mistakes_of_the_cluster(changes: dict[str, Any], message: str) -> None:
    [mistake] = mistakes(stack_of(compute=changes))
    assert mistake.startswith(f"fitness-platform:compute.{message}")


@pytest.mark.parametrize(
    "changes",
    [
        {"fargateVcpuQuota": 190},
        {"services": {"auth": {"cpu": 256, "memoryMib": 512}, "ai": {"cpu": 1024, "memoryMib": 2048}}},
        {"services": {"auth": {"maxTasks": 13}, "chat": _CHAT | {"maxTasks": 7, "scaling": {"schedules": []}}}},
        {"services": {"auth": {"environment": {"KEYBOARD": "x", "TOKYO": "https://example.com:443/a"}}}},
        {"services": {"auth": {"secrets": {"STRIPE_KEY": "payments/stripe-key"}, "scaling": {"stepCpu": None}}}},
        {"traceSampleRate": 0, "bakeMinutes": 0, "workers": {"mail": {"spot": False, "minTasks": 9}}},
    ],
)
def test_bounds_are_allowed(changes: dict[str, Any]) -> None:
    load(stack_of(compute=changes))
