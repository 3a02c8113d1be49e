"""The settings of a whole stack, read once from Pulumi's configuration."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, from_json

from components.api_layer import ApiSettings
from components.async_layer import BROKER_ZONES, AsyncSettings
from components.cache_layer import CacheSettings
from components.compute_cluster import ComputeSettings, name_conflicts, size_conflicts
from components.database_layer import DatabaseSettings
from components.dns import DnsSettings
from components.edge_layer import EdgeSettings
from components.media_pipeline import MediaSettings
from components.naming import PROJECT, REGION_FORM, Naming
from components.network_layer import NetworkSettings
from components.observability_layer import ERROR_ROUTER_CONCURRENCY, ObservabilitySettings
from components.primary_stack import PrimarySettings
from components.rates import RateSettings
from components.routes import Route
from components.search_layer import SearchSettings
from components.second_region import StandbySettings
from components.secrets import SECRETS, absent_secrets, missing_secrets
from components.security_layer import SecuritySettings
from components.security_layer.security_groups import Ports, Row, table
from components.settings_base import Conflict, Form, KeepsAdr, Settings

_NAMESPACE = f"{PROJECT}:"
_REGION = "aws:region"
_IN_TAGS = "letters, digits, spaces and _ . : / = + @ -"
_OWN_TAGS = ("Environment", "ManagedBy", "Name", "Project")
_MOST_TAGS = 50 - len(_OWN_TAGS)  # AWS takes 50 on a resource
_LONGEST_SHOWN = 200


class PlatformSettings(Settings):
    """Which account and environment the stack is: ``fitness-platform:platform``."""

    environment: Annotated[
        str,
        Form(r"^[a-z][a-z0-9]{1,7}$", "2 to 8 lower-case letters and digits, a letter first"),
    ] = Field(
        examples=["staging", "q7", "longest8"],
        description=(
            "Name of the environment, 2 to 8 lower-case letters and digits. It is part of every physical name: "
            "changing it replaces everything."
        ),
    )
    account_id: Annotated[
        str,
        Form(r"^[0-9]{12}$", "12 digits in quotes"),
    ] = Field(
        examples=["012345678901", "999999999999"],
        description="The AWS account, 12 digits in quotes. An update with credentials of another one is refused.",
    )
    role: Literal["primary", "standby", "promoted"] = Field(
        default="primary",
        description=(
            "What the stack is: the primary; the standby of another stack, which waits elsewhere with a replica of its "
            "database; or a standby that has taken over, since its database was promoted."
        ),
    )
    protect_stateful_resources: Annotated[bool, KeepsAdr("dr-iac-git", "true", bool)] = Field(
        default=True,
        description="Whether resources that hold data or keys refuse to be deleted until they are unprotected.",
    )
    account_settings: Annotated[bool, KeepsAdr("audit-cloudtrail-2y", "true", bool)] = Field(
        default=True,
        description=(
            "Whether the stack declares what an account has once in a region, such as the role by which API Gateway "
            "writes logs and the recorder of AWS Config. One stack does; two would overwrite each other."
        ),
    )
    tags: dict[
        Annotated[str, Form(r"^[A-Za-z0-9_.:/=+@ -]{1,128}$", f"a key of 1 to 128 {_IN_TAGS}")],
        Annotated[str, Form(r"^[A-Za-z0-9_.:/=+@ -]{0,256}$", f"text of up to 256 {_IN_TAGS}")],
    ] = Field(
        default={},
        examples=[{"CostCenter": "a/b 4"}, {"owner:team": "platform@example.com", "Empty": ""}],
        description="Tags for everything in the stack beside Project, Environment and ManagedBy, such as CostCenter.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield tags that AWS or the platform sets itself, that IAM takes for the same, or that are too many."""
        own, seen = {key.lower() for key in _OWN_TAGS}, dict[str, str]()
        for key, value in self.tags.items():
            first = seen.setdefault(key.lower(), key)
            if key.lower() in own or key.lower().startswith("aws:"):
                yield Conflict(("tags", key), value, f"tags other than {', '.join(_OWN_TAGS)} and those of aws:")
            elif first != key:
                yield Conflict(("tags", key), value, f"a key that differs from {first} by more than case")
        if len(self.tags) > _MOST_TAGS:
            yield Conflict(("tags",), f"{len(self.tags)} tags", f"{_MOST_TAGS} or fewer")


