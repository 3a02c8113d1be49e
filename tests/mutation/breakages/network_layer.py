"""What can only be broken together: network layer."""

from tests.mutation.part import Composite, Part

_SUBNETS_OF_PRIVATE = ("network-private-a", "network-private-b", "network-private-c")
_TABLES_OF_PRIVATE = tuple(f"{subnet}-route-table" for subnet in _SUBNETS_OF_PRIVATE)

NETWORK_BREAKAGES = (
    Composite(
        "route in a table of others",
        (Part(name="route-of-others", like="network-private-a-internet", values={"routeTableId": "rtb-1"}),),
    ),
    Composite(
        "private subnet that the main table routes",
        (
            Part(name="private-d", like="network-private-a", values={"cidrBlock": "10.0.250.0/24"}),
            Part(name="network-private-nacl", refers={"subnetIds": (*_SUBNETS_OF_PRIVATE, "private-d")}),
        ),
    ),
    Composite(
        "private subnet that leads to the internet",
        (
            Part(name="private-d", like="network-private-a", values={"cidrBlock": "10.0.250.0/24"}),
            Part(name="network-private-nacl", refers={"subnetIds": (*_SUBNETS_OF_PRIVATE, "private-d")}),
            Part(
                name="private-d-routes",
                like="network-private-a-routes",
                refers={"subnetId": ("private-d",), "routeTableId": ("network-public-route-table",)},
            ),
            Part(
                name="network-endpoints-s3",
                refers={"routeTableIds": (*_TABLES_OF_PRIVATE, "network-public-route-table")},
            ),
        ),
    ),
    Composite(
        "data tier that leads to the NAT gateways",
        (
            *(
                Part(
                    name=f"network-data-{zone}-routes",
                    refers={"routeTableId": (f"network-private-{zone}-route-table",)},
                )
                for zone in "abc"
            ),
            Part(name="network-data-nacl", same={"ingress": "network-private-nacl", "egress": "network-private-nacl"}),
        ),
    ),
    Composite(
        "tier in one zone",
        (
            Part(name="further-a", like="network-data-a", values={"cidrBlock": "10.0.250.0/24"}),
            Part(name="further-a-routes", like="network-data-a-routes", refers={"subnetId": ("further-a",)}),
            Part(name="further-nacl", like="network-data-nacl", refers={"subnetIds": ("further-a",)}),
        ),
    ),
    Composite(
        "endpoint of what others run",
        (
            Part(
                name="endpoint-of-others",
                like="network-endpoints-sts",
                values={"serviceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"},
            ),
        ),
    ),
)
