"""From an upload to what players read: a function submits a job, another tells how it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.far_side import CopiesHere
from components.media_pipeline.buckets import MASTERS, RENDITIONS
from components.media_pipeline.settings import MediaSettings
from components.media_pipeline.transcoder import Transcoder, failed_jobs_alarm
from components.naming import Naming
from components.policy_documents import allow, allow_key, deny_plain_http, document
from components.private_bucket import KnownBucket, PrivateBucket
from components.python_function import FailedEvents, FunctionSpec, FunctionSurroundings, PythonFunction
from components.queues import PrivateQueue, QueueSpec, dead_letter_alarm

UPLOADS = (MASTERS, ".mp4")
"""Start and end of the names of what is encoded."""
_SOURCE = "media_jobs"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class WorkflowArgs:
    """What a VideoWorkflow is made from."""

    settings: MediaSettings
    naming: Naming
    videos: PrivateBucket | KnownBucket
    copies: CopiesHere | None
    """What the primary copied here, where this is a standby's."""
    waits: bool
    """Whether nothing is encoded yet: what is replicated arrives in the bucket like an upload, and was encoded."""
    key_arns: Mapping[str, pulumi.Input[str]]
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    protect: bool


class VideoWorkflow(pulumi.ComponentResource):
    """Encodes each MP4 that is uploaded among the masters, and tells a topic how that ended. Nothing is lost."""

    submitter_arn: str
    """ARN of the function that S3 calls for each upload, known before it exists."""
    topic_arn: pulumi.Output[str]
    """ARN of the topic that is told of each job's end."""

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:media:VideoWorkflow", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._name, self._args, self._child = name, args, child
        self._functions = FunctionSurroundings(args.naming, args.key_arns, args.alert_topic_arns, args.protect)
        transcoder = Transcoder(
            f"{name}-transcoder", naming=args.naming, bucket_arn=args.videos.arn, copies=args.copies, opts=child
        )
        failed = self._dead_letters()
        submitter = self._function("submitter", _submitter(args, transcoder), failed)
        self._on_upload(submitter, transcoder)
        self.submitter_arn = submitter.arn
        topic_name = args.naming.name("media-jobs")
        topic = self._topic(topic_name)
        notifier = self._function("notifier", _notifier(args.naming, topic_name), failed)
        self._on_end(notifier, transcoder)
        failed_jobs_alarm(transcoder.queue_arn).declare(
            f"{name}-failed-jobs",
            args.naming.name("media", "failed-jobs"),
            topic_arns=args.alert_topic_arns,
            opts=child,
        )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})

    def _dead_letters(self) -> FailedEvents:
        """Make the queue of events that no function could handle, and what watches it."""
        naming = self._args.naming
        queue = PrivateQueue(
            f"{self._name}-dead-letters",
            QueueSpec(name=naming.name("media-dead-letters")),
            naming=naming,
            key_arn=self._args.key_arns["queues"],
            protect=self._args.protect,
            opts=self._child,
        )
        alarm = dead_letter_alarm("Videos", queue)
        alarm.declare(
            f"{self._name}-dead-letters-{alarm.metric}",
            f"{queue.queue_name}-{alarm.metric}",
            topic_arns=self._args.alert_topic_arns,
            opts=self._child,
        )
        return FailedEvents(queue.arn, queue.queue_name)

    def _function(self, role: str, parts: "_Parts", failed: FailedEvents) -> PythonFunction:
        return PythonFunction(
            f"{self._name}-{role}",
            FunctionSpec(
                function_name=self._args.naming.name("media", role),
                source=_SOURCE,
                handler=parts.handler,
                description=parts.description,
                timeout=_SECONDS,
                environment=parts.environment,
                statements=parts.statements,
                log_days=self._args.settings.log_retention_days,
                failed_events=failed,
            ),
            self._functions,
            self._child,
        )

    def _on_upload(self, submitter: PythonFunction, transcoder: Transcoder) -> None:
        """Let S3 call the submitter for each MP4 among the masters, and for nothing that encoding makes."""
        videos = self._args.videos
        allowed = aws.lambda_.Permission(
            f"{self._name}-submitter-called",
            action="lambda:InvokeFunction",
            function=submitter.alias.function_name,
            qualifier=submitter.alias.name,
            principal="s3.amazonaws.com",
            source_account=self._args.naming.account_id,
            source_arn=videos.arn,
            opts=self._child,
        )
        if self._args.waits:
            return
        aws.s3.BucketNotification(
            f"{self._name}-uploads",
            bucket=videos.bucket,
            lambda_functions=[
                aws.s3.BucketNotificationLambdaFunctionArgs(
                    id="masters",
                    lambda_function_arn=submitter.alias_arn,
                    events=["s3:ObjectCreated:*"],
                    filter_prefix=UPLOADS[0],
                    filter_suffix=UPLOADS[1],
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed, *transcoder.ready]),
        )

    def _topic(self, topic_name: str) -> aws.sns.Topic:
        topic = aws.sns.Topic(
            f"{self._name}-jobs",
            name=topic_name,
            display_name="How encoding of videos ended",
            kms_master_key_id=self._args.key_arns["alerts"],
            tags={"Name": topic_name},
            opts=self._child,
        )
        aws.sns.TopicPolicy(
            f"{self._name}-jobs-policy",
            arn=topic.arn,
            policy=document(deny_plain_http("sns:Publish", self._args.naming.arn("sns", topic_name))),
            opts=self._child,
        )
        return topic

    def _on_end(self, notifier: PythonFunction, transcoder: Transcoder) -> None:
        """Let EventBridge call the notifier when a job of the queue has ended, well or not."""
        rule_name = self._args.naming.name("media-jobs-ended")
        rule = aws.cloudwatch.EventRule(
            f"{self._name}-jobs-ended",
            name=rule_name,
            description="Jobs of MediaConvert that are done or have failed",
            event_pattern=json.dumps(
                {
                    "source": ["aws.mediaconvert"],
                    "detail-type": ["MediaConvert Job State Change"],
                    "detail": {"status": ["COMPLETE", "ERROR"], "queue": [transcoder.queue_arn]},
                }
            ),
            state="ENABLED",
            tags={"Name": rule_name},
            opts=self._child,
        )
        allowed = aws.lambda_.Permission(
            f"{self._name}-notifier-called",
            action="lambda:InvokeFunction",
            function=notifier.alias.function_name,
            qualifier=notifier.alias.name,
            principal="events.amazonaws.com",
            source_account=self._args.naming.account_id,
            source_arn=rule.arn,
            opts=self._child,
        )
        aws.cloudwatch.EventTarget(
            f"{self._name}-jobs-ended-target",
            rule=rule.name,
            target_id="notifier",
            arn=notifier.alias_arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[allowed]),
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one of the functions is made from."""

    handler: str
    description: str
    environment: Mapping[str, str]
    statements: list[Mapping[str, object]]


def _submitter(args: WorkflowArgs, transcoder: Transcoder) -> _Parts:
    return _Parts(
        handler="submit.handle",
        description="Submits a job for each uploaded video",
        environment={
            "BUCKET": args.videos.bucket_name,
            "MASTERS_PREFIX": MASTERS,
            "RENDITIONS_PREFIX": RENDITIONS,
            "JOB_QUEUE_ARN": transcoder.queue_arn,
            "JOB_ROLE_ARN": transcoder.role_arn,
            "ENCODING": json.dumps(
                {
                    "renditions": [rendition.model_dump() for rendition in args.settings.renditions],
                    "segmentSeconds": args.settings.segment_seconds,
                    "audioKbps": args.settings.audio_kbps,
                }
            ),
        },
        statements=[
            allow("mediaconvert:CreateJob", transcoder.queue_arn, sid="SubmitJobs"),
            allow(
                "iam:PassRole",
                transcoder.role_arn,
                sid="PassJobRole",
                condition={"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}},
            ),
        ],
    )


def _notifier(naming: Naming, topic_name: str) -> _Parts:
    topic_arn = naming.arn("sns", topic_name)
    return _Parts(
        handler="notify.handle",
        description="Tells a topic how each job of MediaConvert ended",
        environment={"TOPIC_ARN": topic_arn},
        statements=[
            allow("sns:Publish", topic_arn, sid="TellTopic"),
            allow_key(
                ["kms:Decrypt", "kms:GenerateDataKey"],
                naming.arn("kms", "key/*"),
                f"alias/{naming.name('alerts')}",
                sid="EncryptMessages",
                condition={"StringEquals": {"kms:ViaService": f"sns.{naming.region}.amazonaws.com"}},
            ),
        ],
    )
