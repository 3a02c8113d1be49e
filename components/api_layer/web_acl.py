"""The web ACL in front of the load balancer."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.web_acl import LoggedWebAcl, WebAclSettings


class WebAcl(LoggedWebAcl):
    """A regional web ACL, which the load balancer asks about each request. Carries api-waf for it."""

    def __init__(
        self,
        name: str,
        *,
        settings: WebAclSettings,
        naming: Naming,
        load_balancer_arn: pulumi.Input[str],
        log_key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            "fitness-platform:api:WebAcl",
            name,
            scope="REGIONAL",
            protects="the load balancer",
            label=naming.name("alb"),
            settings=settings,
            naming=naming,
            log_key_arn=log_key_arn,
            protect=protect,
            opts=opts,
        )
        aws.wafv2.WebAclAssociation(
            f"{name}-association",
            resource_arn=load_balancer_arn,
            web_acl_arn=self.acl.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
