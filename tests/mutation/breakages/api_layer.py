"""What can only be broken together: api layer."""

from tests.mutation.part import Composite, Part
from tests.support.editing import UNKNOWN

_BALANCER_ELSEWHERE = "arn:aws:elasticloadbalancing:us-east-1:444455556666:loadbalancer/app/other/50dc6c495c0c9188"
_FORWARD_TO_TWO = {"type": "forward", "forward": {"targetGroups": [{"arn": UNKNOWN}, {"arn": UNKNOWN}]}}
_ELSEWHERE = "arn:aws:rds:us-east-1:444455556666:db:of-another-stack"

API_BREAKAGES = (
    Composite("two rules of one priority", (Part(name="api-route-ai-rule", same={"priority": "api-route-auth-rule"}),)),
    Composite(
        "HTTP on port 443 and HTTPS on port 80",
        (
            Part(name="api-load-balancer-http", values={"port": 443}),
            Part(name="api-load-balancer-https", values={"port": 80}),
        ),
    ),
    Composite(
        "listener of a load balancer elsewhere",
        (Part(name="listener", like="api-load-balancer-http", values={"loadBalancerArn": _BALANCER_ELSEWHERE}),),
    ),
    Composite(
        "rule that leads to two services",
        (
            Part(
                name="rule",
                like="api-route-auth-rule",
                values={"priority": 1, "actions": [_FORWARD_TO_TWO]},
                refers={"actions": ("api-route-ai-blue", "api-route-auth-blue")},
            ),
        ),
    ),
    Composite("target group of nobody", (Part(name="target-group", like="api-route-auth-blue"),)),
)
