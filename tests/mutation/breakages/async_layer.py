"""What can only be broken together: queues and functions."""

import json

from tests.mutation.part import Composite, Part

_FUNCTION, _LOG = "async-email-processor-function", "async-email-processor-log"
_LAYER = "arn:aws:lambda:us-east-1:999988887777:layer:other:1"
_SECRET = "postgres://fitness:hunter2@db.example/fitness"  # noqa: S105 no secret
_ATTACHES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["ec2:CreateNetworkInterface"], "Resource": "*"}],
    }
)

ASYNC_BREAKAGES = (
    Composite("function with a layer of others", (Part(name=_FUNCTION, values={"layers": [_LAYER]}),)),
    Composite("function with a secret", (Part(name=_FUNCTION, values={"description": f"reads {_SECRET}"}),)),
    Composite(
        "function that takes all executions", (Part(name=_FUNCTION, values={"reservedConcurrentExecutions": 900}),)
    ),
    Composite("function that is stopped", (Part(name=_FUNCTION, values={"reservedConcurrentExecutions": 0}),)),
    Composite(
        "functions that share a role",
        (Part(name="async-email-processor-function", refers={"role": ("async-health-metrics-processor-role",)}),),
    ),
    Composite(
        "function whose code attaches itself to networks",
        (Part(name="async-email-processor-does-its-work", values={"policy": _ATTACHES}),),
    ),
    Composite(
        "alias of another version",
        (Part(name="async-email-processor-alias", values={"functionVersion": "1"}),),
    ),
    Composite(
        "queues in order by their names alone",
        (
            Part(name="async-email-queue", values={"fifoQueue": True}),
            Part(name="async-email-dead-letters-queue", values={"fifoQueue": True}),
        ),
    ),
    Composite(
        "two sources, one of them of others",
        (
            Part(
                name="source-of-others",
                like="async-email-source",
                values={
                    "eventSourceArn": "arn:aws:sqs:us-east-1:999988887777:x",
                    "scalingConfig": {"maximumConcurrency": 2},
                },
            ),
        ),
    ),
)
