"""Where the search domain is, for functions: nobody knows it before it exists, and variables of functions are plain."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.naming import Naming
from components.policy_documents import Statement, allow, allow_key


class DomainLocation(pulumi.ComponentResource):
    """The URL of the domain, in an encrypted parameter that functions read when they start."""

    environment: Mapping[str, pulumi.Input[str]]
    """Variable that says which parameter it is."""
    statements: Sequence[Statement]
    """What the role of a function needs to read it."""

    def __init__(
        self,
        name: str,
        *,
        endpoint: pulumi.Input[str],
        naming: Naming,
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("fitness-platform:search:DomainLocation", name, None, opts)
        parameter_name = f"/{naming.prefix}/search/url"
        parameter = aws.ssm.Parameter(
            f"{name}-url",
            name=parameter_name,
            description="Where functions reach the search domain",
            type="SecureString",
            key_id=key_arn,
            value=pulumi.Output.concat("https://", endpoint),
            tags={"Name": parameter_name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.environment = {"SEARCH_URL_PARAMETER": parameter.name}
        self.statements = [
            allow("ssm:GetParameter", naming.arn("ssm", f"parameter{parameter_name}"), sid="FindSearchDomain"),
            allow_key(
                "kms:Decrypt",
                naming.arn("kms", "key/*"),
                f"alias/{naming.name('secrets')}",
                sid="DecryptWhereItIs",
                condition={"StringEquals": {"kms:ViaService": f"ssm.{naming.region}.amazonaws.com"}},
            ),
        ]
        self.register_outputs({})
