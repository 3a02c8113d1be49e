import pytest

from guardrails.unsafe_variables import is_unsafe

_UNSAFE = (
    ("PGSSLMODE", "disable"),
    ("PGSSLMODE", "prefer"),
    ("PGSSLMODE", "allow"),
    ("PGSSLMODE", ""),
    ("pgsslmode", "disable"),
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
    ("PYTHONHTTPSVERIFY", "0"),
    ("GIT_SSL_NO_VERIFY", "1"),
    ("GIT_SSL_NO_VERIFY", "false"),
    ("npm_config_strict_ssl", "false"),
    ("NODE_OPTIONS", "--max-old-space-size=512 --inspect=0.0.0.0:9229"),
    ("NODE_OPTIONS", "--tls-min-v1.0"),
    ("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005"),
    ("JAVA_TOOL_OPTIONS", "-Djdk.tls.disabledAlgorithms="),
    ("DATABASE_SSL", "false"),
    ("REDIS_TLS_ENABLED", "no"),
    ("dbSslMode", "none"),
    ("SKIP_TLS_VERIFY", "true"),
    ("TLS_INSECURE", "1"),
    ("SSL_DISABLED", "yes"),
    ("CERT_VERIFICATION", "CERT_NONE"),
    ("DISABLE_CSRF", "True"),
    ("DATABASE_URL", "postgres://db/app?sslmode=disable"),
    ("JDBC_URL", "jdbc:mysql://db/app?useSSL=false"),
    ("MSSQL", "Server=db;TrustServerCertificate=True"),
    ("REDIS_URL", "rediss://cache:6379?ssl_cert_reqs=none"),
    ("MONGO_URL", "mongodb://db/?tlsAllowInvalidCertificates=true"),
)
_SAFE = (
    ("PGSSLMODE", "require"),
    ("PGSSLMODE", "verify-ca"),
    ("PGSSLMODE", "verify-full"),
    ("NODE_TLS_REJECT_UNAUTHORIZED", "1"),
    ("PYTHONHTTPSVERIFY", "1"),
    ("GIT_SSL_NO_VERIFY", ""),
    ("NODE_OPTIONS", "--max-old-space-size=768 --enable-source-maps"),
    ("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=75"),
    ("SSL_CERT_FILE", "/etc/ssl/certs/ca.pem"),
    ("DATABASE_SSL", "true"),
    ("TLS_SESSION_TICKETS", "false"),
    ("SKIP_TLS_VERIFY", "false"),
    ("DISABLE_CSRF", "0"),
    ("LOG_LEVEL", "none"),
    ("FEATURE_CHAT_ENABLED", "false"),
    ("DATABASE_URL", "postgres://db/app?sslmode=verify-full"),
)


@pytest.mark.parametrize(("name", "value"), _UNSAFE)
def test_unsafe(name: str, value: str) -> None:
    assert is_unsafe(name, value)


@pytest.mark.parametrize(("name", "value"), _SAFE)
def test_safe(name: str, value: str) -> None:
    assert not is_unsafe(name, value)
