"""What can only be broken together: security layer."""

import json

from tests.mutation.part import Composite, Part
from tests.support.editing import UNKNOWN

_TO_OTHERS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::images-of-others/*"}],
    }
)

_DENIED = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}

SECURITY_BREAKAGES = (
    Composite(
        "queue denied to all", (Part(name="async-email-policy", written={"policy": (("Statement", "-"), _DENIED)}),)
    ),
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
        "role that another service may take on too",
        (
            Part(
                name="database-monitoring-role",
                written={
                    "assumeRolePolicy": (
                        ("Statement", 0, "Principal", "Service"),
                        ["monitoring.rds.amazonaws.com", "backup.amazonaws.com"],
                    )
                },
            ),
        ),
    ),
    Composite(
        "task that may give itself permissions",
        (
            Part(
                name="compute-ai-task-roles-is-observed",
                written={"policy": (("Statement", 1, "Action"), ["iam:PutRolePolicy", "logs:PutLogEvents"])},
            ),
        ),
    ),
    Composite(
        "task that starts without a log",
        (
            Part(
                name="compute-ai-task-roles-starts-tasks",
                written={"policy": (("Statement", 2, "Action"), "logs:PutLogEvents")},
            ),
        ),
    ),
    Composite(
        "service that writes to a bucket of others",
        (
            Part(
                name="bucket-of-others",
                like="compute-ai-task-roles-is-observed",
                values={"name": "others", "policy": _TO_OTHERS},
            ),
        ),
    ),
    Composite(
        "database that calls out",
        (
            Part(
                name="database-calls-out",
                like="groups-ecs-to-internet-443-egress",
                refers={"securityGroupId": ("groups-rds",)},
            ),
        ),
    ),
    Composite(
        "setting of a bucket of others",
        (Part(name="versioning-of-others", like="media-images-versioning", values={"bucket": "images-of-others"}),),
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
    Composite(
        "objects locked for a century",
        (
            Part(
                name="security-audit-logs-lock",
                values={"rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": 100}}},
            ),
        ),
    ),
)
