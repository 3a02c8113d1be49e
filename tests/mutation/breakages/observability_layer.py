"""What can only be broken together: observability."""

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
)
