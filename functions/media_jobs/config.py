"""What the submitter is told by its environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size that every video is encoded in."""

    name: str
    """End of the names of its files, such as ``1080p``."""
    height: int
    """Lines; the width follows from the video's own shape."""
    kbps: int
    """Bits a second at most, in thousands."""
    codec: str
    """``H_264`` or ``H_265``."""


@dataclass(frozen=True, slots=True)
class Config:
    """Where videos come from and go to, and how they are encoded."""

    bucket: str
    masters: str
    """Start of the names of what is encoded."""
    renditions_prefix: str
    """Start of the names of what encoding makes."""
    queue_arn: str
    role_arn: str
    """Role that MediaConvert reads and writes the bucket with."""
    renditions: tuple[Rendition, ...]
    segment_seconds: int
    audio_kbps: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Config":
        """Read it.

        :raises KeyError: where a variable is missing.
        :raises ValueError: where what is encoded and what that makes are in each other's place.
        """
        masters, renditions = environment["MASTERS_PREFIX"], environment["RENDITIONS_PREFIX"]
        if not masters or not renditions or masters.startswith(renditions) or renditions.startswith(masters):
            raise ValueError(f"{renditions!r} is not apart from {masters!r}, so that encoding would start itself")
        encoding = json.loads(environment["ENCODING"])
        return cls(
            bucket=environment["BUCKET"],
            masters=masters,
            renditions_prefix=renditions,
            queue_arn=environment["JOB_QUEUE_ARN"],
            role_arn=environment["JOB_ROLE_ARN"],
            renditions=tuple(Rendition(**rendition) for rendition in encoding["renditions"]),
            segment_seconds=encoding["segmentSeconds"],
            audio_kbps=encoding["audioKbps"],
        )
