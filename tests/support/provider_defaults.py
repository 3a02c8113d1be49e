"""What the AWS provider fills in where an optional property is left out."""

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "aws:apigateway/restApi:RestApi": {"apiKeySource": "HEADER", "putRestApiMode": "overwrite"},
    "aws:backup/vault:Vault": {"forceDestroy": False},
    "aws:cloudtrail/trail:Trail": {
        "enableLogFileValidation": False,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
    },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {"actionsEnabled": True},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"actionsEnabled": True, "treatMissingData": "missing"},
    "aws:cloudwatch/logGroup:LogGroup": {"logGroupClass": "STANDARD", "skipDestroy": False, "retentionInDays": 0},
    "aws:dynamodb/table:Table": {"billingMode": "PROVISIONED"},
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
    "aws:lambda/eventSourceMapping:EventSourceMapping": {"enabled": True},
    "aws:lambda/function:Function": {
        "memorySize": 128,
        "packageType": "Zip",
        "publish": False,
        "reservedConcurrentExecutions": -1,
        "skipDestroy": False,
        "timeout": 3,
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "desyncMitigationMode": "defensive",
        "dropInvalidHeaderFields": False,
        "enableDeletionProtection": False,
        "enableWafFailOpen": False,
        "loadBalancerType": "application",
    },
    "aws:kinesis/stream:Stream": {"encryptionType": "NONE", "enforceConsumerDeletion": False, "retentionPeriod": 24},
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
    "aws:sqs/queue:Queue": {
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "messageRetentionSeconds": 345_600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    },
    "aws:secretsmanager/secret:Secret": {"recoveryWindowInDays": 30, "forceOverwriteReplicaSecret": False},
}

_CONTAINER = "containerDefinitions{}[essential]"
_NESTED: Mapping[str, Mapping[str, Any]] = {
    "aws:acm/certificate:Certificate": {"keyAlgorithm": "RSA_2048"},
    "aws:apigateway/methodSettings:MethodSettings": {
        "settings.throttlingBurstLimit": -1,
        "settings.throttlingRateLimit": -1,
    },
    "aws:appautoscaling/policy:Policy": {"policyType": "StepScaling"},
    "aws:cloudfront/distribution:Distribution": {"priceClass": "PriceClass_All"},
    "aws:cloudfront/function:Function": {"publish": True},
    "aws:route53/healthCheck:HealthCheck": {"failureThreshold": 3, "requestInterval": 30},
    "aws:cfg/recorder:Recorder": {"recordingGroup.allSupported": True},
    "aws:cloudtrail/trail:Trail": {
        "eventSelectors[].includeManagementEvents": True,
        "eventSelectors[].readWriteType": "All",
    },
    "aws:ecs/service:Service": {
        "deploymentController.type": "ECS",
        "deploymentMinimumHealthyPercent": 100,
        "platformVersion": "LATEST",
        "schedulingStrategy": "REPLICA",
    },
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
    "aws:ecs/taskDefinition:TaskDefinition": {
        f"{_CONTAINER}.healthCheck.interval": 30,
        f"{_CONTAINER}.healthCheck.retries": 3,
        f"{_CONTAINER}.healthCheck.timeout": 5,
        f"{_CONTAINER}.stopTimeout": 30,
    },
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "rules[].transitions[].days": 0,
        "rules[transitions].transitions[].days": 0,
    },
    "aws:lb/targetGroup:TargetGroup": {
        "healthCheck.enabled": True,
        "healthCheck.interval": 30,
        "healthCheck.matcher": "200",
        "healthCheck.path": "/",
        "healthCheck.timeout": 5,
        "healthCheck.unhealthyThreshold": 2,
        "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
    },
    "aws:opensearch/domain:Domain": {
        "clusterConfig.instanceCount": 1,
        "clusterConfig.zoneAwarenessConfig.availabilityZoneCount": 2,
        "logPublishingOptions[].enabled": True,
    },
}
"""The same of what is inside other properties, and of what no other test asks for, by path of the clause table."""


def default_of(type_: str, path: str, absent: object = None) -> Any:
    """Return what stands for a property that is left out, or ``absent`` where that is not known."""
    return DEFAULTS.get(type_, {}).get(path, _NESTED.get(type_, {}).get(path, absent))
