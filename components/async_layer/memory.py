"""What processors remember: which messages were handled, so that one which comes twice is handled once."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key

REMEMBER_SECONDS = 15 * 86_400
"""Seconds that a message is remembered: a day longer than a queue can show it again."""


class HandledMessages(pulumi.ComponentResource):
    """A table of messages that were handled. It forgets them by itself."""

    table_name: str
    """Name of the table."""
    table: pulumi.Output[str]
    """The same, once the table exists."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:async:HandledMessages", name, None, opts)
        self.table_name = table_name(naming)
        table = aws.dynamodb.Table(
            f"{name}-table",
            name=self.table_name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="id",
            attributes=[aws.dynamodb.TableAttributeArgs(name="id", type="S")],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expiration", enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=key_arn),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True, recovery_period_in_days=35),
            deletion_protection_enabled=protect,
            tags={"Name": self.table_name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        self.table = table.name
        self.register_outputs({"table_name": self.table_name, "table": self.table})


def table_name(naming: Naming) -> str:
    """Return the name of the table."""
    return naming.name("handled-messages")


def remembers(naming: Naming) -> list[Statement]:
    """Return what a role must be allowed to remember messages."""
    return [
        allow(
            ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            naming.arn("dynamodb", f"table/{table_name(naming)}"),
            sid="RememberMessages",
        ),
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        allow_key(
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
            naming.arn("kms", "key/*"),
            f"alias/{naming.name('data')}",
            sid="EncryptWhatIsRemembered",
            condition={"StringEquals": {"kms:ViaService": f"dynamodb.{naming.region}.amazonaws.com"}},
        ),
    ]
