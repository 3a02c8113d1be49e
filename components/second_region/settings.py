"""What a stack's YAML says about the second region: ``fitness-platform:standby``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.naming import REGION_FORM
from components.primary_stack import REPLICATED
from components.private_bucket import LockMode
from components.settings_base import Conflict, Form, KeepsAdr, Settings


class StandbySettings(Settings):
    """Which region holds copies of what this one holds, and how. Every default but the region is the decision's."""

    region: Annotated[
        Annotated[str, Form(*REGION_FORM)] | None,
        KeepsAdr("dr-db-cross-region-copies", "a region other than the stack's", lambda region: region is not None),
    ] = Field(
        default=None,
        examples=[None, "us-east-2", "ca-central-1", "eu-west-1", "ap-southeast-4"],
        description=(
            "The second region, one of the partition aws, which RDS replicates backups to from the stack's own; null: "
            "there is none, and nothing survives the loss of the first."
        ),
    )
    backup_days: Annotated[int, KeepsAdr("dr-db-35d", "35", lambda days: days == 35)] = Field(
        default=35, ge=1, le=35, description="Days that copies of the database's backups are kept there."
    )
    lock_mode: Annotated[
        LockMode,
        KeepsAdr("dr-db-cross-region-copies", "GOVERNANCE or COMPLIANCE", lambda mode: mode != "none"),
    ] = Field(
        default="GOVERNANCE",
        description=(
            "Whether copies in the vault there can't be deleted early: GOVERNANCE, but by whoever may take the lock "
            "off; COMPLIANCE, by nobody ever, once lockGraceDays are over; or none."
        ),
    )
    lock_grace_days: int = Field(
        default=3, ge=3, le=365, description="Days after which nobody can change a lock in COMPLIANCE mode any more."
    )
    replicated: Annotated[
        tuple[Literal["videos", "images", "documents", "backups"], ...],
        KeepsAdr("dr-s3-crr", "all four", lambda kinds: set(kinds) == set(REPLICATED)),
    ] = Field(
        default=REPLICATED,
        description=(
            "Which buckets are replicated there. Of videos it is the masters, from which renditions can be encoded "
            "again; exports for analytics can be made again."
        ),
    )
    ready_service: Annotated[str, Form(r"^[a-z][a-z0-9-]{1,40}$", "the name of a service")] = Field(
        default="payment",
        examples=["auth"],
        description=(
            "Service whose tasks there tell, each minute, whether their database accepts writes: 1 by the metric "
            "DatabaseWritable, else 0. Requests go there only once all of them say so."
        ),
    )
    time_control: Annotated[bool, KeepsAdr("dr-rpo-1h", "true", bool)] = Field(
        default=True,
        description="Whether S3 promises to replicate documents within 15 minutes, at about 0.015 USD for each GB.",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield buckets that are named twice."""
        if len(set(self.replicated)) < len(self.replicated):
            yield Conflict(("replicated",), self.replicated, "each bucket once")
