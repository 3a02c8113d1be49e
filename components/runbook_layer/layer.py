"""The RunbookLayer component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import Statement, document, trust
from components.runbook_layer.database import Database, fail_back, promote_analytics, restore
from components.runbook_layer.failover import Region, failover, role_name
from components.runbook_layer.steps import Runbook


@dataclass(frozen=True, slots=True)
class RunbookArgs:
    """What a RunbookLayer is made from: names alone, so that every document is known before anything exists."""

    naming: Naming
    database: Database
    takes_over: Region | None
    """What a failover to this region works on; none in a primary."""
    second: Naming | None
    """Names in the second region, for going back from there; none where there is none."""


class RunbookLayer(pulumi.ComponentResource):
    """Documents of SSM Automation in the region where they are needed, and the role that they act with.

    Carries dr-rto-2h, dr-failover-manual-replica and dr-failover-cross-region. ``docs/runbooks`` shows them as pages.
    """

    document_names: Mapping[str, str]
    """Names of the documents, by runbook."""

    def __init__(self, name: str, args: RunbookArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:runbooks:RunbookLayer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        naming, books = args.naming, runbooks(args)
        label = role_name(naming)
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
        role = aws.iam.Role(
            f"{name}-role",
            name=label,
            description="Lets runbooks do what their steps say",
            assume_role_policy=trust(
                "ssm",
                {
                    "StringEquals": {"aws:SourceAccount": naming.account_id},
                    "ArnLike": {"aws:SourceArn": naming.arn("ssm", "automation-execution/*")},
                },
            ),
            tags={"Name": label},
            opts=child,
        )
        acts = aws.iam.RolePolicy(
            f"{name}-acts", name="act", role=role.id, policy=document(*_statements(books)), opts=child
        )
        for book in books:
            aws.ssm.Document(
                f"{name}-{book.name}",
                name=naming.name(book.name),
                document_type="Automation",
                document_format="JSON",
                content=book.content(f"arn:aws:iam::{naming.account_id}:role/{label}"),
                tags={"Name": naming.name(book.name)},
                opts=pulumi.ResourceOptions(parent=self, depends_on=[acts]),
            )
        self.document_names = {book.name: naming.name(book.name) for book in books}
        self.register_outputs({"document_names": self.document_names})


def runbooks(args: RunbookArgs) -> tuple[Runbook, ...]:
    """Return the runbooks of a region."""
    database = args.database
    books: list[Runbook] = [restore(database, replicated=args.takes_over is not None)]
    if database.analytics and database.proxy:
        books.append(promote_analytics(database, database.analytics, database.proxy))
    if args.second:
        books += fail_back(database, args.second)
    if args.takes_over:
        books += failover(args.takes_over)
    return tuple(books)


def _statements(books: Sequence[Runbook]) -> list[Statement]:
    """Return what all runbooks need, each statement once."""
    by_sid = {statement["Sid"]: statement for book in books for statement in book.statements}
    return [by_sid[sid] for sid in sorted(by_sid)]
