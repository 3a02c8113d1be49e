"""The one AWS provider of a stack."""

import pulumi_aws as aws

from components.settings import StackSettings


def aws_provider(settings: StackSettings) -> aws.Provider:
    """Declare the provider that every component hands down, bound to the stack's region and account.

    Default providers are disabled in the stack files, so that nothing lands in a region or account by accident.
    """
    return aws.Provider(
        "aws",
        region=settings.region,
        allowed_account_ids=[settings.platform.account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=settings.naming.default_tags),
    )
