"""The stream of events: what happens on the platform, as it happens."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.search_layer.names import stream_name
from components.search_layer.settings import EventSettings

_METRICS = (
    "IncomingBytes",
    "IncomingRecords",
    "IteratorAgeMilliseconds",
    "OutgoingBytes",
    "OutgoingRecords",
    "ReadProvisionedThroughputExceeded",
    "WriteProvisionedThroughputExceeded",
)


def event_stream(
    name: str,
    *,
    settings: EventSettings,
    naming: Naming,
    key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.kinesis.Stream:
    """Declare the stream. It carries search-kinesis-stream, -sharding and -retention-24h."""
    provisioned = settings.mode == "PROVISIONED"
    return aws.kinesis.Stream(
        name,
        name=stream_name(naming),
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode=settings.mode),
        shard_count=settings.provisioned_shards if provisioned else None,
        retention_period=settings.retention_hours,
        encryption_type="KMS",
        kms_key_id=key_arn,
        shard_level_metrics=list(_METRICS),
        tags={"Name": stream_name(naming)},
        opts=opts,
    )
