"""Runbooks that AWS runs step by step: failover, and what the database needs of people."""

from components.runbook_layer.database import Database
from components.runbook_layer.failover import Region, Uploads
from components.runbook_layer.layer import RunbookArgs, RunbookLayer

__all__ = ["Database", "Region", "RunbookArgs", "RunbookLayer", "Uploads"]
