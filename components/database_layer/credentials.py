"""Credentials of the database: in Secrets Manager, for those who log in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.far_side import FarSide, secret_replicas
from components.naming import Naming


@dataclass(frozen=True, slots=True)
class Login:
    """What the proxy logs in with."""

    arn: pulumi.Input[str]
    """ARN of the secret."""
    key_aliases: Sequence[str]
    """Aliases of the keys that may encrypt it."""
    value: pulumi.Resource | None = None
    """What stores it, where this stack does."""


class StoredCredentials(pulumi.ComponentResource):
    """A user name and its password in Secrets Manager. The password is written and never read back into the state."""

    arn: pulumi.Output[str]
    """ARN of the secret."""
    value: pulumi.Resource
    """The stored value: what reads it at once waits for this."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        role: str,
        username: str,
        password: pulumi.Input[str],
        version: int,
        key_arn: pulumi.Input[str],
        far: FarSide | None,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:StoredCredentials", name, None, opts)
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=secret_name(naming, role),
            description=f"Credentials of the database's {role}",
            kms_key_id=key_arn,
            replicas=secret_replicas(far),
            recovery_window_in_days=30,
            tags={"Name": secret_name(naming, role)},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        self.value = aws.secretsmanager.SecretVersion(
            f"{name}-secret-value",
            secret_id=secret.id,
            secret_string_wo=pulumi.Output.json_dumps({"username": username, "password": password}),
            secret_string_wo_version=version,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = secret.arn
        self.register_outputs({"arn": self.arn})


def secret_name(naming: Naming, role: str) -> str:
    """Return what the secret of a ``role`` of the database is called."""
    return naming.name("database", role)
