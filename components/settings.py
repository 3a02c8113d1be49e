"""The settings of a whole stack, read once from Pulumi's configuration."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args

import pulumi
from pulumi.runtime.config import CONFIG
from pydantic import Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from components.naming import PROJECT, Naming
from components.network_layer import NetworkSettings
from components.settings_base import Conflict, KeepsAdr, Settings

_NAMESPACE = f"{PROJECT}:"
_OWN_TAGS = ("Environment", "ManagedBy", "Name", "Project")


class PlatformSettings(Settings):
    """Which account and environment the stack is: ``fitness-platform:platform``."""

    environment: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z][a-z0-9]{1,11}$"),
        KeepsAdr("dr-iac-git", "any", lambda _: True),
    ] = Field(
        description=(
            "Name of the environment, 2 to 12 lower-case letters and digits. It is part of every physical name: "
            "changing it replaces everything."
        ),
    )
    account_id: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{12}$"),
        KeepsAdr("dr-iac-git", "any", lambda _: True),
    ] = Field(description="The AWS account, 12 digits in quotes. An update with credentials of another one is refused.")
    protect_stateful_resources: Annotated[
        bool,
        KeepsAdr("dr-config-secrets-manager", "true", lambda protected: protected is True),
    ] = Field(
        default=True,
        description="Whether resources that hold data or keys refuse to be deleted until they are unprotected.",
    )
    tags: Annotated[
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/=+@ -]+$", max_length=128)],
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/=+@ -]*$", max_length=256)],
        ],
        KeepsAdr("cost-mix", "any", lambda _: True),
    ] = Field(
        default={},
        description="Tags for everything in the stack beside Project, Environment and ManagedBy, such as CostCenter.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield tags that AWS or the platform sets itself."""
        for key, value in self.tags.items():
            if key in _OWN_TAGS or key.lower().startswith("aws:"):
                yield Conflict(("tags", key), value, f"tags other than {', '.join(_OWN_TAGS)} and those of aws:")


class StackSettings(Settings):
    """Everything that a stack's YAML can say. Each field but the region is one object in the project's namespace."""

    region: Annotated[
        str,
        StringConstraints(pattern=r"^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-[0-9]$"),
        KeepsAdr("dr-warm-standby", "any", lambda _: True),
    ] = Field(description="Region of the stack, from aws:region: one of the partition aws, where CloudFront is.")
    platform: PlatformSettings = Field(description="Which account and environment the stack is.")
    network: NetworkSettings = Field(default=NetworkSettings(), description="The VPC and its endpoints.")

    @property
    def naming(self) -> Naming:
        """What things are called in this stack."""
        return Naming(self.platform.environment, self.platform.account_id, self.region, self.platform.tags)


class SettingsError(pulumi.RunError):
    """The stack's YAML holds mistakes. The message has a line for each: its path, what was found, what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(
            "\n".join([f"{count} in the configuration of this stack:", *(f"  {line}" for line in problems)])
        )


def load_settings() -> StackSettings:
    """Read the settings of the running stack.

    :raises SettingsError: with every mistake at once, before any resource is declared.
    """
    config: Mapping[str, Any] = CONFIG.get()  # pulumi.Config reads single keys; unknown ones show only here
    raw: dict[str, Any] = {"region": config.get("aws:region")} if "aws:region" in config else {}
    problems: list[str] = []
    known = [field.alias or name for name, field in StackSettings.model_fields.items() if name != "region"]
    for key in sorted(key for key in config if key.startswith(_NAMESPACE)):
        section = key.removeprefix(_NAMESPACE)
        if section not in known:
            problems.append(f"{key}: unknown setting{_suggest(section, known)}")
            continue
        try:
            raw[section] = json.loads(config[key])
        except ValueError:
            raw[section] = config[key]  # not JSON, so not an object: the model says what it should be
    try:
        settings = StackSettings.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise SettingsError(problems + [_explain(detail) for detail in error.errors()]) from None
    problems += [
        f"{_path(conflict.path)}: found {_show(conflict.found)}; allowed: {conflict.allowed}"
        for conflict in _all_conflicts(settings)
    ]
    if problems:
        raise SettingsError(problems)
    return settings


def _all_conflicts(settings: Settings, path: tuple[str, ...] = ()) -> Iterator[Conflict]:
    for conflict in settings.conflicts():
        yield conflict._replace(path=path + conflict.path)
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, Settings):
            yield from _all_conflicts(value, (*path, field.alias or name))


def _path(parts: tuple[int | str, ...]) -> str:
    section, *keys = (str(part) for part in parts)
    if section == "region":
        return "aws:region"
    return ".".join([_NAMESPACE + section, *(key for key in keys if key != "[key]")])


def _show(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _suggest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(sorted(known))}"


def _model_at(parts: tuple[int | str, ...]) -> type[Settings] | None:
    """Return the settings model that the keys of ``parts`` lead to, if they lead to one."""
    model: type[Settings] | None = StackSettings
    for part in parts:
        fields = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
        kind = fields[str(part)].annotation if part in fields else None
        candidates = [kind, *get_args(kind)]
        model = next((c for c in candidates if isinstance(c, type) and issubclass(c, Settings)), None)
    return model


def _explain(detail: ErrorDetails) -> str:
    path = _path(detail["loc"])
    if detail["type"] == "missing":
        return f"{path}: missing; it has no default"
    if detail["type"] == "extra_forbidden":
        model = _model_at(detail["loc"][:-1])
        known = [field.alias or name for name, field in model.model_fields.items()] if model else []
        return f"{path}: unknown setting{_suggest(str(detail['loc'][-1]), known)}"
    allowed = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{path}: found {_show(detail['input'])}; allowed: {allowed}"
