"""Repositories of container images."""

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.compute_cluster.settings import ComputeSettings
from components.naming import Naming


def repository_name(naming: Naming, task: str) -> str:
    """Return what the repository of a service or worker is called.

    The same in every region, so that a replication rule for the prefix takes all of them.
    """
    return f"{naming.prefix}/{task}"


def image_name(naming: Naming, task: str, reference: str) -> str:
    """Return the whole name of an image; ``reference`` is its tag or digest, with what separates it."""
    registry = f"{naming.account_id}.dkr.ecr.{naming.region}.amazonaws.com"
    return f"{registry}/{repository_name(naming, task)}{reference}"


def image_repository(
    name: str,
    task: str,
    *,
    settings: ComputeSettings,
    naming: Naming,
    key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> awsx.ecr.Repository:
    """Declare a repository whose tags never move: scanned, encrypted, and cleared of old images. Carries ecr rules.

    Its name is given, so that images can be named before it exists.
    """
    return awsx.ecr.Repository(
        name,
        name=repository_name(naming, task),
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
        encryption_configurations=[
            aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key_arn)
        ],
        force_delete=False,
        lifecycle_policy=awsx.ecr.LifecyclePolicyArgs(
            rules=[
                awsx.ecr.LifecyclePolicyRuleArgs(
                    description="Images that have lost their tag",
                    tag_status=awsx.ecr.LifecycleTagStatus.UNTAGGED,
                    maximum_age_limit=settings.untagged_image_days,
                ),
                awsx.ecr.LifecyclePolicyRuleArgs(
                    description="All but the newest images",
                    tag_status=awsx.ecr.LifecycleTagStatus.ANY,
                    maximum_number_of_images=settings.kept_images,
                ),
            ]
        ),
        tags={"Name": repository_name(naming, task)},
        opts=opts,
    )
