"""Media: the platform's buckets of videos, images, documents, backups and exports."""

from components.media_pipeline.layer import MediaArgs, MediaPipeline
from components.media_pipeline.settings import MediaSettings
from components.media_pipeline.workflow import UPLOADS

__all__ = ["UPLOADS", "MediaArgs", "MediaPipeline", "MediaSettings"]
