"""Guardrails of media: its buckets, what becomes of their objects, who reads them, and how videos are encoded."""

from guardrails.media_pipeline.jobs import JOB_GUARDRAILS
from guardrails.media_pipeline.lifecycles import LIFECYCLE_GUARDRAILS
from guardrails.media_pipeline.protection import PROTECTION_GUARDRAILS
from guardrails.media_pipeline.serving import SERVING_GUARDRAILS
from guardrails.media_pipeline.transcoder import TRANSCODER_GUARDRAILS
from guardrails.media_pipeline.workflow import WORKFLOW_GUARDRAILS
from guardrails.model import Guardrail

MEDIA_GUARDRAILS: tuple[Guardrail, ...] = (
    *SERVING_GUARDRAILS,
    *LIFECYCLE_GUARDRAILS,
    *PROTECTION_GUARDRAILS,
    *WORKFLOW_GUARDRAILS,
    *JOB_GUARDRAILS,
    *TRANSCODER_GUARDRAILS,
)
