"""Functions in Python: each with a log, a role, a version that callers name, and alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.alarms import ThresholdAlarm
from components.function_archive import archive
from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key, deny, document, trust

RUNTIME = "python3.13"
"""Runtime of all functions. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
ALIAS = "live"
"""Alias that callers of a function name, so that they get a version and never what is half written."""
MAX_NAME_LENGTH = 64
"""Characters that the name of a function or role may have."""

_ARCHITECTURE = "arm64"
# https://docs.aws.amazon.com/powertools/python/latest/getting-started/install/
_POWERTOOLS = "017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:27"
_METRICS_NAMESPACE = "FitnessPlatform"
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
_ATTACHES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True, slots=True)
class FunctionNetwork:
    """Where a function is in the VPC."""

    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets, one in each zone."""
    group_id: pulumi.Input[str]
    """Security group of functions."""


@dataclass(frozen=True, slots=True)
class FailedEvents:
    """The queue that takes events whose function failed, where nobody waits for its answer."""

    arn: pulumi.Input[str]
    """ARN of the queue."""
    name: str
    """Its name, by which the function's role may send to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """What one function is and may do."""

    function_name: str
    """Physical name, up to :data:`MAX_NAME_LENGTH` characters."""
    source: str
    """Folder below ``functions/``, which becomes its package."""
    handler: str = "handler.handle"
    """Module and function in that package."""
    description: str
    timeout: int
    """Seconds, 1 to 900."""
    memory_mib: int = 256
    """128 to 10240 MiB; processing power grows with it."""
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    """Variables, none of them a secret and all of them known."""
    statements: Sequence[Statement] = ()
    """What its role may do beside writing its log and traces."""
    log_days: int = 90
    """Days that its log is kept, one of the periods of CloudWatch Logs."""
    reserved_concurrency: int | None = None
    """Executions that are its own and its limit. Without them it takes from what the account has left."""
    provisioned_concurrency: int = 0
    """Executions that are always warm."""
    network: FunctionNetwork | None = None
    """Where it is in the VPC; functions that don't need to be in it are not."""
    failed_events: FailedEvents | None = None
    """Where events go that failed; needed by functions that AWS calls without waiting for them."""


@dataclass(frozen=True, slots=True)
class FunctionSurroundings:
    """What all functions of a stack share."""

    naming: Naming
    key_arns: Mapping[str, pulumi.Input[str]]
    """Keys by purpose, of which functions use ``logs`` and ``secrets``."""
    alert_topic_arns: Mapping[str, pulumi.Input[str]]
    """Topics for critical and warning."""
    protect: bool
    """Whether logs are protected from deletion."""


