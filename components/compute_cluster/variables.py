"""Variables of a container: what is plain, and where ECS reads what is secret. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.backing import Backing
from components.compute_cluster.task_settings import TaskSettings
from components.naming import Naming

DATABASE_HOST = "DATABASE_HOST"
"""Variable with the database's host, which the parameter is named after."""


@dataclass(frozen=True, slots=True)
class DatabaseAccess:
    """How tasks reach the database. Its host is known late, so that they have it from a parameter."""

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


def host_parameter(naming: Naming, variable: str) -> str:
    """Name the parameter that holds ``variable``: ``/fitness-platform-prod/cache/host`` for ``CACHE_HOST``."""
    backing, _, what = variable.lower().replace("_", "-").partition("-")
    return f"/{naming.prefix}/{backing}/{what}"


def variables(own: TaskSettings, database: DatabaseAccess, backing: Backing, naming: Naming) -> Variables:
    """Return the variables of a container.

    Secrets are named by ARNs without the six characters at their end, which nobody knows before they exist. Secrets
    Manager finds them so long as no name ends like such a suffix, and settings refuse those that do:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
    """
    environment = {**backing.environment, **own.environment}
    secrets = {name: _secret(naming, secret) for name, secret in own.secrets.items()}
    secret_arns = set(secrets.values())
    hosts = {name: _parameter(naming, name) for name in backing.hosts}
    if own.database_access:
        login = _secret(naming, database.secret)
        environment |= {"DATABASE_PORT": str(database.port), "DATABASE_NAME": database.name}
        secrets |= {"DATABASE_USERNAME": f"{login}:username::", "DATABASE_PASSWORD": f"{login}:password::"}
        secret_arns.add(login)
        hosts[DATABASE_HOST] = _parameter(naming, DATABASE_HOST)
    return Variables(environment, secrets | hosts, tuple(sorted(secret_arns)), tuple(sorted(hosts.values())))


def _secret(naming: Naming, name: str) -> str:
    return naming.arn("secretsmanager", f"secret:{name}")


def _parameter(naming: Naming, variable: str) -> str:
    return naming.arn("ssm", f"parameter{host_parameter(naming, variable)}")
