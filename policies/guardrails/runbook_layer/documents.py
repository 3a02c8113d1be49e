"""Clauses dr-rto-2h, dr-failover-manual-replica and -cross-region: what runbooks do, to what, and how soon."""

import re
from collections.abc import Iterable, Iterator, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, StackGuardrail
from guardrails.placement import known_text
from guardrails.provider import own_accounts, region_of, second_region
from guardrails.runbook_layer.content import DOCUMENT, Step, content_of, steps_of

STACK = "pulumi:pulumi:Stack"
_ROLE = "aws:iam/role:Role"
_INSTANCE = "aws:rds/instance:Instance"
_TARGET = "aws:rds/proxyTarget:ProxyTarget"
_SERVICE = "aws:ecs/service:Service"
_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping"
_FUNCTION = "aws:lambda/function:Function"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_ACTIONS = frozenset(
    {
        "aws:assertAwsResourceProperty",
        "aws:executeAutomation",
        "aws:executeAwsApi",
        "aws:sleep",
        "aws:waitForAwsResourceProperty",
    }
)
"""What steps may be: none runs code, and none asks another account or region."""
_CALLS = frozenset(
    {
        "application-autoscaling:RegisterScalableTarget",
        "cloudwatch:DescribeAlarms",
        "ecs:DescribeServices",
        "ecs:UpdateService",
        "lambda:ListEventSourceMappings",
        "lambda:UpdateEventSourceMapping",
        "rds:CreateDBInstanceReadReplica",
        "rds:DeregisterDBProxyTargets",
        "rds:DescribeDBInstanceAutomatedBackups",
        "rds:DescribeDBInstances",
        "rds:ModifyDBInstance",
        "rds:PromoteReadReplica",
        "rds:RegisterDBProxyTargets",
        "rds:RestoreDBInstanceToPointInTime",
        "s3:PutBucketNotificationConfiguration",
    }
)
"""What steps may call. No name of Route 53 is edited, which only the first region could do, and nothing is deleted."""
_NAMES: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("DBInstanceIdentifier", "DBInstanceIdentifiers", "SourceDBInstanceIdentifier"): (_INSTANCE, "identifier"),
    ("DBSubnetGroupName",): ("aws:rds/subnetGroup:SubnetGroup", "name"),
    ("DBParameterGroupName",): ("aws:rds/parameterGroup:ParameterGroup", "name"),
    ("DBProxyName",): ("aws:rds/proxy:Proxy", "name"),
    ("cluster",): ("aws:ecs/cluster:Cluster", "name"),
    ("service", "services"): (_SERVICE, "name"),
    ("DocumentName",): (DOCUMENT, "name"),
    ("FunctionName",): (_FUNCTION, "name"),
}
"""Inputs that name something, and what: its type and the property that has its name."""
_ASIDE = "-before-failover"
"""End of the identifier that a database gets which is put aside."""
_MINUTES_30, _HOURS_2 = 1800, 7200
_BOUNDS: Mapping[str, int] = {"fail-over": _MINUTES_30, "promote-read-replica": 300, "restore-database": _HOURS_2}
"""Seconds that runbooks may take, by the last part of their names."""


