"""Variables of a container: what is plain, and where ECS reads what is secret. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.compute_cluster.settings import TaskSettings
from components.naming import Naming


@dataclass(frozen=True, slots=True)
class DatabaseAccess:
    """How tasks reach the database. Its host is known late, so that they have it from a parameter."""

    host_parameter: str
    """Name of the parameter that holds the host."""
    secret: str
    """Name of the secret that holds ``username`` and ``password``."""
    port: int
    """TCP port."""
    name: str
    """Name of the database on the host."""


@dataclass(frozen=True, slots=True)
class Variables:
    """What a container is given."""

    environment: Mapping[str, str]
    """Plain values."""
    secrets: Mapping[str, str]
    """Where ECS reads the others."""
    secret_arns: tuple[str, ...]
    """The Secrets Manager secrets among those, less the suffix that AWS adds to their ARNs."""
    parameter_arns: tuple[str, ...]
    """The parameters among them."""


def variables(own: TaskSettings, database: DatabaseAccess, naming: Naming) -> Variables:
    """Return the variables of a container.

    Secrets are named by ARNs without the six characters at their end, which nobody knows before they exist. Secrets
    Manager finds them so long as no name ends like such a suffix, and settings refuse those that do:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
    """
    environment = dict(own.environment)
    secrets = {name: _secret(naming, secret) for name, secret in own.secrets.items()}
    secret_arns = set(secrets.values())
    parameter_arns: set[str] = set()
    if own.database_access:
        login, host = _secret(naming, database.secret), naming.arn("ssm", f"parameter{database.host_parameter}")
        environment |= {"DATABASE_PORT": str(database.port), "DATABASE_NAME": database.name}
        secrets |= {
            "DATABASE_HOST": host,
            "DATABASE_USERNAME": f"{login}:username::",
            "DATABASE_PASSWORD": f"{login}:password::",
        }
        secret_arns.add(login)
        parameter_arns.add(host)
    return Variables(environment, secrets, tuple(sorted(secret_arns)), tuple(sorted(parameter_arns)))


def _secret(naming: Naming, name: str) -> str:
    return naming.arn("secretsmanager", f"secret:{name}")
