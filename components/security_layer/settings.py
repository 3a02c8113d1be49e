"""What a stack's YAML says about its security: ``fitness-platform:security``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, Settings

EmailAddress = Annotated[
    str, Form(r"^[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}$", "an e-mail address")
]


class SecuritySettings(Settings):
    """Keys, alerts and archives. Every default is the decision's value."""

    key_deletion_days: Annotated[
        int,
        KeepsAdr("enc-kms", "30", lambda days: days == 30),
    ] = Field(
        default=30,
        ge=7,
        le=30,
        description="Days between the deletion of a key and its end, in which it can be brought back: 7 to 30.",
    )
    alert_emails: tuple[EmailAddress, ...] = Field(
        default=(),
        examples=[["oncall@example.com"], ["o'neil+alerts@mail.example.co", "on-call_2@example.org"]],
        description="Who is mailed critical alerts. Each address confirms its subscription once.",
    )
    access_log_days: Annotated[
        int,
        KeepsAdr("obs-retention-api-access", "30 or more", lambda days: days >= 30),
    ] = Field(
        default=90,
        ge=1,
        le=3653,
        description="Days that access logs of load balancers and buckets are kept in their archive.",
    )
    audit_log_days: Annotated[
        int,
        KeepsAdr("obs-retention-audit", "731 or more", lambda days: days >= 731),
    ] = Field(
        default=731,
        ge=1,
        le=3653,
        description="Days that audit logs are kept in their archive.",
    )
    audit_lock_mode: Annotated[
        Literal["none", "GOVERNANCE", "COMPLIANCE"],
        KeepsAdr("obs-retention-audit", "GOVERNANCE or COMPLIANCE", lambda mode: mode != "none"),
    ] = Field(
        default="GOVERNANCE",
        description=(
            "How the audit archive keeps its objects from being deleted early. COMPLIANCE can't be taken back by "
            "anybody, and keeps the bucket from being destroyed until the last object has expired."
        ),
    )
    audit_archive_days: Annotated[
        int | None,
        KeepsAdr("dr-glacier-compliance", "365 or fewer", lambda days: days is not None and days <= 365),
    ] = Field(
        default=90,
        ge=0,
        le=3652,
        description="Days after which audit logs move to Glacier, from which they take hours to read; null: never.",
    )
    allow_east_west: Annotated[
        bool,
        KeepsAdr("net-sg-ecs", "true or false", lambda _: True),
    ] = Field(
        default=True,
        description="Whether services may call each other directly, as Service Connect does, and not only through "
        "the load balancer.",
    )
    lambda_database_access: Annotated[
        bool,
        KeepsAdr("net-sg-rds", "false", lambda allowed: not allowed),
    ] = Field(
        default=False,
        description="Whether functions may reach the database, through its proxy.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield addresses that are given twice, and audit logs that would be deleted before they move to Glacier."""
        for index, address in enumerate(self.alert_emails):
            if address in self.alert_emails[:index]:
                yield Conflict(("alertEmails", str(index)), address, "each of alertEmails once")
        if self.audit_archive_days is not None and self.audit_archive_days >= self.audit_log_days:
            yield Conflict(
                ("auditArchiveDays",),
                self.audit_archive_days,
                f"fewer than auditLogDays ({self.audit_log_days}), or null: S3 refuses to delete what is yet to move",
            )