def _readable(document: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if (kind := document.properties.text("documentType")) != "Automation":
        yield f"documentType is {kind}, not Automation, so that it runs commands on machines"
        return
    if (version := content_of(document).get("schemaVersion")) != "0.3":
        yield f"schemaVersion of content is {version}, not 0.3"
    if not steps_of(document):
        yield "content has no mainSteps"
    if document.properties.given("permissions"):
        yield "permissions are given, so that other accounts read and run it"
    if document.properties.given("attachmentsSources"):
        yield "attachmentsSources are given, so that it runs what nobody can read here"


def _by_own_role(document: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    named = content_of(document).get("assumeRole")
    own = {
        f"arn:aws:iam::{account}:role/{known_text(role, 'name')}"
        for role in graph.of_type(_ROLE)
        for account in own_accounts(role)
    }
    if named not in own:
        yield f"assumeRole is {named or 'not given'}, no role of this stack, so that it does what its starter may"


def _calls(document: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    for step in steps_of(document):
        if step.action not in _ACTIONS:
            yield f"step {step.name} is {step.action}, which may do anything"
        elif step.action == "aws:executeAutomation" and {"TargetLocations", "TargetLocationsURL"} & step.inputs.keys():
            yield f"step {step.name} runs in other accounts or regions"
        elif step.action not in ("aws:sleep", "aws:executeAutomation") and step.call not in _CALLS:
            yield f"step {step.name} calls {step.call or 'nothing'}, which no runbook needs"


def _there(document: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for step in steps_of(document):
        for keys, (type_, property_) in _NAMES.items():
            known = {known_text(node, property_) for node in graph.of_type(type_)}
            for key, name in step.named(*keys):
                if _bare(name, document) not in known and not name.endswith(_ASIDE) and not _far(key, name):
                    yield f"{key} of step {step.name} is {name}, which nothing of this stack is called"
        yield from _scalable(step, graph)


def _bare(name: str, document: Node) -> str:
    """Return a name without the alias of a function, or the ARN around it in the document's region."""
    return name.removesuffix(":live").removeprefix(f"arn:aws:rds:{region_of(document)}:")


def _far(key: str, name: str) -> bool:
    """Return whether a name is that of a database elsewhere, by its ARN: what a replica is made of."""
    return key == "SourceDBInstanceIdentifier" and name.startswith("arn:aws:rds:")


def _scalable(step: Step, graph: Graph) -> Iterator[str]:
    known = {
        f"service/{cluster}/{known_text(service, 'name')}"
        for service in graph.of_type(_SERVICE)
        for cluster in {known_text(node, "name") for node in graph.of_type("aws:ecs/cluster:Cluster")}
    }
    for key, name in step.named("ResourceId"):
        if name not in known:
            yield f"{key} of step {step.name} is {name}, which nothing of this stack is called"


def _in_time(document: Node, graph: Graph, _: Relaxations) -> Iterable[str]:
    for step in steps_of(document):
        if step.expected_seconds is None:
            yield f"description of step {step.name} does not end with what it takes, as Expected: 60 s."
        elif step.timeout_seconds is None or step.timeout_seconds < step.expected_seconds:
            yield f"timeoutSeconds of step {step.name} is not given, or less than {step.expected_seconds}"
    name = known_text(document, "name") or ""
    bound = next((seconds for label, seconds in _BOUNDS.items() if _is_called(name, label)), None)
    if bound is not None and (total := _total(document, graph)) > bound:
        yield f"its steps take {total} s, more than {bound}"


def _total(document: Node, graph: Graph) -> int:
    """Return what a document takes by its steps; a part that is a document of its own takes what that one does."""
    parts = {known_text(other, "name"): other for other in graph.of_type(DOCUMENT) if other is not document}
    total = 0
    for step in steps_of(document):
        own = step.expected_seconds or 0
        runs = [parts[name] for _, name in step.named("DocumentName") if name in parts]
        total += max(own, sum(sum(inner.expected_seconds or 0 for inner in steps_of(part)) for part in runs))
    return total


def _complete(_stack: Node, graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    documents = {known_text(node, "name") or "": node for node in graph.of_type(DOCUMENT)}

    def found(label: str) -> Node | None:
        return next((node for name, node in documents.items() if _is_called(name, label)), None)

    wanted = ["restore-database"]
    if second_region(graph):
        wanted += ["prepare-fail-back", "fail-back"]
    if any(_is_in_reserve(instance) for instance in graph.of_type(_INSTANCE)):
        wanted.append("promote-read-replica")
    if relaxations.flag("takesOver"):
        wanted += ["promote-database", "scale-out", "enable-consumers", "verify-failover", "fail-over"]
    for label in wanted:
        if found(label) is None:
            yield f"no document is called {label}"
    if relaxations.flag("takesOver"):
        yield from _covers(graph, found("scale-out"), found("enable-consumers"))


def _is_called(name: str, label: str) -> bool:
    return bool(re.fullmatch(rf"fitness-platform-[a-z0-9]+-{label}", name))


def _is_in_reserve(instance: Node) -> bool:
    """Return whether an instance is a replica of one here that a proxy leads to, and may take its place."""
    sources = instance.refers("replicateSourceDb", _INSTANCE)
    return any(source.referrers("dbInstanceIdentifier", _TARGET) for source in sources)


def _covers(graph: Graph, scale_out: Node | None, consumers: Node | None) -> Iterator[str]:
    """Yield what a failover would leave as it is in a standby."""
    if scale_out is not None:
        raised = {name for step in steps_of(scale_out) for _, name in step.named("service")}
        for service in graph.of_type(_SERVICE):
            name = known_text(service, "name")
            if service.properties.given("loadBalancers") and name not in raised:
                yield f"{scale_out.name} leaves {name} as small as it is"
    if consumers is not None:
        enabled = {name.removesuffix(":live") for step in steps_of(consumers) for _, name in step.named("FunctionName")}
        for source in graph.of_type(_SOURCE):
            names = {_function_name(node) for node in source.refers("functionName")}
            if not names & enabled:
                yield f"{consumers.name} does not enable {source.name}"


def _function_name(node: Node) -> str | None:
    """Return what a function is called, by itself or by its alias."""
    return (
        known_text(node, "name")
        if node.type == _FUNCTION
        else known_text(node, "functionName")
        or next((known_text(function, "name") for function in node.refers("functionName", _FUNCTION)), None)
    )


_OF_FAILOVER = ("dr-failover-cross-region", "dr-failover-manual-replica", "dr-rto-2h")

RUNBOOK_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="runbooks-readable",
        title="Documents of SSM are runbooks that can be read here, and are for this account alone",
        clauses=("dr-failover-cross-region",),
        severity="high",
        types=frozenset({DOCUMENT}),
        check=_readable,
        controls=("SSM.4", "ssm_document_secrets", "ssm_documents_set_as_public"),
        remediation="Declare runbooks by components/runbook_layer, and leave permissions out.",
    ),
    StackGuardrail(
        id="runbooks-by-own-role",
        title="Runbooks act with a role of the stack",
        clauses=("dr-failover-cross-region", "dr-config-secrets-manager"),
        severity="high",
        types=frozenset({DOCUMENT}),
        check=_by_own_role,
        remediation="Name the role of components/runbook_layer as assumeRole.",
    ),
    StackGuardrail(
        id="runbooks-call-what-they-need",
        title="Steps of runbooks call what a failover needs: no record is edited, nothing deleted, no code run",
        clauses=("dr-failover-cross-region",),
        severity="critical",
        types=frozenset({DOCUMENT}),
        check=_calls,
        remediation="Write the step with the APIs of this guardrail, or argue for another one here.",
    ),
    StackGuardrail(
        id="runbooks-name-what-exists",
        title="Steps of runbooks name what the stack has",
        clauses=_OF_FAILOVER,
        severity="high",
        types=frozenset({DOCUMENT}),
        check=_there,
        remediation="Take names from what __main__.py hands to the RunbookLayer.",
    ),
    StackGuardrail(
        id="runbooks-in-time",
        title="Steps of runbooks say how long they take and end, and together keep to the decision's times",
        clauses=_OF_FAILOVER,
        severity="medium",
        types=frozenset({DOCUMENT}),
        check=_in_time,
        remediation="Give each step an expected time and a timeout that is longer.",
    ),
    StackGuardrail(
        id="runbooks-complete",
        title="The runbooks that a region needs are there, and leave out no service and no consumer",
        clauses=_OF_FAILOVER,
        severity="high",
        types=frozenset({STACK}),
        check=_complete,
        options={
            "takesOver": Option({"type": "boolean"}, False, "Whether the stack is a standby, which may take over."),
        },
        remediation="Leave the RunbookLayer in __main__.py as it is.",
    ),
)
