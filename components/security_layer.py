"""Keys that every other layer encrypts with."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.naming import Naming


@dataclass(frozen=True, slots=True)
class SecurityArgs:
    """What a SecurityLayer is made from."""

    naming: Naming
    protect: bool
    """Whether keys are protected from deletion: what they encrypt is lost with them."""


class SecurityLayer(pulumi.ComponentResource):
    """The customer-managed key of the stack's logs. Carries the clause enc-kms for them."""

    log_key_arn: pulumi.Output[str]
    """ARN of the key for CloudWatch log groups."""

    def __init__(self, name: str, args: SecurityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:security:SecurityLayer", name, None, opts)
        log_key = aws.kms.Key(
            f"{name}-log-key",
            description=f"Log groups of {args.naming.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=_log_key_policy(args.naming),
            tags={"Name": args.naming.name("logs")},
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(
            f"{name}-log-key-alias",
            name=f"alias/{args.naming.name('logs')}",
            target_key_id=log_key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.log_key_arn = log_key.arn
        self.register_outputs({"log_key_arn": self.log_key_arn})


def _log_key_policy(naming: Naming) -> str:
    """Let IAM of this account govern the key, and CloudWatch Logs use it for this account's log groups in this region.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    statements = [
        {
            "Sid": "GovernedByIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{naming.account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "EncryptLogGroups",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{naming.region}.amazonaws.com"},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": naming.arn("logs", "log-group:*")}},
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
