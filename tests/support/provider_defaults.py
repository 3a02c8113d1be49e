"""What the AWS provider fills in where an optional property is left out."""

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "aws:backup/vault:Vault": {"forceDestroy": False},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"actionsEnabled": True, "treatMissingData": "missing"},
    "aws:cloudwatch/logGroup:LogGroup": {"logGroupClass": "STANDARD", "skipDestroy": False, "retentionInDays": 0},
    "aws:ec2/flowLog:FlowLog": {"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    "aws:ec2/natGateway:NatGateway": {"connectivityType": "public"},
    "aws:ec2/networkAclRule:NetworkAclRule": {"egress": False},
    "aws:ec2/securityGroup:SecurityGroup": {"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
    "aws:ec2/subnet:Subnet": {
        "assignIpv6AddressOnCreation": False,
        "enableDns64": False,
        "ipv6Native": False,
        "mapPublicIpOnLaunch": False,
    },
    "aws:ec2/vpc:Vpc": {"enableDnsSupport": True, "instanceTenancy": "default"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcEndpointType": "Gateway"},
    "aws:iam/role:Role": {"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    "aws:kms/key:Key": {"isEnabled": True, "bypassPolicyLockoutSafetyCheck": False, "deletionWindowInDays": 30},
    "aws:lb/loadBalancer:LoadBalancer": {
        "desyncMitigationMode": "defensive",
        "dropInvalidHeaderFields": False,
        "enableDeletionProtection": False,
        "enableWafFailOpen": False,
        "loadBalancerType": "application",
    },
    "aws:lb/targetGroup:TargetGroup": {"deregistrationDelay": 300, "targetType": "instance"},
    "aws:rds/eventSubscription:EventSubscription": {"enabled": True},
    "aws:rds/instance:Instance": {
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": False,
        "deleteAutomatedBackups": True,
        "monitoringInterval": 0,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
    },
    "aws:s3/bucket:Bucket": {"forceDestroy": False},
    "aws:secretsmanager/secret:Secret": {"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
}
