"""Guardrails of runbooks: documents of SSM Automation that work on what is there, in time, and on nothing else."""

from guardrails.runbook_layer.documents import RUNBOOK_GUARDRAILS

__all__ = ["RUNBOOK_GUARDRAILS"]