class StackSettings(Settings):
    """Everything that a stack's YAML can say. Each field but the region is one object in the project's namespace."""

    region: Annotated[
        str,
        Form(*REGION_FORM),
    ] = Field(
        examples=[
            "us-east-1",
            "us-east-2",
            "ca-central-1",
            "mx-central-1",
            "sa-east-1",
            "eu-west-1",
            "eu-north-1",
            "ap-northeast-3",
            "ap-southeast-4",
            "af-south-1",
        ],
        description="Region of the stack, from aws:region: one of the partition aws, where CloudFront is.",
    )
    platform: PlatformSettings = Field(description="Which account and environment the stack is.")
    security: SecuritySettings = Field(default=SecuritySettings(), description="Keys, alerts and archives.")
    primary: PrimarySettings | None = Field(
        default=None, description="The stack that a standby stands in for; null: the stack is a primary itself."
    )
    standby: StandbySettings = Field(
        default=StandbySettings(), description="The second region, and what is copied to it."
    )
    network: NetworkSettings = Field(default=NetworkSettings(), description="The VPC and its endpoints.")
    database: DatabaseSettings = Field(default=DatabaseSettings(), description="PostgreSQL on RDS.")
    cache: CacheSettings = Field(default=CacheSettings(), description="Redis on ElastiCache.")
    rates: RateSettings = Field(default=RateSettings(), description="How often somebody may ask.")
    media: MediaSettings = Field(default=MediaSettings(), description="Buckets, and what becomes of their objects.")
    search: SearchSettings = Field(default=SearchSettings(), description="The search domain and the events.")
    dns: DnsSettings = Field(description="The domain.")
    api: ApiSettings = Field(default=ApiSettings(), description="The load balancer, the REST API and their web ACL.")
    async_: AsyncSettings = Field(default=AsyncSettings(), alias="async", description="Queues and their processors.")
    compute: ComputeSettings = Field(default=ComputeSettings(), description="Services and workers on Fargate.")
    edge: EdgeSettings | None = Field(
        default=None, description="CloudFront, its web ACL and names, which a primary has and a standby has not."
    )
    observability: ObservabilitySettings = Field(
        default=ObservabilitySettings(), description="What spans layers: the audit trail."
    )

    @property
    def naming(self) -> Naming:
        """What things are called in this stack."""
        return Naming(self.platform.environment, self.platform.account_id, self.region, self.platform.tags)

    @property
    def conversations(self) -> tuple[Row, ...]:
        """Who may talk to whom, as the settings of several layers decide together."""
        return table(
            self.ports,
            east_west=self.security.allow_east_west,
            proxy=self.proxied,
            direct_database=self.database.direct_ecs_access,
            lambda_database=self.security.lambda_database_access,
            broker=self.async_.rabbitmq.enabled,
        )

    @property
    def proxied(self) -> bool:
        """Whether services reach the database through a proxy, which takes no replica for its target.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
        """
        return self.database.proxy and self.platform.role != "standby"

    @property
    def routes(self) -> tuple[Route, ...]:
        """Which requests reach which service: those that run, since a target group without a service serves nobody."""
        return tuple(
            Route(
                service=name,
                paths=service.paths,
                priority=service.priority or 0,  # a service without one is refused before this is asked
                port=self.ports.container,
                protocol=self.compute.backend_protocol,
                health_check_path=service.health_check_path,
                stateful=service.stateful,
                two_groups=self.compute.deployment_strategy == "blueGreen",
            )
            for name, service in self.compute.running_services.items()
        )

    @property
    def tasks_after_failover(self) -> dict[str, tuple[int, int]]:
        """How many tasks each service runs at least and at most, once a standby has taken over."""
        least = self.primary.min_per_az if self.primary else 1
        return {
            name: (max(least, service.min_per_az) * self.zones, service.max_tasks)
            for name, service in self.compute.running_services.items()
        }

    @property
    def zones(self) -> int:
        """How many Availability Zones the stack has."""
        return len(self.network.availability_zones)

    @property
    def ports(self) -> Ports:
        """TCP ports of the table of who may talk to whom."""
        return Ports(postgres=self.database.port)

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what only several sections together can tell."""
        yield from self._role_conflicts()
        if self.standby.region == self.region:
            yield Conflict(("standby", "region"), self.standby.region, "a region other than aws:region, or null")
        for conflict in (*name_conflicts(self.compute, self.naming), *size_conflicts(self.compute, self.zones)):
            yield conflict._replace(path=("compute", *conflict.path))
        if self.async_.rabbitmq.enabled and self.zones < BROKER_ZONES:
            path = ("async", "rabbitmq", "enabled")
            yield Conflict(path, True, f"false with fewer than {BROKER_ZONES} zones, one for each node")
        for label, queue in self.async_.queues:
            if queue.service not in self.compute.services:
                known = ", ".join(self.compute.services)
                yield Conflict(("async", "queues", to_camel(label), "service"), queue.service, f"one of {known}")
        origin = self.edge and self.edge.video_cdn and self.edge.video_cdn.origin_hostname
        if origin and origin.partition(".")[2] == self.dns.domain:
            allowed = f"a name not right below {self.dns.domain}, where this stack alone declares records"
            yield Conflict(("edge", "videoCdn", "originHostname"), origin, allowed)
        yield from self._concurrency_conflicts()

    def _role_conflicts(self) -> Iterator[Conflict]:
        """Yield what a standby can't be, or can't be without."""
        role, primary = self.platform.role, self.primary
        if role == "primary":
            if primary:
                yield Conflict(("platform", "role"), role, "standby or promoted beside fitness-platform:primary")
            if not self.edge:
                yield Conflict(("edge",), None, "settings of the edge, which a primary has")
            if self.standby.ready_service not in self.compute.services:
                known = ", ".join(self.compute.services)
                yield Conflict(("standby", "readyService"), self.standby.ready_service, f"one of {known}")
            return
        if not primary:
            yield Conflict(("primary",), None, f"the stack that this one stands in for, beside platform.role {role}")
            return
        if self.edge:
            yield Conflict(("edge",), "settings", "none, as the edge is global and the primary's")
        if primary.region == self.region:
            yield Conflict(("primary", "region"), primary.region, "a region other than aws:region")
        if primary.vpc_cidr.overlaps(self.network.vpc_cidr):
            allowed = f"a block that doesn't overlap primary.vpcCidr ({primary.vpc_cidr})"
            yield Conflict(("network", "vpcCidr"), str(self.network.vpc_cidr), allowed)
        if self.standby.region:
            yield Conflict(("standby", "region"), self.standby.region, "null, as a standby has no standby of its own")
        if self.search.create_service_linked_role:
            allowed = "false in a standby, as an account has the role once and its primary declares it"
            yield Conflict(("search", "createServiceLinkedRole"), True, allowed)
        if self.async_.rabbitmq.enabled:
            allowed = "false in a standby, where the broker's secret is the primary's copy"
            yield Conflict(("async", "rabbitmq", "enabled"), True, allowed)

    def _concurrency_conflicts(self) -> Iterator[Conflict]:
        """Yield what functions of several layers would take together of an account's concurrent executions."""
        left = self.async_.left - ERROR_ROUTER_CONCURRENCY
        reserved = self.api.authorizer_concurrency or 0
        if left < 0 <= self.async_.left:
            limit = self.async_.lambda_concurrency_limit
            allowed = f"{limit - left} or more, as {ERROR_ROUTER_CONCURRENCY} are reserved for what copies errors"
            yield Conflict(("async", "lambdaConcurrencyLimit"), limit, allowed)
        elif 0 <= left < reserved:
            allowed = f"{left} or fewer, which async.queues and async.lambdaConcurrencyLimit leave"
            yield Conflict(("api", "authorizerConcurrency"), reserved, allowed)


