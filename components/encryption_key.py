"""A customer-managed key, what it is for, and who uses it beside IAM of the account."""

from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import Statement, allow, document, service


@dataclass(frozen=True, slots=True)
class KeySpec:
    """A key: what it encrypts, and which AWS services use it on their own behalf."""

    purpose: str
    """Last part of its alias."""
    encrypts: str
    """What it encrypts, for its description."""
    grants: tuple[Statement, ...] = field(default=())


def decrypted_by_cdn(naming: Naming) -> Statement:
    """Return that CloudFront decrypts what it serves, for distributions of this account: their ids are not known yet.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    return allow(
        "kms:Decrypt",
        "*",
        sid="ServeFromCdn",
        principal=service("cloudfront"),
        condition={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{naming.account_id}:distribution/*"},
        },
    )


class EncryptionKey(pulumi.ComponentResource):
    """A rotating key and its alias. IAM of the account governs it; AWS services use it as its spec grants."""

    arn: pulumi.Output[str]
    """ARN of the key."""

    def __init__(
        self,
        name: str,
        spec: KeySpec,
        *,
        naming: Naming,
        deletion_days: int,
        protect: bool,
        region: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:security:EncryptionKey", name, None, opts)
        governed = allow("kms:*", "*", sid="GovernedByIam", principal={"AWS": f"arn:aws:iam::{naming.account_id}:root"})
        key = aws.kms.Key(
            f"{name}-key",
            description=f"{spec.encrypts} of {naming.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=deletion_days,
            policy=document(governed, *spec.grants),
            region=region,
            tags={"Name": naming.name(spec.purpose)},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        aws.kms.Alias(
            f"{name}-key-alias",
            name=f"alias/{naming.name(spec.purpose)}",
            target_key_id=key.key_id,
            region=region,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
