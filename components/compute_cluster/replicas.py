"""Copies of images in the second region, as they are pushed."""

import json
from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.compute_cluster.repositories import repository_name
from components.compute_cluster.settings import ComputeSettings
from components.far_side import FarSide
from components.naming import Naming


class ImageReplication(pulumi.ComponentResource):
    """Repositories there for all tasks, and the rule by which ECR fills them.

    ECR would make them by itself, but with tags that move and a key of its own. The rule is the registry's, of which an
    account has one in a region.
    """

    def __init__(
        self,
        name: str,
        tasks: Iterable[str],
        *,
        settings: ComputeSettings,
        naming: Naming,
        far: FarSide,
        account_settings: bool,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:compute:ImageReplication", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        repositories: list[pulumi.Resource] = []
        for task in tasks:
            repository = aws.ecr.Repository(
                f"{name}-{task}",
                name=repository_name(far.naming, task),
                image_tag_mutability="IMMUTABLE",
                image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
                encryption_configurations=[
                    aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=far.key_arns["data"])
                ],
                force_delete=False,
                region=far.region,
                tags={"Name": repository_name(far.naming, task)},
                opts=pulumi.ResourceOptions(parent=self, protect=protect),
            )
            aws.ecr.LifecyclePolicy(
                f"{name}-{task}-lifecycle",
                repository=repository.name,
                policy=_lifecycle(settings),
                region=far.region,
                opts=child,
            )
            repositories.append(repository)
        if account_settings:
            aws.ecr.ReplicationConfiguration(
                f"{name}-rules",
                replication_configuration=_rules(naming, far),
                opts=pulumi.ResourceOptions(parent=self, depends_on=repositories),
            )
        self.register_outputs({})


def _rules(naming: Naming, far: FarSide) -> aws.ecr.ReplicationConfigurationReplicationConfigurationArgs:
    prefix = repository_name(naming, "")
    return aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(
        rules=[
            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                destinations=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                        region=far.region, registry_id=naming.account_id
                    )
                ],
                repository_filters=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                        filter=prefix, filter_type="PREFIX_MATCH"
                    )
                ],
            )
        ]
    )


def _lifecycle(settings: ComputeSettings) -> str:
    """Return what clears the copies of old images as their originals are cleared, which ECR doesn't replicate."""

    def rule(priority: int, description: str, **selection: object) -> dict[str, object]:
        return {
            "rulePriority": priority,
            "description": description,
            "selection": selection,
            "action": {"type": "expire"},
        }

    return json.dumps(
        {
            "rules": [
                rule(
                    1,
                    "Images that have lost their tag",
                    tagStatus="untagged",
                    countType="sinceImagePushed",
                    countUnit="days",
                    countNumber=settings.untagged_image_days,
                ),
                rule(
                    2,
                    "All but the newest images",
                    tagStatus="any",
                    countType="imageCountMoreThan",
                    countNumber=settings.kept_images,
                ),
            ]
        }
    )
