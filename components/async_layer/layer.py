"""The AsyncLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.async_layer.broker import BrokerPlace, RabbitmqBroker
from components.async_layer.memory import HandledMessages
from components.async_layer.settings import AsyncSettings
from components.async_layer.work_queue import WorkQueue, WorkSurroundings, processor_name
from components.backing import Backing
from components.far_side import FarSide
from components.naming import Naming
from components.policy_documents import allow, allow_key
from components.python_function import FunctionSurroundings


@dataclass(frozen=True, slots=True)
class AsyncArgs:
    """What an AsyncLayer is made from."""

    settings: AsyncSettings
    naming: Naming
    domain: str
    """Domain below which services are called."""
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys for queues, data, secrets and logs."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    private_subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets of the broker, by zone letter."""
    broker_group_id: pulumi.Input[str] | None
    """Security group of the broker, where there is one."""
    broker_password: pulumi.Input[str]
    """Password of the broker's user."""
    far: FarSide | None
    """The second region, where the broker's secret is copied to one."""
    waits: bool
    """Whether messages are left in the queues until somebody says else: a standby works only once it has taken over."""
    protect: bool
    """Whether queues, broker and what processors remember are protected from deletion."""


class AsyncLayer(pulumi.ComponentResource):
    """Queues, and functions that hand their messages to services. Carries async-*."""

    queue_arns: Mapping[str, pulumi.Output[str]]
    """ARNs of the queues, by what they are for."""
    queue_names: Mapping[str, str]
    """Their names, known before they exist."""
    processors: Sequence[str]
    """Names of the functions that take messages."""
    backing: Backing
    """What tasks need to send to the queues."""

    def __init__(self, name: str, args: AsyncArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:async:AsyncLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        memory = HandledMessages(
            f"{name}-handled",
            naming=args.naming,
            key_arn=args.key_arns["data"],
            protect=args.protect,
            opts=child,
        )
        shared = WorkSurroundings(
            functions=FunctionSurroundings(args.naming, args.key_arns, args.alert_topic_arns, args.protect),
            queue_key_arn=args.key_arns["queues"],
            domain=args.domain,
            log_days=args.settings.log_retention_days,
            memory=memory,
            waits=args.waits,
            protect=args.protect,
        )
        queues = {
            label: WorkQueue(f"{name}-{label}", label, settings, shared, child).queue
            for label, settings in args.settings.by_name.items()
        }
        self.queue_arns = {label: queue.arn for label, queue in queues.items()}
        self.processors = [processor_name(args.naming, label) for label in queues]
        self.queue_names = {label: queue.queue_name for label, queue in queues.items()}
        hosts: dict[str, pulumi.Input[str]] = {}
        if args.broker_group_id is not None:
            broker = RabbitmqBroker(
                f"{name}-rabbitmq",
                args.settings.rabbitmq,
                BrokerPlace([*args.private_subnet_ids.values()], args.broker_group_id, args.broker_password),
                naming=args.naming,
                queue_key_arn=args.key_arns["queues"],
                secret_key_arn=args.key_arns["secrets"],
                far=args.far,
                protect=args.protect,
                opts=child,
            )
            hosts["QUEUE_BROKER_URL"] = broker.url
        self.backing = Backing(
            hosts=hosts,
            environment={f"QUEUE_{label.upper().replace('-', '_')}_URL": queue.url for label, queue in queues.items()},
            statements=[
                allow("sqs:SendMessage", [queue.queue_arn for queue in queues.values()], sid="SendMessages"),
                allow_key(
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    args.naming.arn("kms", "key/*"),
                    f"alias/{args.naming.name('queues')}",
                    sid="EncryptMessages",
                    condition={"StringEquals": {"kms:ViaService": f"sqs.{args.naming.region}.amazonaws.com"}},
                ),
            ],
        )
        self.register_outputs(
            {"queue_arns": self.queue_arns, "queue_names": self.queue_names, "processors": self.processors}
        )
