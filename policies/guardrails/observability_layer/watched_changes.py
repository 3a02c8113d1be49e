"""Changes that somebody is told of, as CloudWatch.1 to CloudWatch.14 and CIS 4 list them."""

import re
from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, StackGuardrail
from guardrails.observability_layer.errors import task_log_groups
from guardrails.observability_layer.resources import ALARM, LOG_GROUP, METRIC_FILTER, STACK, TOPIC
from guardrails.security_layer.log_archives import TRAIL

_LONGEST = 300  # seconds until somebody is told
_RESERVED = "AWS/"
_BUSINESS, _COUNTED_BY_BUSINESS = "FitnessPlatform/Business", ("Signups", "Payments", "Usage")
_EVENT = re.compile(r'\{ *\$\.event *= *"[a-z.]+" *\}')


def _calls(names: str, service: str = "") -> str:
    """Return the pattern of calls, as Security Hub compares it; ``names`` are apart by blanks."""
    alternatives = "||".join(f"($.eventName={name})" for name in names.split())
    return f"{{($.eventSource={service}.amazonaws.com)&&({alternatives})}}" if service else f"{{{alternatives}}}"


# https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
_PATTERNS: Mapping[str, str] = {
    "use of the account's root": '{$.userIdentity.type="Root"&&$.userIdentity.invokedByNOTEXISTS&&$.eventType'
    '!="AwsServiceEvent"}',
    "calls that are refused": '{($.errorCode="*UnauthorizedOperation")||($.errorCode="AccessDenied*")}',
    "log-ins without a second factor": '{($.eventName="ConsoleLogin")&&($.additionalEventData.MFAUsed!="Yes")&&'
    '($.userIdentity.type="IAMUser")&&($.responseElements.ConsoleLogin="Success")}',
    "changes of IAM policies": _calls(
        "DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy "
        "DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy "
        "DetachUserPolicy AttachGroupPolicy DetachGroupPolicy",
        "iam",
    ),
    "changes of trails": _calls("CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging"),
    "log-ins that fail": '{($.eventName=ConsoleLogin)&&($.errorMessage="Failedauthentication")}',
    "keys that are disabled or deleted": _calls("DisableKey ScheduleKeyDeletion", "kms"),
    "changes of bucket policies": _calls(
        "PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy "
        "DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication",
        "s3",
    ),
    "changes of AWS Config": _calls(
        "StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder", "config"
    ),
    "changes of security groups": _calls(
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress "
        "RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup"
    ),
    "changes of network ACLs": _calls(
        "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry "
        "ReplaceNetworkAclAssociation"
    ),
    "changes of gateways": _calls(
        "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway "
        "DeleteInternetGateway DetachInternetGateway"
    ),
    "changes of routes": _calls(
        "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute "
        "DisassociateRouteTable",
        "ec2",
    ),
    "changes of VPCs": _calls(
        "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection "
        "DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc "
        "DisableVpcClassicLink EnableVpcClassicLink"
    ),
}


def _filters(trail: Node, pattern: str) -> list[Node]:
    """Return what counts the events of a trail that match a pattern."""
    return [
        found
        for group in trail.refers("cloudWatchLogsGroupArn", LOG_GROUP)
        for found in group.referrers("logGroupName", METRIC_FILTER)
        if "".join((found.properties.text("pattern") or "").split()) == pattern
        and found.properties.text("metricTransformation.value") == "1"
    ]


def _counted(trail: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if missing := [what for what, pattern in _PATTERNS.items() if not _filters(trail, pattern)]:
        yield f"no metric filter of its log group counts {', '.join(missing)}"


def _told(trail: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for what, pattern in _PATTERNS.items():
        counted = _filters(trail, pattern)
        if counted and not any(_alarms(found, graph) for found in counted):
            yield f"no alarm of this stack tells of {what} as soon as there is one"


def _alarms(counted: Node, graph: Graph) -> bool:
    namespace, metric = (counted.properties.text(f"metricTransformation.{key}") for key in ("namespace", "name"))
    for alarm in graph.of_type(ALARM):
        properties = alarm.properties
        if (properties.text("namespace"), properties.text("metricName")) != (namespace, metric):
            continue
        threshold, comparison = properties.number("threshold"), properties.text("comparisonOperator")
        if (
            (comparison, threshold) in (("GreaterThanOrEqualToThreshold", 1), ("GreaterThanThreshold", 0))
            and properties.text("statistic") == "Sum"
            and 0 < (properties.number("period") or 0) <= _LONGEST
            and properties.number("evaluationPeriods") == 1
            and not properties.given("dimensions")
            and properties.flag_or("actionsEnabled", True)
            and alarm.refers("alarmActions", TOPIC)
        ):
            return True
    return False


def _of_stack(counted: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not counted.refers("logGroupName", LOG_GROUP):
        yield "logGroupName refers to no log group of this stack"
    namespace = counted.properties.text("metricTransformation.namespace")
    if namespace is None or namespace.startswith(_RESERVED):
        yield f"its metric is in {namespace or 'no namespace'}, and those of AWS are AWS's to fill"


def _business(_stack: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    written = task_log_groups(graph)
    if not written:
        return
    for name in _COUNTED_BY_BUSINESS:
        found = [
            one
            for one in graph.of_type(METRIC_FILTER)
            if one.properties.text("metricTransformation.namespace") == _BUSINESS
            and one.properties.text("metricTransformation.name") == name
            and one.properties.text("metricTransformation.value") == "1"
            and _EVENT.fullmatch(one.properties.text("pattern") or "")
            and any(group in written for group in one.refers("logGroupName", LOG_GROUP))
        ]
        if len(found) != 1:
            yield f"{len(found) or 'no'} metric filters count {name} in the log of a service, not 1"


WATCHED_CHANGE_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="watched-changes-counted",
        title="Calls that change who may do what, or who sees it, are counted",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({TRAIL}),
        check=_counted,
        controls=(
            "CIS 4.1",
            "CIS 4.3",
            "CIS 4.4",
            "CIS 4.5",
            "CIS 4.7",
            "CIS 4.8",
            "CIS 4.10",
            "CIS 4.13",
            "CIS 4.14",
            "cloudwatch_log_metric_filter_unauthorized_api_calls",
        ),
        remediation="Leave the patterns as components/observability_layer/watched_changes.py has them.",
    ),
    StackGuardrail(
        id="watched-changes-told",
        title="Somebody is told of each such call",
        clauses=("audit-cloudtrail-2y",),
        severity="medium",
        types=frozenset({TRAIL}),
        check=_told,
        controls=tuple(f"CloudWatch.{number}" for number in range(1, 15)),
        remediation="Declare an alarm on the sum of the metric, of 1 or more in five minutes, that tells a topic.",
    ),
    StackGuardrail(
        id="business-counted",
        title="Signups, payments and usage are counted where services log them",
        clauses=("obs-custom-metrics", "obs-dash-business"),
        severity="low",
        types=frozenset({STACK}),
        check=_business,
        remediation="Leave the filters as components/observability_layer/business.py has them.",
    ),
    StackGuardrail(
        id="metric-filters-of-stack",
        title="Metric filters count in log groups of the stack, and in namespaces of their own",
        clauses=("obs-custom-metrics", "audit-cloudtrail-2y"),
        severity="low",
        types=frozenset({METRIC_FILTER}),
        check=_of_stack,
        remediation="Pass the name of a log group of the stack, and a namespace that does not begin with AWS/.",
    ),
)
