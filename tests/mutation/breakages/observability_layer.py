"""What can only be broken together: observability, and alarms of every layer."""

from tests.mutation.part import Composite, Part

_EVERY_OBJECT = {
    "includeManagementEvents": True,
    "readWriteType": "All",
    "dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
}

OBSERVABILITY_BREAKAGES = (
    Composite(
        "trail of every object of the account",
        (Part(name="observability-trail-all", values={"eventSelectors": [_EVERY_OBJECT]}),),
    ),
    Composite(
        "counter of another log group",
        (
            Part(
                name="counter-of-others",
                like="observability-business-Payments",
                values={"logGroupName": "/aws/others", "name": "others"},
            ),
        ),
    ),
    Composite(
        "alarm that rings after a day",
        (Part(name="api-alarms-HTTPCode_ELB_5XX_Count", values={"period": 86_400, "evaluationPeriods": 1}),),
    ),
    Composite(
        "alarm that needs more values than it looks at",
        (Part(name="database-alarms-primary-FreeStorageSpace", values={"datapointsToAlarm": 4}),),
    ),
    Composite(
        "alarm that stays as it was when data ends",
        (Part(name="compute-auth-capacity-tasks", values={"treatMissingData": "ignore"}),),
    ),
    Composite(
        "alarm of one metric and of several",
        (Part(name="compute-auth-alarms-TargetErrors", values={"metricName": "RequestCount"}),),
    ),
)
