"""Shield Advanced, for who has chosen to pay for it."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import shield

from components.naming import Naming


class ShieldAdvanced(pulumi.ComponentResource):
    """A subscription at 3000 USD a month for a year, which destroying the stack does not end, and what it protects."""

    def __init__(
        self,
        name: str,
        *,
        naming: Naming,
        protected_arns: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:edge:ShieldAdvanced", name, None, opts)
        subscription = shield.Subscription(
            f"{name}-subscription",
            auto_renew="DISABLED",
            skip_destroy=True,  # AWS takes none back
            opts=pulumi.ResourceOptions(parent=self),
        )
        for label, arn in protected_arns.items():
            protection_name = naming.name(label)
            shield.Protection(
                f"{name}-{label}",
                name=protection_name,
                resource_arn=arn,
                tags={"Name": protection_name},
                opts=pulumi.ResourceOptions(parent=self, depends_on=[subscription]),
            )
        self.register_outputs({})
