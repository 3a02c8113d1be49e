"""Media: the platform's buckets of videos, images, documents, backups and exports."""

from components.media_pipeline.layer import MediaArgs, MediaPipeline
from components.media_pipeline.settings import MediaSettings

__all__ = ["MediaArgs", "MediaPipeline", "MediaSettings"]
