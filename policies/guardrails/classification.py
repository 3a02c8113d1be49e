"""Every type of resource is one that a guardrail looks at, or one that is listed here with a reason.

A new service can't slip in unchecked: it is a violation until somebody has written what must hold of it.
"""

from collections.abc import Iterable, Mapping

from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Relaxations, ResourceGuardrail, StackGuardrail

_OWN_COMPONENTS = "fitness-platform:"

NOTHING_TO_CHECK: Mapping[str, str] = {
    "aws:acm/certificateValidation:CertificateValidation": "waits for a certificate; its users follow it",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": "copies-locked reads it by its vault",
    "aws:cfg/recorderStatus:RecorderStatus": "config-recorder-on follows it from its recorder",
    "aws:cloudwatch/eventRule:EventRule": "spot-interruptions-told follows it from its events to their target",
    "aws:cloudwatch/dashboard:Dashboard": "dashboards-declared reads it by its name",
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "budgets-tell-a-topic follows it from its subscription",
    "aws:ec2/internetGateway:InternetGateway": "who leads to it is judged at routes and subnets",
    "aws:lambda/alias:Alias": "functions-published follows it from its function to a version",
    "aws:rds/eventSubscription:EventSubscription": "database-events follows it to its topic",
    "aws:rds/proxyTarget:ProxyTarget": "proxy-targets-primary and database-proxied follow it",
    "aws:wafv2/webAclAssociation:WebAclAssociation": "guardrails of load balancers and stages follow it",
    "awsx:ecr:Repository": "only holds a repository and its lifecycle policy, which are judged by themselves",
    "pulumi:providers:awsx": "makes repositories through the AWS provider of the stack",
    "pulumi:pulumi:StackReference": "only read; guardrails refuse what it is used for where they can't follow it",
}
"""Types that no guardrail names, each with the reason."""

LOOKED_AT_IN_PART: Mapping[str, str] = {
    "aws:ec2/instance:Instance": "its disks, role and metadata service; the decision runs containers and no servers",
    "aws:ec2/networkInterface:NetworkInterface": "its security groups, and what it is attached to",
    "aws:ecs/taskSet:TaskSet": "its tasks, deployments and scaling",
    "aws:efs/mountTarget:MountTarget": "its security groups, and the encryption of the file system",
    "aws:scheduler/schedule:Schedule": "what it calls, and with which role",
}
"""Types that guardrails place in the network or tell who reaches them, each with what nobody looks at yet.

The layer that declares one brings guardrails for the rest, and takes the type out of here.
"""


def classification(guardrails: Iterable[Guardrail]) -> StackGuardrail:
    """Return the guardrail that finds resources of types which none of ``guardrails`` has looked at.

    Guardrails that apply to every resource don't count: they can't know what matters to a type.
    """
    looked_at = {
        type_
        for guardrail in guardrails
        if isinstance(guardrail, ResourceGuardrail | StackGuardrail)
        for type_ in guardrail.types
    }

    def check(node: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
        if missing := LOOKED_AT_IN_PART.get(node.type):
            yield f"guardrails look at some properties of {node.type}, but not at {missing}"
        elif node.type not in looked_at | NOTHING_TO_CHECK.keys() and not node.type.startswith(_OWN_COMPONENTS):
            yield f"no guardrail looks at {node.type}{_advice(node.type)}"

    return StackGuardrail(
        id="resource-types-classified",
        title="Every type of resource is looked at by a guardrail, or listed as having nothing to check",
        clauses=("dr-iac-git",),
        severity="high",
        types=frozenset(),
        check=check,
        remediation=(
            "Use a type that the stack has already. Else write guardrails for this one, or give the reason why there "
            "is nothing to check in policies/guardrails/classification.py."
        ),
    )


def _advice(type_: str) -> str:
    if type_.startswith("pulumi:providers:"):
        return ", which brings resources of another package"
    if type_.startswith("pulumi-"):
        return ", which runs code of its own in place of a provider"
    return ""
