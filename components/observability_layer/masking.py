"""What is masked in logs: values that CloudWatch Logs knows by their form.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
"""

import json
from collections.abc import Sequence

_IDENTIFIER = "arn:aws:dataprotection::aws:data-identifier/"


def masking_policy(name: str, identifiers: Sequence[str]) -> str:
    """Return the policy that counts and masks what ``identifiers`` find."""
    wanted = [f"{_IDENTIFIER}{identifier}" for identifier in sorted(identifiers)]
    return json.dumps(
        {
            "Name": name,
            "Description": "Masks what identifies a person",
            "Version": "2021-06-01",
            "Statement": [
                {"Sid": "Count", "DataIdentifier": wanted, "Operation": {"Audit": {"FindingsDestination": {}}}},
                {"Sid": "Mask", "DataIdentifier": wanted, "Operation": {"Deidentify": {"MaskConfig": {}}}},
            ],
        }
    )
