"""Customer-managed keys: one for each kind of data, so that a policy or a mistake reaches no further than it."""

from components.alert_topics import alert_key
from components.encryption_key import KeySpec, decrypted_by_cdn
from components.naming import Naming
from components.policy_documents import allow, service

_USE = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")
_FEED = ("kms:Decrypt", "kms:GenerateDataKey*")


def key_specs(naming: Naming) -> tuple[KeySpec, ...]:
    """Return the keys of a stack. Who else uses a key is granted it by IAM, through the key's first statement."""
    own_account = {"StringEquals": {"aws:SourceAccount": naming.account_id}}
    return (
        KeySpec(
            "logs",
            "Log groups",
            (
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
                allow(
                    _USE,
                    "*",
                    sid="EncryptLogGroups",
                    principal=service(f"logs.{naming.region}"),
                    condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": naming.arn("logs", "log-group:*")}},
                ),
            ),
        ),
        KeySpec("data", "Databases, caches, search domains and their backups, documents and exports"),
        KeySpec("media", "Videos and images", (decrypted_by_cdn(naming),)),  # MediaConvert uses it by its role
        KeySpec("queues", "Messages in queues"),
        KeySpec("secrets", "Secrets"),
        KeySpec("streams", "Streams of events"),
        alert_key(naming),
        KeySpec(
            "archive",
            "Audit logs, records of AWS Config and backups in their archives",
            (
                # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
                allow(
                    ("kms:GenerateDataKey*", "kms:DescribeKey"),
                    "*",
                    sid="EncryptTrails",
                    principal=service("cloudtrail"),
                    condition={"ArnLike": {"aws:SourceArn": naming.arn("cloudtrail", f"trail/{naming.prefix}*")}},
                ),
                # https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
                allow(_FEED, "*", sid="EncryptRecords", principal=service("config"), condition=own_account),
            ),
        ),
    )
