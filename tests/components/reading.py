"""What the tests of components read: settings from YAML values, and what single resources of a topology say."""

import contextvars
import json
from collections.abc import Iterable
from typing import Any

import pytest
from pulumi.runtime import set_all_config

from components import SettingsError, StackSettings, load_settings
from preview.topology import Topology, plain
from tests.support.editing import UNKNOWN, urn_of

PLATFORM = {"environment": "dev", "accountId": "111122223333"}
DNS = {"domain": "dev.fitness.example", "hostedZoneId": "Z0EXAMPLE0DEV"}

VIDEO_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA514OlxKmOR6G5C3BJkQzlKzGq80io58nNwkmhmJH0uv8CyWj0E0wdq"
    "cp5fSIHwPAbkPvD2zLlIdPy3rogRvm/rRmux+6wjWSxLCH2YL8N3wNqE6T+SwGxS+faQdzI4A6AfsHGBvxPlKmtpoEpLdl1FFm"
    "zWKPlC6U4vmItomoBOQn7h/APewvBiSEyBy7TlbvdMJfvPnE7+iVZ3gwS8JyDtUiCD4cM+Zz6Q1/iKhX86bQZS2AH+O2zD2Avm"
    "qlfj4eI6fvfe4RakcqEcNbMIJvSEKcGkWTFoTb8tTA3ZwJJhrTR4zGLzegYdxwNmwehvk5gAUR3yEjQQftBGBmJfMENwIDAQAB"
)
EDGE = {"videoKeys": {"2026-11": VIDEO_KEY}}


def load(values: dict[str, Any], secrets: Iterable[str] = ()) -> StackSettings:
    """Return the settings of a stack whose configuration is ``values``, objects among them as the engine gives them."""

    def run() -> StackSettings:
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        set_all_config(texts, list(secrets))
        return load_settings()

    return contextvars.copy_context().run(run)


def stack_of(**sections: Any) -> dict[str, Any]:
    """Return a configuration that is right but for ``sections``."""
    own = {
        f"fitness-platform:{name}": value
        for name, value in ({"platform": PLATFORM, "dns": DNS, "edge": EDGE} | sections).items()
    }
    return {"aws:region": "us-east-1", **own}


def mistakes(values: dict[str, Any], secrets: Iterable[str] = ()) -> list[str]:
    """Return the message of each mistake in a configuration."""
    with pytest.raises(SettingsError) as caught:
        load(values, secrets)
    return caught.value.problems


def inputs(topology: Topology, name: str) -> dict[str, Any]:
    """Return the known inputs of the resource called ``name`` less its tags, policies as objects."""
    found: dict[str, Any] = plain(topology.resources[urn_of(topology, name)].inputs)
    return {
        key: json.loads(str(value)) if key in ("policy", "assumeRolePolicy") else value
        for key, value in found.items()
        if key != "tags" and value != UNKNOWN and UNKNOWN not in (value if isinstance(value, list) else ())
    }


def references(topology: Topology, name: str) -> dict[str, list[str]]:
    """Return the names of the resources that each property of the resource called ``name`` refers to."""
    resource = topology.resources[urn_of(topology, name)]
    return {key: [_name(urn) for urn in urns] for key, urns in resource.property_dependencies.items()}


def waits_for(topology: Topology, name: str) -> set[str]:
    """Return what the resource called ``name`` depends on besides what its properties refer to."""
    resource = topology.resources[urn_of(topology, name)]
    referred = {urn for urns in resource.property_dependencies.values() for urn in urns}
    return {_name(urn) for urn in set(resource.dependencies) - referred}


def names(topology: Topology, kind: str) -> set[str]:
    """Return the names of all resources of a type, by the type's last part."""
    return {found.name for found in topology.resources.values() if found.type.rpartition(":")[2] == kind}


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