class SettingsError(pulumi.RunError):
    """The stack's YAML holds mistakes. The message has a line for each: its path, what was found, what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        heading = f"{count} in the configuration of stack {pulumi.get_stack()}:"
        super().__init__("\n".join([heading, *(f"  {line}" for line in problems)]))


def load_settings() -> StackSettings:
    """Read the settings of the running stack.

    :raises SettingsError: with every mistake at once, before any resource is declared.
    """
    raw, refused = _read()
    problems = [*refused.values(), *missing_secrets(standby="primary" in raw)]
    try:
        settings = StackSettings.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        problems += [
            _explain(detail) for detail in error.errors() if _path(detail["loc"]) not in refused and not _echoes(detail)
        ]
        raise SettingsError(problems) from None
    problems += [
        f"{_path(conflict.path)}: found {_show(conflict.found)}; allowed: {conflict.allowed}"
        for conflict in all_conflicts(settings)
    ]
    if settings.async_.rabbitmq.enabled:
        problems += absent_secrets("rabbitmqPassword")
    if problems:
        raise SettingsError(problems)
    return settings


def _read() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the stack's values by field, and what can't be one of them, with the reason, by key."""
    config: Mapping[str, Any] = CONFIG.get()  # pulumi.Config reads single keys; unknown ones show only here
    keys = {_path((field,)): field for field in _fields(StackSettings)}
    raw: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for key in sorted(config):
        namespace, _, name = key.partition(":")
        if key in keys and is_config_secret(key):
            refused[key] = f"{key}: found a secret; allowed: plain values, as nothing in this object is secret"
        elif key == _REGION:
            raw["region"] = config[key]
        elif key in keys:
            raw[name] = _parsed(config[key])
        elif namespace == PROJECT and name not in SECRETS:
            refused[key] = f"{_printable(key)}: unknown setting{_suggest(name, [*_fields(StackSettings)][1:])}"
        elif namespace != PROJECT and get_close_matches(namespace, [PROJECT], cutoff=0.8):
            refused[key] = f"{_printable(key)}: unknown setting; did you mean {_NAMESPACE}{name}?"
    return raw, refused


