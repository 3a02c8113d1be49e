"""Failover to the second region: one deliberate act, the promotion of its database, and what belongs to it.

No step edits a record or asks anything of the first region. Route 53 follows by itself, as the alarm on
``DatabaseWritable`` goes silent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.naming import Naming
from components.policy_documents import allow
from components.runbook_layer.steps import Runbook, Step, call, rest, wait

_DIMENSION = "ecs:service:DesiredCount"


@dataclass(frozen=True, slots=True)
class Uploads:
    """How uploads reach the function that has them encoded."""

    bucket: str
    function_alias_arn: str
    prefix: str
    """Start of the names of what is encoded."""
    suffix: str
    """End of these names."""


@dataclass(frozen=True, slots=True)
class Region:
    """What a failover works on, by the names that the stack gives it."""

    naming: Naming
    database: str
    """Identifier of the replica."""
    ready_alarm: str
    """Name of the alarm that goes silent once the database accepts writes."""
    cluster: str
    tasks: Mapping[str, tuple[int, int]]
    """How many tasks each service runs at least and at most once it has taken over."""
    consumers: Sequence[str]
    """Names of the functions that read queues and streams."""
    uploads: Uploads
    backup_days: int
    backup_window: str


def failover(region: Region) -> tuple[Runbook, ...]:
    """Return the four parts of a failover, each of which can be run again, and the whole."""
    parts = (_promote(region), _scale_out(region), _enable_consumers(region), _verify(region))
    return (*parts, _whole(region.naming, parts))


def promotion(
    database: str, more: Mapping[str, Any] | None = None, *, shown_after: int = 60, expected_seconds: int = 300
) -> tuple[Step, ...]:
    """Return the steps that promote a replica, which may have been promoted before, and wait until it can be used.

    :param more: what it is to have from then on.
    :param shown_after: seconds after which RDS shows that it has begun.
    :param expected_seconds: how long it takes from then on.
    """
    return (
        call(
            "promote",
            f"Promote {database}; one that was promoted before refuses, and the run goes on",
            "rds",
            "PromoteReadReplica",
            {"DBInstanceIdentifier": database, **(more or {})},
            expected_seconds=10,
            may_fail=True,
        ),
        begun("letItBegin", shown_after),
        database_wait(database, expected_seconds=expected_seconds),
    )


def begun(name: str, seconds: int) -> Step:
    """Return the step in which RDS gets time to show that it does what it was told."""
    return rest(name, "Wait until RDS shows that it has begun", seconds)


def database_wait(
    database: str, *, expected_seconds: int, timeout_seconds: int = 1800, name: str = "waitForDatabase"
) -> Step:
    """Return the step that waits until a database is there to be used."""
    return wait(
        name,
        f"Wait until {database} is available",
        "rds",
        "DescribeDBInstances",
        {"DBInstanceIdentifier": database},
        until=("$.DBInstances[0].DBInstanceStatus", "available"),
        expected_seconds=expected_seconds,
        timeout_seconds=timeout_seconds,
    )


def _promote(region: Region) -> Runbook:
    database, naming = region.database, region.naming
    return Runbook(
        "promote-database",
        "Promotes the replica here, after which it follows the first region no more and requests come here",
        (
            *promotion(
                database,
                {"BackupRetentionPeriod": region.backup_days, "PreferredBackupWindow": region.backup_window},
            ),
            wait(
                "waitForWrites",
                "Wait until tasks say that they can write, which lets Route 53 send requests here",
                "cloudwatch",
                "DescribeAlarms",
                {"AlarmNames": [region.ready_alarm]},
                until=("$.MetricAlarms[0].StateValue", "OK"),
                expected_seconds=180,
                timeout_seconds=900,
            ),
        ),
        (
            allow("rds:PromoteReadReplica", naming.arn("rds", f"db:{database}"), sid="PromoteDatabase"),
            allow("rds:DescribeDBInstances", naming.arn("rds", f"db:{naming.name('db')}*"), sid="LookAtDatabases"),
            allow("cloudwatch:DescribeAlarms", naming.arn("cloudwatch", "alarm:*"), sid="LookAtAlarms"),
        ),
    )


def _scale_out(region: Region) -> Runbook:
    naming = region.naming

    def steps() -> Iterator[Step]:
        for service, (least, most) in region.tasks.items():
            label = _label(service)
            yield call(
                f"raise{label}",
                f"Let {service} run {least} tasks at least",
                "application-autoscaling",
                "RegisterScalableTarget",
                {
                    "ServiceNamespace": "ecs",
                    "ScalableDimension": _DIMENSION,
                    "ResourceId": f"service/{region.cluster}/{naming.name(service)}",
                    "MinCapacity": least,
                    "MaxCapacity": most,
                },
            )
            yield call(
                f"start{label}",
                f"Start the tasks of {service}",
                "ecs",
                "UpdateService",
                {"cluster": region.cluster, "service": naming.name(service), "desiredCount": least},
            )
        yield rest("letThemStart", "Wait until ECS has placed the tasks", 60)
        for service in region.tasks:
            yield _running(region, service, expected_seconds=20)

    services = [naming.arn("ecs", f"service/{region.cluster}/{naming.name(service)}") for service in region.tasks]
    return Runbook(
        "scale-out",
        "Gives services as many tasks here as they had in the first region",
        tuple(steps()),
        (
            allow(
                "application-autoscaling:RegisterScalableTarget",
                naming.arn("application-autoscaling", "scalable-target/*"),
                sid="RaiseMinimum",
                condition={"StringEquals": {"application-autoscaling:service-namespace": "ecs"}},
            ),
            allow(["ecs:DescribeServices", "ecs:UpdateService"], services, sid="StartTasks"),
        ),
    )


def _running(region: Region, service: str, *, expected_seconds: int) -> Step:
    return wait(
        f"waitFor{_label(service)}",
        f"Wait until no task of {service} is still to start",
        "ecs",
        "DescribeServices",
        {"cluster": region.cluster, "services": [region.naming.name(service)]},
        until=("$.services[0].pendingCount", "0"),
        expected_seconds=expected_seconds,
        timeout_seconds=900,
    )


def _enable_consumers(region: Region) -> Runbook:
    naming, uploads = region.naming, region.uploads

    functions = [naming.arn("lambda", f"function:{name}:live") for name in region.consumers]

    def steps() -> Iterator[Step]:
        for function in region.consumers:
            label = _label(function.removeprefix(f"{naming.prefix}-"))
            yield call(
                f"find{label}",
                f"Look up what {function} reads",
                "lambda",
                "ListEventSourceMappings",
                {"FunctionName": f"{function}:live"},
                outputs={"Mapping": "$.EventSourceMappings[0].UUID"},
            )
            yield call(
                f"enable{label}",
                f"Let {function} read",
                "lambda",
                "UpdateEventSourceMapping",
                {"UUID": f"{{{{ find{label}.Mapping }}}}", "Enabled": True},
            )
        rules = [{"Name": "prefix", "Value": uploads.prefix}, {"Name": "suffix", "Value": uploads.suffix}]
        yield call(
            "enableUploads",
            "Have videos encoded that are uploaded from now on",
            "s3",
            "PutBucketNotificationConfiguration",
            {
                "Bucket": uploads.bucket,
                "NotificationConfiguration": {
                    "LambdaFunctionConfigurations": [
                        {
                            "Id": "masters",
                            "LambdaFunctionArn": uploads.function_alias_arn,
                            "Events": ["s3:ObjectCreated:*"],
                            "Filter": {"Key": {"FilterRules": rules}},
                        }
                    ]
                },
            },
        )

    return Runbook(
        "enable-consumers",
        "Lets functions here read their queues and streams, and has uploaded videos encoded",
        tuple(steps()),
        (
            allow("lambda:ListEventSourceMappings", "*", sid="LookAtConsumers"),  # it knows no resources
            allow(
                ["lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping"],
                naming.arn("lambda", "event-source-mapping:*"),
                sid="EnableConsumers",
                condition={"ArnLike": {"lambda:FunctionArn": functions}},
            ),
            allow("s3:PutBucketNotification", f"arn:aws:s3:::{uploads.bucket}", sid="EnableUploads"),
        ),
    )


def _verify(region: Region) -> Runbook:
    def steps() -> Iterator[Step]:
        yield Step(
            "databaseAcceptsWrites",
            "Make sure that tasks say that they can write",
            "aws:assertAwsResourceProperty",
            {
                "Service": "cloudwatch",
                "Api": "DescribeAlarms",
                "AlarmNames": [region.ready_alarm],
                "PropertySelector": "$.MetricAlarms[0].StateValue",
                "DesiredValues": ["OK"],
            },
            5,
            60,
        )
        for service in region.tasks:
            yield _running(region, service, expected_seconds=5)
        for function in region.consumers:
            yield wait(
                f"waitFor{_label(function.removeprefix(f'{region.naming.prefix}-'))}Reads",
                f"Wait until {function} reads",
                "lambda",
                "ListEventSourceMappings",
                {"FunctionName": f"{function}:live"},
                until=("$.EventSourceMappings[0].State", "Enabled"),
                expected_seconds=5,
                timeout_seconds=300,
            )

    return Runbook(
        "verify-failover",
        "Makes sure that the database accepts writes, that tasks run and that consumers read",
        tuple(steps()),
        (),
    )


def _whole(naming: Naming, parts: Sequence[Runbook]) -> Runbook:
    role = f"arn:aws:iam::{naming.account_id}:role/{role_name(naming)}"
    names = [naming.name(part.name) for part in parts]
    return Runbook(
        "fail-over",
        "Takes over from the first region: promotes the database, scales out, enables consumers and verifies",
        tuple(
            Step(
                _label(part.name)[:1].lower() + _label(part.name)[1:],
                part.says,
                "aws:executeAutomation",
                {"DocumentName": name},
                part.expected_seconds,
                3600,
            )
            for part, name in zip(parts, names, strict=True)
        ),
        (
            allow(
                "ssm:StartAutomationExecution",
                [naming.arn("ssm", f"automation-definition/{name}:*") for name in names],
                sid="StartParts",
            ),
            allow(
                "ssm:GetAutomationExecution",
                naming.arn("ssm", "automation-execution/*"),
                sid="WatchParts",
                condition=own(naming),
            ),
            allow(
                "iam:PassRole",
                role,
                sid="PassOwnRole",
                condition={"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
            ),
        ),
    )


def own(naming: Naming) -> Mapping[str, Mapping[str, str]]:
    """Return the condition for what AWS names at random: it is this account's."""
    return {"StringEquals": {"aws:ResourceAccount": naming.account_id}}


def role_name(naming: Naming) -> str:
    """Return what the role of runbooks is called."""
    return naming.global_name("runbooks")


def _label(name: str) -> str:
    return "".join(word.title() for word in name.split("-"))
