"""Guardrails of media: its buckets, what becomes of their objects, and who reads them."""

from guardrails.media_pipeline.lifecycles import LIFECYCLE_GUARDRAILS
from guardrails.media_pipeline.protection import PROTECTION_GUARDRAILS
from guardrails.media_pipeline.serving import SERVING_GUARDRAILS
from guardrails.model import Guardrail

MEDIA_GUARDRAILS: tuple[Guardrail, ...] = (
    *SERVING_GUARDRAILS,
    *LIFECYCLE_GUARDRAILS,
    *PROTECTION_GUARDRAILS,
)
