import pytest

from tests.components.reading import inputs, references, waits_for
from tests.support.editing import urn_of
from tests.support.recording import recorded

_GROUP = "/aws/vpc/flow-logs/fitness-platform-prod"


def test_the_log_group_is_encrypted_and_kept() -> None:
    topology = recorded("prod")
    assert inputs(topology, "network-flow-logs-group") == {"name": _GROUP, "retentionInDays": 731}
    assert references(topology, "network-flow-logs-group") == {"kmsKeyId": ["security-logs-key"]}


def test_all_traffic_of_the_vpc_is_logged_once_delivery_is_allowed() -> None:
    topology = recorded("prod")
    assert inputs(topology, "network-flow-logs-all") == {
        "trafficType": "ALL",
        "logDestinationType": "cloud-watch-logs",
        "maxAggregationInterval": 600,
    }
    assert references(topology, "network-flow-logs-all") == {
        "iamRoleArn": ["network-flow-logs-role"],
        "logDestination": ["network-flow-logs-group"],
        "vpcId": ["network-vpc"],
    }
    assert waits_for(topology, "network-flow-logs-all") == {"network-flow-logs-delivery"}


def test_the_role_is_for_the_service_on_behalf_of_this_account_alone() -> None:
    topology = recorded("prod")
    assert inputs(topology, "network-flow-logs-role") == {
        "name": "fitness-platform-prod-us-east-1-flow-logs",
        "description": "Lets VPC flow logs write to their log group",
        "assumeRolePolicy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": "444455556666"},
                        "ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:444455556666:vpc-flow-log/*"},
                    },
                }
            ],
        },
    }


def test_the_role_may_write_to_this_log_group_alone() -> None:
    topology = recorded("prod")
    assert references(topology, "network-flow-logs-delivery") == {"role": ["network-flow-logs-role"]}
    assert inputs(topology, "network-flow-logs-delivery") == {
        "name": "deliver-flow-logs",
        "policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    "Resource": f"arn:aws:logs:us-east-1:444455556666:log-group:{_GROUP}:*",
                },
                {
                    "Effect": "Allow",
                    "Action": "logs:DescribeLogGroups",
                    "Resource": "arn:aws:logs:us-east-1:444455556666:log-group:*",
                },
            ],
        },
    }


def test_settings_reach_the_log() -> None:
    topology = recorded("prod", network={"flowLogRetentionDays": 30, "flowLogAggregationSeconds": 60})
    assert inputs(topology, "network-flow-logs-group")["retentionInDays"] == 30
    assert inputs(topology, "network-flow-logs-all")["maxAggregationInterval"] == 60


@pytest.mark.parametrize("protect", [True, False])
def test_protection_follows_the_settings(protect: bool) -> None:
    topology = recorded("prod", platform={"protectStatefulResources": protect})
    options = topology.resources[urn_of(topology, "network-flow-logs-group")].options
    assert options == ({"protect": True} if protect else {})
