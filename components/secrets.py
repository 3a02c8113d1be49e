"""Secrets of a stack: given by ``pulumi config set --secret``, needed by an update and never by a preview."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi.runtime import is_dry_run
from pulumi.runtime.config import is_config_secret

from components.naming import PROJECT
from components.settings_base import Form

# The load balancer takes * and ? for wildcards, and compares without case.
_TOKEN = Form(r"^[A-Za-z0-9_-]{32,128}$", "32 to 128 letters, digits, _ and -")


@dataclass(frozen=True, slots=True)
class SecretSpec:
    """What a secret is, and what an update demands of it."""

    meaning: str
    required: bool = True
    form: Form | None = None


# Amazon MQ takes no commas, colons and equals signs.
_BROKER_PASSWORD = Form(r"^[A-Za-z0-9_-]{16,128}$", "16 to 128 letters, digits, _ and -")

SECRETS: Mapping[str, SecretSpec] = {
    "databaseMasterPassword": SecretSpec("password of the database's owner"),
    "databaseAppPassword": SecretSpec("password that services log in to the database with"),
    "rabbitmqPassword": SecretSpec("password of the broker's user", required=False, form=_BROKER_PASSWORD),
    "originVerifyToken": SecretSpec("token by which the load balancer knows requests of the edge", form=_TOKEN),
    "originVerifyTokenPrevious": SecretSpec("token that it also takes while they rotate", required=False, form=_TOKEN),
}
"""The configuration keys that hold secrets."""


OF_PRIMARY = ("databaseMasterPassword", "databaseAppPassword")
"""Secrets that a standby has from its primary, as copies or with the database itself."""


def missing_secrets(*, standby: bool) -> list[str]:
    """Return a line for each secret that is missing, in plain text, or not in its form; never with its value."""
    problems: list[str] = []
    config = pulumi.Config(PROJECT)
    for key, spec in SECRETS.items():
        command = f"set it by: pulumi config set --secret {key}"
        value = config.get(key)
        if value is None:
            if spec.required and not (standby and key in OF_PRIMARY) and not is_dry_run():
                problems.append(f"{PROJECT}:{key}: missing, the {spec.meaning}; {command}")
        elif is_dry_run():  # every update begins with a preview, and the offline one has stand-ins for values
            if not is_config_secret(f"{PROJECT}:{key}"):
                problems.append(f"{PROJECT}:{key}: found plain text, not a secret; {command}")
        elif spec.form and not re.fullmatch(spec.form.pattern, value):
            problems.append(f"{PROJECT}:{key}: found a secret of another form; allowed: {spec.form.words}; {command}")
    return problems


def absent_secrets(*keys: str) -> list[str]:
    """Return a line for each secret of ``keys`` that an update lacks: those that only some settings ask for."""
    config = pulumi.Config(PROJECT)
    return [
        f"{PROJECT}:{key}: missing, the {SECRETS[key].meaning}; set it by: pulumi config set --secret {key}"
        for key in keys
        if config.get(key) is None and not is_dry_run()
    ]


def secret(key: str) -> pulumi.Output[str]:
    """Return a secret. A preview of a stack that doesn't have it yet gets one that is not known."""
    return pulumi.Config(PROJECT).get_secret(key) or _unknown()


def origin_tokens() -> tuple[pulumi.Output[str], ...]:
    """Return the tokens that the load balancer takes: the present one, and the previous one while they rotate."""
    previous = pulumi.Config(PROJECT).get_secret("originVerifyTokenPrevious")
    return (secret("originVerifyToken"), *([previous] if previous else []))


def _unknown() -> pulumi.Output[str]:
    async def resolved(value: Any) -> Any:
        return value

    return pulumi.Output(
        resources=asyncio.ensure_future(resolved(set[pulumi.Resource]())),
        future=asyncio.ensure_future(resolved(None)),
        is_known=asyncio.ensure_future(resolved(False)),
        is_secret=asyncio.ensure_future(resolved(True)),
    )
