"""What a stack's YAML says about its media: ``fitness-platform:media``."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.private_bucket import LockMode
from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings

_GLACIER_DAYS = 90  # what moves on from Glacier sooner pays for the rest
_RARELY_READ_DAYS = 30
_DATABASE_BACKUP_DAYS = 35

RoleName = Annotated[
    str,
    Form(
        r"^([A-Za-z0-9_.,+@=-]{1,64}/){0,4}[A-Za-z0-9_.,+@=-]{1,64}$",
        "the name of an IAM role, after its path if it has one, such as ci/deploy",
    ),
]


TaskName = Annotated[
    str, Form(r"^[a-z](-?[a-z0-9])*$", "lower-case letters, digits and single hyphens, a letter first")
]

_HEIGHTS = {480, 720, 1080, 2160}


class RenditionSettings(Settings):
    """One size that every video is encoded in."""

    name: Annotated[str, Form(r"^[a-z0-9]{1,16}$", "up to 16 lower-case letters and digits, such as 1080p")] = Field(
        description="What it is called, once; the names of its files end with it."
    )
    height: int = Field(
        ge=144, le=2160, multiple_of=2, description="Lines, an even number; the width follows from the video's shape."
    )
    kbps: int = Field(ge=100, le=50_000, description="Thousands of bits a second, at most.")
    codec: Literal["H_264", "H_265"] = Field(
        default="H_264",
        description="How it is encoded. H_265 needs half the bits and costs several times as much.",
    )


class MediaSettings(Settings):
    """Buckets and what becomes of their objects. Every default is the decision's value."""

    master_archive_days: Annotated[int, KeepsAdr("media-bucket-videos", "90", lambda days: days == 90)] = Field(
        default=90,
        ge=0,
        le=3650,
        description="Days after which masters of videos move to Glacier, from which they take hours to read.",
    )
    master_deep_archive_days: Annotated[
        int | None, KeepsAdr("media-bucket-videos", "180 or more, or null", lambda days: days is None or days >= 180)
    ] = Field(
        default=365,
        ge=90,
        le=3650,
        examples=[180, 730],
        description="Days after which they move on to Glacier Deep Archive; null: never.",
    )
    rendition_archive_days: Annotated[int, KeepsAdr("media-bucket-videos", "90", lambda days: days == 90)] = Field(
        default=90,
        ge=0,
        le=3650,
        description="Days after which renditions, which players read, move to renditionArchiveClass.",
    )
    rendition_archive_class: Annotated[
        Literal["GLACIER_IR", "INTELLIGENT_TIERING", "STANDARD_IA"],
        KeepsAdr("media-bucket-videos", "GLACIER_IR", lambda storage_class: storage_class == "GLACIER_IR"),
    ] = Field(
        default="GLACIER_IR",
        description=(
            "Where renditions move to: classes that are read at once. Glacier's instant one costs 0.03 USD for each "
            "GB that is read; where many old videos are watched, INTELLIGENT_TIERING costs less."
        ),
    )
    backup_archive_days: Annotated[int, KeepsAdr("dr-glacier-compliance", "365 or fewer", lambda days: days <= 365)] = (
        Field(default=30, ge=0, le=3650, description="Days after which backups move to Glacier.")
    )
    backup_days: int | None = Field(
        default=731,
        ge=_DATABASE_BACKUP_DAYS,
        le=3653,
        examples=[None, 3653],
        description="Days that backups are kept, not fewer than those of the database; null: for ever.",
    )
    export_archive_days: Annotated[
        int, KeepsAdr("media-lifecycle-archive", "365 or fewer", lambda days: days <= 365)
    ] = Field(
        default=90,
        ge=0,
        le=3650,
        description="Days after which exports for analytics move to Glacier's instant class.",
    )
    version_days: Annotated[int, KeepsAdr("media-versioning-critical", "30 or more", lambda days: days >= 30)] = Field(
        default=90, ge=1, le=3650, description="Days that what was overwritten or deleted can be brought back."
    )
    lock_mode: Annotated[
        LockMode,
        KeepsAdr("dr-s3-versioning-mfa-delete", "GOVERNANCE or COMPLIANCE", lambda mode: mode != "none"),
    ] = Field(
        default="GOVERNANCE",
        description=(
            "How documents and backups are kept from being deleted early. GOVERNANCE can be passed by who may, with "
            "MFA; COMPLIANCE by nobody, and it keeps the bucket from being destroyed until the last lock has ended."
        ),
    )
    lock_days: Annotated[int, KeepsAdr("dr-s3-versioning-mfa-delete", "30 or more", lambda days: days >= 30)] = Field(
        default=35, ge=1, le=3650, description="Days for which no version of a document or backup can be deleted."
    )
    renditions: Annotated[
        tuple[RenditionSettings, ...],
        KeepsAdr(
            "media-rendition-4k",
            "any list with 480, 720, 1080 and 2160 lines in it",
            lambda renditions: {rendition.height for rendition in renditions} >= _HEIGHTS,
        ),
    ] = Field(
        default=(
            RenditionSettings(name="480p", height=480, kbps=1_500),
            RenditionSettings(name="720p", height=720, kbps=3_500),
            RenditionSettings(name="1080p", height=1080, kbps=6_000),
            RenditionSettings(name="4k", height=2160, kbps=14_000, codec="H_265"),
        ),
        min_length=1,
        max_length=10,
        examples=[
            [{"name": "480p", "height": 480, "kbps": 1000}, {"name": "720p", "height": 720, "kbps": 2500}],
            [
                {"name": "270p", "height": 270, "kbps": 400},
                {"name": "480p", "height": 480, "kbps": 1200},
                {"name": "720p", "height": 720, "kbps": 3000},
                {"name": "1080p", "height": 1080, "kbps": 5000, "codec": "H_265"},
                {"name": "2160p", "height": 2160, "kbps": 20000},
            ],
        ],
        description="Sizes that every video is encoded in. MediaConvert bills each by the minute, H_265 above all.",
    )
    segment_seconds: Literal[2, 4, 6, 8, 10] = Field(
        default=6, description="Seconds of a segment: players switch between renditions from one to the next."
    )
    audio_kbps: Literal[64, 96, 128, 192, 256] = Field(
        default=128, description="Thousands of bits a second of the sound, which all renditions share."
    )
    log_retention_days: Annotated[
        RetentionDays, KeepsAdr("obs-retention-app", "90 or more", lambda days: days >= 90)
    ] = Field(default=90, description="Days that logs of the functions around encoding are kept.")
    used_by: tuple[TaskName, ...] = Field(
        default=("content",),
        examples=[["content", "background"], []],
        description="Services and workers that upload masters, and that read and write images and documents.",
    )
    deploy_role: RoleName = Field(
        default="fitness-platform-deploy",
        examples=["ci/fitness-platform-deploy", "deploy@platform"],
        description=(
            "IAM role of this account that deploys the stack, by its path and name. It changes versioning, "
            "lifecycles, locks and policies of media's buckets without MFA, and nobody else does."
        ),
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield lifecycles that S3 would refuse, or that pay for Glacier without being there, and sizes given twice."""
        deep, first = self.master_deep_archive_days, self.master_archive_days
        if deep is not None and deep < first + _GLACIER_DAYS:
            yield Conflict(
                ("masterDeepArchiveDays",),
                deep,
                f"{first + _GLACIER_DAYS} or more, {_GLACIER_DAYS} days after masterArchiveDays ({first}), or null",
            )
        if self.rendition_archive_class == "STANDARD_IA" and self.rendition_archive_days < _RARELY_READ_DAYS:
            yield Conflict(
                ("renditionArchiveDays",),
                self.rendition_archive_days,
                f"{_RARELY_READ_DAYS} or more, since S3 moves nothing to STANDARD_IA before",
            )
        if self.backup_days is not None and self.backup_days <= self.backup_archive_days:
            yield Conflict(
                ("backupDays",),
                self.backup_days,
                f"more than backupArchiveDays ({self.backup_archive_days}): S3 refuses to delete what is yet to move",
            )
        for key in ("name", "height"):
            seen: set[object] = set()
            for index, rendition in enumerate(self.renditions):
                value = getattr(rendition, key)
                if value in seen:
                    yield Conflict(("renditions", str(index), key), value, f"each {key} once")
                seen.add(value)
