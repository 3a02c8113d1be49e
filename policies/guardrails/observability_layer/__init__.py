"""Guardrails of what spans layers: obs-*, audit-cloudtrail-2y, audit-pii-redaction and the clauses of cost."""

from guardrails.model import Guardrail
from guardrails.observability_layer.recorder import RECORDER_GUARDRAILS
from guardrails.observability_layer.trails import TRAIL_GUARDRAILS
from guardrails.observability_layer.watched_changes import WATCHED_CHANGE_GUARDRAILS

OBSERVABILITY_GUARDRAILS: tuple[Guardrail, ...] = (
    *TRAIL_GUARDRAILS,
    *WATCHED_CHANGE_GUARDRAILS,
    *RECORDER_GUARDRAILS,
)
