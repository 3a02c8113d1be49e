"""The certificate of the load balancer."""

import pulumi

from components.certificate import IssuedCertificate


class OriginCertificate(IssuedCertificate):
    """A certificate for one name, in the region of the stack."""

    def __init__(
        self,
        name: str,
        *,
        domain_name: str,
        hosted_zone_id: str,
        proven_elsewhere: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            "fitness-platform:api:OriginCertificate",
            name,
            domain_name=domain_name,
            hosted_zone_id=hosted_zone_id,
            proven_elsewhere=proven_elsewhere,
            opts=opts,
        )
