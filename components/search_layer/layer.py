"""The SearchLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.backing import Backing
from components.naming import Naming
from components.policy_documents import allow, allow_key
from components.python_function import FunctionNetwork, FunctionSurroundings
from components.search_layer.alarms import domain_alarms, stream_alarms
from components.search_layer.bootstrap import SearchBootstrap
from components.search_layer.consumers import ConsumerSurroundings, StreamConsumer, reader_name
from components.search_layer.domain import HTTP_ACTIONS, DomainWires, SearchDomain
from components.search_layer.location import DomainLocation
from components.search_layer.names import domain_arn, domain_name, stream_arn, stream_name
from components.search_layer.readers import readers
from components.search_layer.settings import SearchSettings
from components.search_layer.stream import event_stream


@dataclass(frozen=True, slots=True)
class SearchArgs:
    """What a SearchLayer is made from."""

    settings: SearchSettings
    naming: Naming
    data_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the domain, by zone letter."""
    search_group_id: pulumi.Input[str]
    """Security group of the domain."""
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of functions that call the domain, by zone letter."""
    function_group_id: pulumi.Input[str]
    """Security group of these functions."""
    services_domain: str
    """Domain below which services are called."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for data, logs, queues, secrets and streams."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    waits: bool
    """Whether nobody reads the stream until somebody says else, as in a standby."""
    protect: bool
    """Whether the domain, its logs and the stream are protected from deletion."""


class SearchLayer(pulumi.ComponentResource):
    """An OpenSearch domain for what people look for, and a stream of what they do.

    Carries the clauses search-* and, for the domain and the stream, enc-rest-others.
    """

    endpoint: pulumi.Output[str]
    """Host of the search domain."""
    backing: Backing
    """What tasks need to search, and to tell events."""
    stream_name: str
    """Name of the stream of events."""
    readers: Sequence[str]
    """Names of the functions that read it."""

    def __init__(self, name: str, args: SearchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:search:SearchLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming, settings = args.naming, args.settings
        domain = SearchDomain(
            f"{name}-domain",
            settings=settings,
            naming=naming,
            wires=DomainWires(
                subnet_ids=[args.data_subnet_ids[letter] for letter in sorted(args.data_subnet_ids)],
                group_id=args.search_group_id,
                key_arns=args.key_arns,
            ),
            protect=args.protect,
            opts=child,
        )
        stream = event_stream(
            f"{name}-events",
            settings=settings.events,
            naming=naming,
            key_arn=args.key_arns["streams"],
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        functions = FunctionSurroundings(naming, args.key_arns, args.alert_topic_arns, args.protect)
        network = FunctionNetwork(
            [args.private_subnet_ids[letter] for letter in sorted(args.private_subnet_ids)], args.function_group_id
        )
        location = DomainLocation(
            f"{name}-location",
            endpoint=domain.endpoint,
            naming=naming,
            key_arn=args.key_arns["secrets"],
            opts=child,
        )
        SearchBootstrap(
            f"{name}-bootstrap",
            settings=settings,
            domain=domain,
            location=location,
            network=network,
            shared=functions,
            opts=child,
        )
        shared = ConsumerSurroundings(
            settings.events, settings.log_days, stream, args.key_arns["queues"], functions, args.waits, args.protect
        )
        specs = readers(naming, args.services_domain, location, network)
        for reader in specs:
            StreamConsumer(f"{name}-{reader.label}", reader, shared, child)
        self.readers = [reader_name(naming, reader.label) for reader in specs]
        alarms = [
            *domain_alarms(settings, naming, domain.domain.domain_name),
            *stream_alarms(naming, stream.name),
        ]
        for alarm in alarms:
            alarm.declare(
                f"{name}-alarms-{alarm.metric}",
                naming.name("search", alarm.metric),
                topic_arns=args.alert_topic_arns,
                opts=child,
            )
        self.endpoint = domain.endpoint
        self.stream_name = stream_name(naming)
        self.backing = _backing(naming, domain.endpoint)
        self.register_outputs({"endpoint": self.endpoint, "stream_name": self.stream_name, "readers": self.readers})


def _backing(naming: Naming, endpoint: pulumi.Output[str]) -> Backing:
    return Backing(
        environment={"SEARCH_DOMAIN": domain_name(naming), "STREAM_NAME": stream_name(naming)},
        hosts={"SEARCH_HOST": endpoint},
        statements=[
            allow(HTTP_ACTIONS, f"{domain_arn(naming)}/*", sid="Search"),
            allow(["kinesis:PutRecord", "kinesis:PutRecords"], stream_arn(naming), sid="TellEvents"),
            allow_key(
                "kms:GenerateDataKey",
                naming.arn("kms", "key/*"),
                f"alias/{naming.name('streams')}",
                sid="EncryptEvents",
                condition={"StringEquals": {"kms:ViaService": f"kinesis.{naming.region}.amazonaws.com"}},
            ),
        ],
    )