def _parsed(text: str) -> Any:
    try:
        value = json.loads(text)
        from_json(json.dumps([value]))  # which refuses half characters and what is nested too deep
    except (ValueError, RecursionError):
        return text  # not JSON, so not an object: the model says what it should be
    return value


def all_conflicts(settings: Settings, path: tuple[str, ...] = ()) -> Iterator[Conflict]:
    """Yield the conflicts of ``settings`` and of all that it holds, with paths from ``settings`` down."""
    for conflict in settings.conflicts():
        yield conflict._replace(path=path + conflict.path)
    for name, field in type(settings).model_fields.items():
        for keys, part in _parts(getattr(settings, name)):
            yield from all_conflicts(part, (*path, field.alias or name, *keys))


def _parts(value: object) -> Iterator[tuple[tuple[str, ...], Settings]]:
    """Return the settings that a field holds, each with the keys from the field to it."""
    if isinstance(value, Settings):
        yield (), value
    elif isinstance(value, dict | tuple):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        yield from (((str(key),), part) for key, part in items if isinstance(part, Settings))


def _path(parts: tuple[int | str, ...]) -> str:
    section, *keys = (str(part) for part in parts)
    if section == "region":
        return _REGION
    return ".".join([_NAMESPACE + section, *(_printable(key) for key in keys if key != "[key]")])


def _printable(key: str) -> str:
    """Keep a key from breaking the line that names it, or from hiding a part of it."""
    return key if key.isprintable() else json.dumps(key)[1:-1]


def _show(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _suggest(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(sorted(known))}"


def _fields(model: type[Settings] | None) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()} if model else {}


def _model_at(parts: tuple[int | str, ...]) -> type[Settings] | None:
    """Return the settings model that the keys of ``parts`` lead to, if they lead to one."""
    found: Any = StackSettings
    for part in parts:
        if isinstance(found, type) and issubclass(found, Settings):
            field = _fields(found).get(str(part))
            found = _less_null(field.annotation) if field else None
        else:  # a mapping or a list, of which every value is alike
            found = next((one for one in get_args(found) if isinstance(one, type) and issubclass(one, Settings)), None)
    return found if isinstance(found, type) and issubclass(found, Settings) else None


def _less_null(annotation: Any) -> Any:
    """Return what a field holds where it is not null."""
    parts = [part for part in get_args(annotation) if part is not NoneType]
    return parts[0] if get_origin(annotation) in (Union, UnionType) and len(parts) == 1 else annotation


_KINDS = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}


def _echoes(detail: ErrorDetails) -> bool:
    """Whether a list is too short only for want of the entries that are mistakes themselves."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail.get("ctx", {})["min_length"]


def _explain(detail: ErrorDetails) -> str:
    path, kind = _path(detail["loc"]), detail["type"]
    *parents, key = detail["loc"]
    fields = _fields(_model_at(tuple(parents)))
    if kind == "extra_forbidden":
        return f"{path}: unknown setting{_suggest(str(key), list(fields))}"
    if kind == "missing":
        form = next((item.words for item in fields[str(key)].metadata if isinstance(item, Form)), "an object")
        return f"{path}: missing; allowed: {form}"
    if kind in ("too_short", "too_long"):
        least, most = (detail.get("ctx", {}).get(bound) for bound in ("min_length", "max_length"))
        allowed = f"{least} or more entries" if kind == "too_short" else f"{most} entries or fewer"
    else:
        allowed = _KINDS.get(kind) or detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{path}: found {_show(detail['input'])}; allowed: {allowed}"
