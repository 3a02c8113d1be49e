"""The database: PostgreSQL with a standby, a replica for analytics, and a proxy in front."""

from components.database_layer.layer import DatabaseArgs, DatabaseLayer, Replicated
from components.database_layer.settings import DatabaseSettings

__all__ = ["DatabaseArgs", "DatabaseLayer", "DatabaseSettings", "Replicated"]
