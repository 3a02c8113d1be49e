"""Logs of the search domain: who did what, what was slow, and what went wrong."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import allow, document, service
from components.search_layer.names import domain_arn, domain_name
from components.search_layer.settings import SearchSettings


class _Log(NamedTuple):
    type: str
    """What the domain calls it."""
    label: str
    audit: bool


_LOGS = (
    _Log("AUDIT_LOGS", "audit", True),
    _Log("ES_APPLICATION_LOGS", "application", False),
    _Log("INDEX_SLOW_LOGS", "index-slow", False),
    _Log("SEARCH_SLOW_LOGS", "search-slow", False),
)


class DomainLogs(pulumi.ComponentResource):
    """A log group for each kind of log, to which this domain may write and no other. Carries obs-retention-audit."""

    arns: Mapping[str, str]
    """ARNs of the log groups, by what the domain calls the log: known, so that each can be told from the others."""
    needs: Sequence[pulumi.Resource]
    """What the domain waits for: its groups, and what lets it write. AWS refuses a domain that may not."""

    def __init__(
        self,
        name: str,
        *,
        settings: SearchSettings,
        naming: Naming,
        key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:search:DomainLogs", name, None, opts)
        groups = {log.type: f"/aws/opensearch/{domain_name(naming)}/{log.label}" for log in _LOGS}
        self.arns = {kind: naming.arn("logs", f"log-group:{group}") for kind, group in groups.items()}
        declared = [
            aws.cloudwatch.LogGroup(
                f"{name}-{log.label}",
                name=groups[log.type],
                retention_in_days=settings.audit_log_days if log.audit else settings.log_days,
                kms_key_id=key_arn,
                tags={"Name": groups[log.type]},
                opts=pulumi.ResourceOptions(parent=self, protect=protect),
            )
            for log in _LOGS
        ]
        policy = aws.cloudwatch.LogResourcePolicy(
            f"{name}-policy",
            policy_name=naming.name("search-logs"),
            policy_document=_written_by_domain(naming, list(groups.values())),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.needs = [*declared, policy]
        self.register_outputs({"arns": self.arns})


def _written_by_domain(naming: Naming, groups: Sequence[str]) -> str:
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
    return document(
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [naming.arn("logs", f"log-group:{group}:*") for group in groups],
            sid="WriteLogsOfDomain",
            principal=service("es"),
            condition={
                "StringEquals": {"aws:SourceAccount": naming.account_id},
                "ArnEquals": {"aws:SourceArn": domain_arn(naming)},
            },
        )
    )
