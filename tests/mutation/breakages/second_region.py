"""What can only be broken together: the second region, its standby and runbooks."""

from tests.mutation.part import Composite, Part

_RESTORE, _FAIL_OVER, _CONSUMERS = "runbooks-restore-database", "runbooks-fail-over", "runbooks-enable-consumers"

SECOND_REGION_BREAKAGES = (
    Composite(
        "runbook that deletes the database",
        (Part(name=_RESTORE, written={"content": (("mainSteps", 0, "inputs", "Api"), "DeleteDBInstance")}),),
    ),
    Composite(
        "runbook that runs code",
        (Part(name=_RESTORE, written={"content": (("mainSteps", 0, "action"), "aws:executeScript")}),),
    ),
    Composite(
        "runbook that edits a record",
        (
            Part(
                name=_CONSUMERS,
                written={
                    "content": (
                        ("mainSteps", 0, "inputs"),
                        {"Service": "route53", "Api": "ChangeResourceRecordSets", "FunctionName": "x"},
                    )
                },
            ),
        ),
    ),
    Composite(
        "step that never ends",
        (Part(name=_RESTORE, written={"content": (("mainSteps", 0, "timeoutSeconds"), None)}),),
    ),
    Composite(
        "step of unknown length",
        (Part(name=_RESTORE, written={"content": (("mainSteps", 0, "description"), "Look it up.")}),),
    ),
    Composite(
        "restoring takes a day",
        (
            Part(
                name=_RESTORE,
                written={
                    "content": (
                        ("mainSteps", 0),
                        {
                            "name": "lookAtDatabase",
                            "description": "Look. Expected: 7200 s.",
                            "action": "aws:sleep",
                            "timeoutSeconds": 86_400,
                            "inputs": {"Duration": "PT2H"},
                        },
                    )
                },
            ),
        ),
    ),
    Composite(
        "runbook of a database that is not there",
        (
            Part(
                name=_RESTORE,
                written={"content": (("mainSteps", 0, "inputs", "DBInstanceIdentifier"), "somebody-elses")},
            ),
        ),
    ),
    Composite(
        "failover without a part",
        (Part(name=_FAIL_OVER, written={"content": (("mainSteps", 0, "inputs", "DocumentName"), "other")}),),
    ),
    Composite("runbook for everybody", (Part(name=_RESTORE, values={"permissions": {"type": "Share"}}),)),
    # The standby alone has the resource that says so first.
    *(
        Composite(
            f"consumer of a standby that works: {source}",
            (Part(name="database-standby"), Part(name=source, values={"enabled": True})),
        )
        for source in ("async-email-source", "async-payment-webhooks-source", "search-ai-mapping")
    ),
)
