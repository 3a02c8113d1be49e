"""The database proxy: a pool of connections that tasks share, and that survives a failover."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.database_layer.credentials import Login, secret_name
from components.database_layer.settings import DatabaseSettings
from components.naming import Naming
from components.policy_documents import allow, allow_key, document, trust

APP = "app"
"""Role of the database that services log in as."""


class DatabaseProxy(pulumi.ComponentResource):
    """RDS Proxy over TLS, for those who know the application's credentials. Carries db-rds-proxy and db-pool-300."""

    endpoint: pulumi.Output[str]
    """Host that services connect to."""

    def __init__(
        self,
        name: str,
        *,
        primary: aws.rds.Instance,
        settings: DatabaseSettings,
        naming: Naming,
        subnet_ids: Sequence[pulumi.Input[str]],
        security_group_id: pulumi.Input[str],
        log_key_arn: pulumi.Input[str],
        login: Login,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:database:DatabaseProxy", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        proxy_name = naming.name("db")
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-log",
            name=f"/aws/rds/proxy/{proxy_name}",
            retention_in_days=90,
            kms_key_id=log_key_arn,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=naming.global_name("db-proxy"),
            description="Lets the database proxy read the secret that services log in with",
            assume_role_policy=trust("rds", {"StringEquals": {"aws:SourceAccount": naming.account_id}}),
            opts=child,
        )
        reads = aws.iam.RolePolicy(
            f"{name}-reads-secret",
            name="read-app-secret",
            role=role.id,
            policy=_reads_credentials(naming, login.key_aliases),
            opts=child,
        )
        proxy = aws.rds.Proxy(
            f"{name}-pool",
            name=proxy_name,
            engine_family="POSTGRESQL",
            require_tls=True,
            debug_logging=False,  # it would log statements with their values
            idle_client_timeout=1800,
            role_arn=role.arn,
            vpc_subnet_ids=subnet_ids,
            vpc_security_group_ids=[security_group_id],
            auths=[aws.rds.ProxyAuthArgs(auth_scheme="SECRETS", iam_auth="DISABLED", secret_arn=login.arn)],
            tags={"Name": proxy_name},
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[reads, log_group, *([login.value] if login.value else [])]
            ),
        )
        group = aws.rds.ProxyDefaultTargetGroup(
            f"{name}-target-group",
            db_proxy_name=proxy.name,
            connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                max_connections_percent=settings.pooled_percent,
                max_idle_connections_percent=settings.pooled_percent // 2,
                connection_borrow_timeout=120,
            ),
            opts=child,
        )
        aws.rds.ProxyTarget(
            f"{name}-target",
            db_proxy_name=proxy.name,
            target_group_name=group.name,
            db_instance_identifier=primary.identifier,
            opts=child,
        )
        self.endpoint = proxy.endpoint
        self.register_outputs({"endpoint": self.endpoint})


def _reads_credentials(naming: Naming, aliases: Sequence[str]) -> str:
    # ARNs of secrets and keys end at random: the secret is named up to there, the key by its alias.
    return document(
        allow(
            "secretsmanager:GetSecretValue", naming.arn("secretsmanager", f"secret:{secret_name(naming, APP)}-??????")
        ),
        allow_key(
            "kms:Decrypt",
            naming.arn("kms", "key/*"),
            aliases,
            sid="DecryptSecret",
            condition={"StringEquals": {"kms:ViaService": f"secretsmanager.{naming.region}.amazonaws.com"}},
        ),
    )
