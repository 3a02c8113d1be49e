"""Parameters of PostgreSQL. Pure, no resources.

Static parameters take effect at a restart; saying so keeps RDS from refusing them and previews from showing them again.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
"""

from collections.abc import Mapping

from components.database_layer.settings import DatabaseSettings

STATIC = frozenset({"max_connections", "shared_preload_libraries"})


def primary_parameters(settings: DatabaseSettings) -> Mapping[str, str]:
    """Return the parameters of the primary."""
    return {
        "rds.force_ssl": "1",
        "statement_timeout": str(settings.statement_timeout_ms),
        "max_connections": str(settings.max_connections),
        "shared_preload_libraries": "pg_stat_statements,pgaudit",
        "pgaudit.log": ",".join(settings.pgaudit_log) or "none",
        "pgaudit.role": "rds_pgaudit",
        "log_connections": "1",
        "log_disconnections": "1",
        "log_statement": "ddl",
        "log_min_duration_statement": "5000",
        # Slow statements are logged without their values, which may be people's data.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def analytics_parameters(settings: DatabaseSettings) -> Mapping[str, str]:
    """Return the parameters of the analytics replica: the primary's, with time for long queries.

    A replica with fewer connections than its primary stops replaying.
    """
    return {
        **primary_parameters(settings),
        "statement_timeout": str(settings.analytics_statement_timeout_ms),
        "hot_standby_feedback": "1",
        "max_standby_streaming_delay": str(settings.analytics_statement_timeout_ms),
    }
