"""Secrets of a stack: given by ``pulumi config set --secret``, needed by an update and never by a preview."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import is_dry_run
from pulumi.runtime.config import is_config_secret

from components.naming import PROJECT

SECRETS: Mapping[str, str] = {
    "databaseMasterPassword": "password of the database's owner",
    "databaseAppPassword": "password that services log in to the database with",
}
"""Configuration keys that hold secrets, and what each is."""


def missing_secrets() -> list[str]:
    """Return a line for each secret that an update needs and the stack doesn't have, or has in plain text."""
    problems: list[str] = []
    config = pulumi.Config(PROJECT)
    for key, meaning in SECRETS.items():
        command = f"set it by: pulumi config set --secret {key}"
        if config.get(key) is None:
            if not is_dry_run():
                problems.append(f"{PROJECT}:{key}: missing, the {meaning}; {command}")
        elif is_dry_run() and not is_config_secret(f"{PROJECT}:{key}"):  # every update begins with a preview
            problems.append(f"{PROJECT}:{key}: found plain text, not a secret; {command}")
    return problems


def secret(key: str) -> pulumi.Output[str]:
    """Return a secret. A preview of a stack that doesn't have it yet gets one that is not known."""
    return pulumi.Config(PROJECT).get_secret(key) or _unknown()


def _unknown() -> pulumi.Output[str]:
    async def resolved(value: Any) -> Any:
        return value

    return pulumi.Output(
        resources=asyncio.ensure_future(resolved(set[pulumi.Resource]())),
        future=asyncio.ensure_future(resolved(None)),
        is_known=asyncio.ensure_future(resolved(False)),
        is_secret=asyncio.ensure_future(resolved(True)),
    )
