"""The stack whose second region this one is: what its standby says of it, and what it reads of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network
from typing import Annotated, Literal

import pulumi
from pydantic import Field

from components.naming import PROJECT, REGION_FORM, Naming
from components.settings_base import Block, Conflict, Form, Settings

REPLICATED = ("videos", "images", "documents", "backups")
"""What the buckets hold that a primary replicates to its second region."""


class PrimarySettings(Settings):
    """Which stack a standby stands in for: ``fitness-platform:primary``."""

    stack: Annotated[str, Form(r"^[A-Za-z0-9_.-]{1,100}$", "the name of a stack of this project, such as prod")] = (
        Field(
            examples=["prod", "live.2"],
            description="Name of the primary's stack, in the same project and organization. It is deployed first.",
        )
    )
    region: Annotated[str, Form(*REGION_FORM)] = Field(
        examples=["us-east-1", "eu-central-1"], description="Region of the primary."
    )
    vpc_cidr: Block = Field(
        default=IPv4Network("10.0.0.0/16"),
        examples=["10.32.0.0/16"],
        description="IPv4 block of the primary's VPC, which the standby's own must not overlap: they may be joined.",
    )
    replicated: tuple[Literal["videos", "images", "documents", "backups"], ...] = Field(
        default=REPLICATED,
        description="Which buckets the primary replicates here, as its standby.replicated says.",
    )

    min_per_az: int = Field(
        default=2,
        ge=1,
        le=100,
        description="Tasks in each zone that runbooks give each service at least, once the standby has taken over.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield buckets that are named twice."""
        if len(set(self.replicated)) < len(self.replicated):
            yield Conflict(("replicated",), self.replicated, "each bucket once")


@dataclass(frozen=True, slots=True)
class PrimaryStack:
    """What a standby has of its primary. What must be known at the first preview is built from names."""

    database_arn: str
    """ARN of the database that the standby replicates."""
    app_secret_arn: pulumi.Output[str]
    """ARN of the copy here of the secret that services log in to the database with."""


def primary_stack(settings: PrimarySettings | None, naming: Naming) -> PrimaryStack | None:
    """Refer to the stack that a standby stands in for; nothing where there is none.

    The program says so where that stack was never deployed, and fails where its database is another one than the
    settings lead to.
    """
    if settings is None:
        return None
    stack = f"{pulumi.get_organization()}/{PROJECT}/{settings.stack}"
    reference = pulumi.StackReference(stack)
    database_arn = naming.in_region(settings.region).arn("rds", f"db:{naming.name('db')}")
    reference.get_output("databaseArn").apply(partial(_expect, stack, database_arn))
    secret_arn = reference.get_output("databaseAppSecretArn").apply(partial(_copy_here, settings.region, naming))
    return PrimaryStack(database_arn, secret_arn)


def _expect(stack: str, expected: str, found: str | None) -> None:
    if found is None:
        pulumi.log.warn(f"stack {stack} has no output databaseArn: it has to be deployed before its standby")
    elif found != expected:
        raise pulumi.RunError(
            f"stack {stack}: found the database {found}; allowed: {expected}, as fitness-platform:primary.region and "
            "fitness-platform:platform say here"
        )


def _copy_here(primary_region: str, naming: Naming, arn: str | None) -> str:
    """Return the ARN that Secrets Manager gives to a secret's replica: the region differs and nothing else.

    Before the primary is deployed it is the ARN without the characters at its end that nobody knows yet.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """
    if arn is None:
        return naming.arn("secretsmanager", f"secret:{naming.name('database', 'app')}")
    return arn.replace(f":{primary_region}:", f":{naming.region}:", 1)
