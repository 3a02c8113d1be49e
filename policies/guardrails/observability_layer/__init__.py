"""Guardrails of what spans layers: obs-*, audit-cloudtrail-2y, audit-pii-redaction and the clauses of cost."""

from guardrails.model import Guardrail
from guardrails.observability_layer.alarm_timing import TIMING_GUARDRAILS
from guardrails.observability_layer.alarms import ALARM_GUARDRAILS
from guardrails.observability_layer.cost import COST_GUARDRAILS
from guardrails.observability_layer.dashboards import DASHBOARD_GUARDRAILS
from guardrails.observability_layer.errors import ERROR_GUARDRAILS
from guardrails.observability_layer.log_groups import LOG_GROUP_GUARDRAILS
from guardrails.observability_layer.masking import MASKING_GUARDRAILS
from guardrails.observability_layer.recorder import RECORDER_GUARDRAILS
from guardrails.observability_layer.tracing import TRACING_GUARDRAILS
from guardrails.observability_layer.trails import TRAIL_GUARDRAILS
from guardrails.observability_layer.watched_changes import WATCHED_CHANGE_GUARDRAILS
from guardrails.observability_layer.watches import WATCH_GUARDRAILS

OBSERVABILITY_GUARDRAILS: tuple[Guardrail, ...] = (
    *TRAIL_GUARDRAILS,
    *WATCHED_CHANGE_GUARDRAILS,
    *RECORDER_GUARDRAILS,
    *LOG_GROUP_GUARDRAILS,
    *ERROR_GUARDRAILS,
    *MASKING_GUARDRAILS,
    *TRACING_GUARDRAILS,
    *DASHBOARD_GUARDRAILS,
    *COST_GUARDRAILS,
    *ALARM_GUARDRAILS,
    *TIMING_GUARDRAILS,
    *WATCH_GUARDRAILS,
)
