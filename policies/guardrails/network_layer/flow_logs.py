"""Clause audit-vpc-flow-logs: every connection is recorded, encrypted and kept.

What is said of log groups holds for those of every layer.
"""

from collections.abc import Iterable

from guardrails.grants import ROLE, allowed_in, not_granted
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import VPC, known_text
from guardrails.reading import Properties, as_texts

_FLOW_LOG = "aws:ec2/flowLog:FlowLog"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_SERVICE = "vpc-flow-logs.amazonaws.com"
_DELIVERS = ("logs:CreateLogStream", "logs:PutLogEvents")
_KEYS = ("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")
_FIELDS = ("srcaddr", "dstaddr", "srcport", "dstport", "protocol", "start", "end", "action")
_TWO_YEARS = 731  # the first period that CloudWatch Logs accepts beyond 730 days


def _flow_logs(vpc: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not any((log.properties.text("trafficType") or "") == "ALL" for log in vpc.referrers("vpcId", _FLOW_LOG)):
        yield "no flow log records all of its traffic"


def _delivered(log: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if log.properties.text("trafficType") not in (None, "ALL"):
        yield "it records only part of the traffic"
    if (log.properties.text("logDestinationType") or "cloud-watch-logs") != "cloud-watch-logs":
        yield "it is not delivered to CloudWatch Logs"
    if log.properties.given("deliverCrossAccountRole"):
        yield "deliverCrossAccountRole is given, so that it leaves the account"
    written = known_text(log, "logFormat")
    if written and (missing := [field for field in _FIELDS if f"${{{field}}}" not in written]):
        yield f"logFormat lacks {', '.join(missing)}, without which a connection can't be told"
    if not log.refers("logDestination", _LOG_GROUP):
        yield "logDestination refers to no log group of this stack"
    roles = log.refers("iamRoleArn", ROLE)
    if not roles:
        yield "iamRoleArn refers to no role of this stack, without which nothing is delivered"
    for role in roles:
        trusted = [allowed_in(statement, "Principal") for statement in role.properties.statements("assumeRolePolicy")]
        if not any(_SERVICE in as_texts(who.get("Service")) for who in trusted if isinstance(who, dict)):
            yield f"{role.name} does not trust {_SERVICE}"
        if missing := not_granted(role, _DELIVERS):
            yield f"no policy of {role.name} allows {' and '.join(missing)}"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    days = group.properties.number("retentionInDays")
    if group.referrers("logDestination", _FLOW_LOG) and days and days < minimum:
        yield f"it keeps flow logs for {days:.0f} days, not {minimum:.0f}"


def _retention_set(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if not properties.number("retentionInDays"):
        yield "retentionInDays is not set, so that it keeps everything forever"
    if properties.text("logGroupClass") == "DELIVERY":
        yield "logGroupClass is DELIVERY, which keeps everything for two days whatever retentionInDays says"


def _encrypted(group: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not group.refers("kmsKeyId", *_KEYS):
        yield "kmsKeyId refers to no key of this stack"


FLOW_LOG_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="vpc-flow-logs",
        title="Every VPC has a flow log of all traffic",
        clauses=("audit-vpc-flow-logs",),
        severity="high",
        types=frozenset({VPC}),
        check=_flow_logs,
        controls=("EC2.6", "CIS 3.7", "CKV2_AWS_11", "AwsSolutions-VPC7", "vpc_flow_logs_enabled"),
        remediation="Declare an aws.ec2.FlowLog of traffic type ALL for the VPC.",
    ),
    StackGuardrail(
        id="flow-logs-delivered",
        title="Flow logs record all traffic and reach a log group of the stack",
        clauses=("audit-vpc-flow-logs",),
        severity="high",
        types=frozenset({_FLOW_LOG}),
        check=_delivered,
        remediation="Point the flow log at a log group of the stack, with a role that may write to it.",
    ),
    StackGuardrail(
        id="flow-logs-kept-two-years",
        title="Flow logs are kept for two years",
        clauses=("audit-vpc-flow-logs",),
        severity="medium",
        types=frozenset({_LOG_GROUP}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, _TWO_YEARS, "Days that flow logs are kept at least."
            )
        },
        remediation="Leave network.flowLogRetentionDays out, or set it to 731 or more.",
    ),
    ResourceGuardrail(
        id="log-groups-expire",
        title="Every log group has a retention period",
        clauses=("obs-default-retention-90", "audit-vpc-flow-logs"),
        severity="medium",
        types=frozenset({_LOG_GROUP}),
        check=_retention_set,
        controls=("CKV_AWS_66", "cloudwatch_log_group_retention_policy_specific_days_enabled"),
        remediation="Set retentionInDays to the period that the decision gives this kind of log.",
    ),
    StackGuardrail(
        id="log-groups-encrypted",
        title="Every log group is encrypted with a key of the stack",
        clauses=("enc-rest-others", "audit-vpc-flow-logs"),
        severity="high",
        types=frozenset({_LOG_GROUP}),
        check=_encrypted,
        controls=("CKV_AWS_158", "cloudwatch_log_group_kms_encryption_enabled"),
        remediation="Pass the ARN of the SecurityLayer's log key as kmsKeyId.",
    ),
)
