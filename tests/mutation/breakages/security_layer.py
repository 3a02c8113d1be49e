"""What can only be broken together: security layer."""

from tests.mutation.part import Composite, Part
from tests.support.editing import UNKNOWN

SECURITY_BREAKAGES = (
    Composite(
        "inline rule between groups",
        (
            Part(
                name="groups-lambda",
                values={"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "securityGroups": [UNKNOWN]}]},
                refers={"ingress": ("groups-ecs",)},
            ),
        ),
    ),
    Composite(
        "functions that call services",
        (
            Part(
                name="functions-to-services-ingress",
                like="groups-alb-to-ecs-8443-ingress",
                refers={"referencedSecurityGroupId": ("groups-lambda",)},
            ),
            Part(
                name="functions-to-services-egress",
                like="groups-alb-to-ecs-8443-egress",
                refers={"securityGroupId": ("groups-lambda",)},
            ),
        ),
    ),
    Composite(
        "second entrance",
        (
            Part(name="entrance", like="groups-lambda"),
            Part(
                name="entrance-ingress",
                like="groups-internet-to-alb-443-ingress",
                refers={"securityGroupId": ("entrance",)},
            ),
        ),
    ),
)
