"""MediaConvert: the queue of jobs, and the role that it reads masters and writes renditions with."""

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.far_side import CopiesHere, key_aliases
from components.media_pipeline.buckets import MASTERS, RENDITIONS
from components.naming import Naming
from components.policy_documents import allow, allow_key, document, trust


class Transcoder(pulumi.ComponentResource):
    """A queue that is paid by the minute, and a role for its jobs."""

    queue_arn: str
    """ARN of the queue, built from its name."""
    role_arn: str
    """ARN of the role, built from its name."""
    ready: list[pulumi.Resource]
    """What must be there before the first job."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        bucket_arn: str,
        copies: CopiesHere | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:media:Transcoder", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        queue_name, role_name = naming.name("videos"), naming.global_name("transcoder")
        self.queue_arn = naming.arn("mediaconvert", f"queues/{queue_name}")
        self.role_arn = f"arn:aws:iam::{naming.account_id}:role/{role_name}"
        queue = aws.mediaconvert.Queue(
            f"{name}-queue",
            name=queue_name,
            description="Videos as they are uploaded",
            pricing_plan="ON_DEMAND",
            status="ACTIVE",
            tags={"Name": queue_name},
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name,
            description="Lets MediaConvert read masters and write renditions",
            assume_role_policy=trust("mediaconvert", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-encodes",
            name="encode",
            role=role.id,
            policy=document(
                allow("s3:GetObject", f"{bucket_arn}/{MASTERS}*", sid="ReadMasters"),
                allow("s3:PutObject", f"{bucket_arn}/{RENDITIONS}*", sid="WriteRenditions"),
                allow_key(
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    naming.arn("kms", "key/*"),
                    key_aliases(naming, "media", copies),
                    sid="DecryptAndEncrypt",
                    condition={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
            ),
            opts=child,
        )
        self.ready = [queue, policy]
        self.register_outputs({"queue_arn": self.queue_arn, "role_arn": self.role_arn})


def failed_jobs_alarm(queue_arn: str) -> ThresholdAlarm:
    """Return the alarm that jobs ended with an error.

    https://docs.aws.amazon.com/mediaconvert/latest/ug/MediaConvert-metrics.html
    """
    return ThresholdAlarm(
        namespace="AWS/MediaConvert",
        metric="JobsErroredCount",
        dimensions={"Queue": queue_arn},
        statistic="Sum",
        period=300,
        periods=1,
        comparison="GreaterThanThreshold",
        threshold=0,
        severity="warning",
        missing="notBreaching",  # nobody uploaded anything
        meaning="Videos could not be encoded; the topic of jobs says which",
    )
