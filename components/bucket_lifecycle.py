"""What becomes of objects as they grow old, in the terms of S3 lifecycles."""

from dataclasses import dataclass

import pulumi_aws as aws

ABORT_DAYS = 7
"""Days after which an upload in parts that nobody completes is given up."""
NONCURRENT_DAYS = 30
"""Days that an overwritten or deleted object can be brought back, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move to a cheaper storage class, ``days`` after an object was made."""

    days: int
    storage_class: str


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """One rule: which objects, and what happens to them when. What is left out does not happen."""

    id: str
    prefix: str = ""
    """Start of the names of the objects that it is about; all of them if empty."""
    moves: tuple[Move, ...] = ()
    expire_days: int | None = None
    """Days after which an object is deleted, which leaves a version that is no longer current."""
    noncurrent_days: int | None = None
    """Days after which a version that is no longer current is deleted for good."""
    abort_days: int | None = None
    """Days after which an upload that nobody completes is given up."""

    def args(self) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
        """Return the rule as the provider takes it."""
        return aws.s3.BucketLifecycleConfigurationRuleArgs(
            id=self.id,
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=self.prefix),
            transitions=[
                aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(days=move.days, storage_class=move.storage_class)
                for move in self.moves
            ]
            or None,
            expiration=(
                None
                if self.expire_days is None
                else aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=self.expire_days)
            ),
            noncurrent_version_expiration=(
                None
                if self.noncurrent_days is None
                else aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=self.noncurrent_days
                )
            ),
            abort_incomplete_multipart_upload=(
                None
                if self.abort_days is None
                else aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                    days_after_initiation=self.abort_days
                )
            ),
        )
