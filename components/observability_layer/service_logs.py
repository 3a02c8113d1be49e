"""Logs of services: what identifies a person is masked, and errors are kept for longer."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.observability_layer.masking import masking_policy
from components.observability_layer.settings import ObservabilitySettings
from components.policy_documents import allow
from components.python_function import FailedEvents, FunctionSpec, FunctionSurroundings, PythonFunction
from components.queues import PrivateQueue, QueueSpec, dead_letter_alarm

ERRORS = '{ ($.level = "ERROR") || ($.level = "CRITICAL") || ($.level = "FATAL") }'
"""Which lines are errors: JSON with one of these levels."""
ERROR_ROUTER_CONCURRENCY = 10
"""Concurrent executions that are reserved for copying errors."""
_TIMEOUT = 30


class ServiceLogs(pulumi.ComponentResource):
    """A mask for each log group of a service or worker, and beside it a group of its errors, which a function fills.

    Carries obs-retention-error and audit-pii-redaction. What is masked reaches the function masked.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: ObservabilitySettings,
        naming: Naming,
        log_groups: Mapping[str, pulumi.Input[str]],
        key_arns: Mapping[str, pulumi.Input[str]],
        topic_arns: Mapping[str, pulumi.Input[str]],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:observability:ServiceLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if not log_groups:
            self.register_outputs({})
            return
        surroundings = FunctionSurroundings(naming, key_arns, topic_arns, protect)
        router = _router(f"{name}-router", surroundings, protect=protect, opts=child)
        for task, log_group in log_groups.items():
            source = f"/aws/ecs/{naming.name(task)}"
            errors = aws.cloudwatch.LogGroup(
                f"{name}-{task}-errors",
                name=f"{source}/errors",
                retention_in_days=settings.error_log_days,
                kms_key_id=key_arns["logs"],
                opts=pulumi.ResourceOptions(parent=self, protect=protect),
            )
            for part, group in (("mask", log_group), ("errors-mask", errors.name)):
                aws.cloudwatch.LogDataProtectionPolicy(
                    f"{name}-{task}-{part}",
                    log_group_name=group,
                    policy_document=masking_policy(naming.name(task, part), settings.masked),
                    opts=child,
                )
            called = aws.lambda_.Permission(
                f"{name}-{task}-may-call",
                action="lambda:InvokeFunction",
                function=router.alias.function_name,
                qualifier=router.alias.name,
                principal="logs.amazonaws.com",
                source_account=naming.account_id,
                source_arn=naming.arn("logs", f"log-group:{source}:*"),
                opts=child,
            )
            aws.cloudwatch.LogSubscriptionFilter(
                f"{name}-{task}-errors-filter",
                name="errors",
                log_group=log_group,
                filter_pattern=ERRORS,
                destination_arn=router.alias_arn,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[called, errors]),
            )
        self.register_outputs({})


def _router(
    name: str, surroundings: FunctionSurroundings, *, protect: bool, opts: pulumi.ResourceOptions
) -> PythonFunction:
    """Return the function that copies errors, and keeps what it could not copy."""
    naming = surroundings.naming
    label = naming.name("log-router")
    failed = PrivateQueue(
        f"{name}-failed",
        QueueSpec(name=f"{label}-failed"),
        naming=naming,
        key_arn=surroundings.key_arns["queues"],
        protect=protect,
        opts=opts,
    )
    alarm = dead_letter_alarm("Errors of services", failed)
    alarm.declare(
        f"{name}-failed-{alarm.metric}",
        f"{label}-failed-{alarm.metric}",
        topic_arns=surroundings.alert_topic_arns,
        opts=opts,
    )
    return PythonFunction(
        name,
        FunctionSpec(
            function_name=label,
            source="log_router",
            description="Copies errors of services to log groups that keep them for longer",
            timeout=_TIMEOUT,
            reserved_concurrency=ERROR_ROUTER_CONCURRENCY,
            statements=[
                allow(
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    naming.arn("logs", f"log-group:/aws/ecs/{naming.prefix}-*/errors:*"),
                    sid="KeepErrors",
                )
            ],
            failed_events=FailedEvents(failed.arn, failed.queue_name),
        ),
        surroundings,
        opts,
    )