class PythonFunction(pulumi.ComponentResource):
    """A function in Python: traced, logged, encrypted, with a role of its own and an alias that callers name."""

    function_name: str
    """Its physical name."""
    arn: str
    """ARN of its alias, known before it exists."""
    alias_arn: pulumi.Output[str]
    """The same, once the alias exists."""
    alias: aws.lambda_.Alias
    """The alias itself, for permissions and event sources."""

    def __init__(
        self,
        name: str,
        spec: FunctionSpec,
        shared: FunctionSurroundings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:functions:PythonFunction", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming = shared.naming
        self.function_name = spec.function_name
        function_arn = naming.arn("lambda", f"function:{spec.function_name}")
        self.arn = f"{function_arn}:{ALIAS}"
        log = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=f"/aws/lambda/{spec.function_name}",
            retention_in_days=spec.log_days,
            kms_key_id=shared.key_arns["logs"],
            tags={"Name": f"/aws/lambda/{spec.function_name}"},
            opts=pulumi.ResourceOptions(parent=self, protect=shared.protect),
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name(spec.function_name.removeprefix(f"{naming.prefix}-")),
            description=f"What the function {spec.function_name} may do",
            assume_role_policy=trust("lambda", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-does-its-work",
            name="do-its-work",
            role=role.id,
            policy=document(*_statements(spec, naming, function_arn)),
            opts=child,
        )
        packed = archive(spec.source)
        function = aws.lambda_.Function(
            f"{name}-function",
            name=spec.function_name,
            description=spec.description,
            package_type="Zip",
            code=pulumi.FileArchive(packed.path),
            source_code_hash=packed.sha256,
            handler=f"{spec.source}.{spec.handler}",
            runtime=RUNTIME,
            architectures=[_ARCHITECTURE],
            layers=[f"arn:aws:lambda:{naming.region}:{_POWERTOOLS}"],
            role=role.arn,
            timeout=spec.timeout,
            memory_size=spec.memory_mib,
            publish=True,
            reserved_concurrent_executions=spec.reserved_concurrency,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=_environment(spec, naming)),
            kms_key_arn=shared.key_arns["secrets"],
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_group=log.name, log_format="JSON", application_log_level="INFO", system_log_level="WARN"
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            vpc_config=_placed(spec.network),
            dead_letter_config=_dead_letters(spec.failed_events),
            tags={"Name": spec.function_name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.alias = aws.lambda_.Alias(
            f"{name}-alias",
            name=ALIAS,
            description="What callers name",
            function_name=function.name,
            function_version=function.version,
            opts=child,
        )
        if spec.provisioned_concurrency:
            aws.lambda_.ProvisionedConcurrencyConfig(
                f"{name}-warm",
                function_name=function.name,
                qualifier=self.alias.name,
                provisioned_concurrent_executions=spec.provisioned_concurrency,
                opts=child,
            )
        for alarm in _alarms(spec.function_name, function.name):
            alarm.declare(
                f"{name}-{alarm.metric}",
                f"{spec.function_name}-{alarm.metric}",
                topic_arns=shared.alert_topic_arns,
                opts=child,
            )
        self.alias_arn = self.alias.arn
        self.register_outputs({"function_name": self.function_name, "arn": self.arn, "alias_arn": self.alias_arn})


def _environment(spec: FunctionSpec, naming: Naming) -> dict[str, pulumi.Input[str]]:
    return {
        "POWERTOOLS_SERVICE_NAME": spec.function_name.removeprefix(f"{naming.prefix}-"),
        "POWERTOOLS_METRICS_NAMESPACE": _METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        **spec.environment,
    }


def _placed(network: FunctionNetwork | None) -> aws.lambda_.FunctionVpcConfigArgs | None:
    if network is None:
        return None
    return aws.lambda_.FunctionVpcConfigArgs(subnet_ids=network.subnet_ids, security_group_ids=[network.group_id])


def _dead_letters(failed: FailedEvents | None) -> aws.lambda_.FunctionDeadLetterConfigArgs | None:
    return aws.lambda_.FunctionDeadLetterConfigArgs(target_arn=failed.arn) if failed else None


def _statements(spec: FunctionSpec, naming: Naming, function_arn: str) -> list[Statement]:
    keys = naming.arn("kms", "key/*")
    statements = [
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            naming.arn("logs", f"log-group:/aws/lambda/{spec.function_name}:*"),
            sid="WriteLog",
        ),
        allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*", sid="SendTraces"),
        # Lambda's own grant ends with the role that it was made for; this doesn't.
        allow_key(
            "kms:Decrypt",
            keys,
            f"alias/{naming.name('secrets')}",
            sid="ReadEnvironment",
            condition={"StringEquals": {"kms:EncryptionContext:aws:lambda:FunctionArn": function_arn}},
        ),
        *spec.statements,
    ]
    if spec.network:
        # Lambda attaches the function to the VPC by its role; what runs in it may not do the same.
        statements += [
            allow(_ATTACHES, "*", sid="AttachToVpc"),
            deny(
                _ATTACHES,
                "*",
                sid="NotFromItsCode",
                condition={"ArnEquals": {"lambda:SourceFunctionArn": function_arn}},
            ),
        ]
    if spec.failed_events:
        statements += [
            allow("sqs:SendMessage", naming.arn("sqs", spec.failed_events.name), sid="KeepFailedEvents"),
            allow_key(
                ["kms:Decrypt", "kms:GenerateDataKey"],
                keys,
                f"alias/{naming.name('queues')}",
                sid="EncryptFailedEvents",
                condition={"StringEquals": {"kms:ViaService": f"sqs.{naming.region}.amazonaws.com"}},
            ),
        ]
    return statements


def _alarms(function_name: str, dimension: pulumi.Input[str]) -> tuple[ThresholdAlarm, ...]:
    shown: dict[str, tuple[int, Literal["critical", "warning"], str]] = {
        "Errors": (1, "critical", "it ended with an error or ran out of time"),
        "Throttles": (3, "warning", "calls were refused, as all that may run at once already ran"),
    }
    return tuple(
        ThresholdAlarm(
            namespace="AWS/Lambda",
            metric=metric,
            dimensions={"FunctionName": dimension},
            statistic="Sum",
            period=300,
            periods=periods,
            comparison="GreaterThanThreshold",
            threshold=0,
            severity=severity,
            missing="notBreaching",  # nobody called it
            meaning=f"Function {function_name}: {meaning}",
        )
        for metric, (periods, severity, meaning) in shown.items()
    )
