from components.database_layer.parameters import STATIC, analytics_parameters, primary_parameters
from components.database_layer.settings import DatabaseSettings


def test_the_primary_forces_tls_audits_and_ends_long_statements() -> None:
    assert primary_parameters(DatabaseSettings()) == {
        "rds.force_ssl": "1",
        "statement_timeout": "300000",
        "max_connections": "500",
        "shared_preload_libraries": "pg_stat_statements,pgaudit",
        "pgaudit.log": "ddl,role",
        "pgaudit.role": "rds_pgaudit",
        "log_connections": "1",
        "log_disconnections": "1",
        "log_statement": "ddl",
        "log_min_duration_statement": "5000",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def test_the_replica_differs_by_its_patience_alone() -> None:
    primary, replica = primary_parameters(DatabaseSettings()), analytics_parameters(DatabaseSettings())
    assert {key: value for key, value in replica.items() if primary.get(key) != value} == {
        "statement_timeout": "3600000",
        "hot_standby_feedback": "1",
        "max_standby_streaming_delay": "3600000",
    }


def test_static_parameters_are_among_them() -> None:
    assert set(primary_parameters(DatabaseSettings())) >= STATIC


def test_an_audit_of_nothing_is_said_in_a_word() -> None:
    """AWS takes no empty value."""
    settings = DatabaseSettings.model_validate_json('{"pgauditLog": []}')
    assert primary_parameters(settings)["pgaudit.log"] == "none"
