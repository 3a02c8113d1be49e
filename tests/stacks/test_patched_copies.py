"""The program broken as a pull request might break it: the command line must name the guardrail and the resource."""

from pathlib import Path

import pytest

from components.network_layer.settings import ADR_INTERFACE_ENDPOINTS
from tests.stacks.patching import Patch, assert_refused, each, urn

_NETWORK = "fitness-platform:network:NetworkLayer"
_ENDPOINTS = f"{_NETWORK}$fitness-platform:network:VpcEndpoints"
_FLOW_LOGS = f"{_NETWORK}$fitness-platform:network:FlowLogs"


_VPC = urn(f"{_NETWORK}$aws:ec2/vpc:Vpc", "network-vpc")
_LAYER = "components/network_layer/layer.py"
_DATABASE = "fitness-platform:database:DatabaseLayer"
_INSTANCE = f"{_DATABASE}$aws:rds/instance:Instance"
_PARAMETERS = f"{_DATABASE}$aws:rds/parameterGroup:ParameterGroup"
_BOTH_PARAMETERS = ("database-primary-parameters", "database-analytics-parameters")
_PROXY = f"{_DATABASE}$fitness-platform:database:DatabaseProxy$aws:rds/proxy:Proxy"
_SECURITY_GROUPS = "fitness-platform:security:SecurityGroups"
_GROUP = f"{_SECURITY_GROUPS}$aws:ec2/securityGroup:SecurityGroup"
_KEY = "fitness-platform:security:SecurityLayer$fitness-platform:security:EncryptionKey$aws:kms/key:Key"
_ALL_KEYS = tuple(
    f"security-{purpose}-key"
    for purpose in ("alerts", "archive", "data", "logs", "media", "queues", "secrets", "streams")
)
_FAR_KEY = "fitness-platform:standby:SecondRegion$fitness-platform:security:EncryptionKey$aws:kms/key:Key"
_ALL_FAR_KEYS = tuple(f"far-{purpose}-key" for purpose in ("alerts", "archive", "data", "media", "secrets"))
_RUNBOOK = "fitness-platform:runbooks:RunbookLayer$aws:ssm/document:Document"
_INSTANCES = "components/database_layer/layer.py"
_GROUPS = "components/security_layer/security_groups.py"
_KEYS = "components/encryption_key.py"

_CLUSTER = "fitness-platform:compute:ComputeCluster"
_SERVICE = f"{_CLUSTER}$fitness-platform:compute:WebService$aws:ecs/service:Service"
_WORKER = f"{_CLUSTER}$fitness-platform:compute:Worker$aws:ecs/service:Service"

_SEARCH = "fitness-platform:search:SearchLayer"
_FUNCTION = "fitness-platform:functions:PythonFunction$aws:lambda/function:Function"
_ALSO_PRIVATE = "\n        private_subnet_ids=network.private_subnet_ids,\n        database_group_id"

PATCHES = {
    "private subnet routed to the internet gateway": Patch(
        _LAYER,
        "nat_gateway_id=nat_gateways[home].id,",
        'gateway_id=gateway.id if letter == "a" else None,'
        ' nat_gateway_id=None if letter == "a" else nat_gateways[home].id,',
        each("internet-routes-for-public-tier-only", f"{_NETWORK}$aws:ec2/subnet:Subnet", "network-private-a")
        | each("workloads-in-private-subnets", _PROXY, "database-proxy-pool")
        | {
            violation
            for service in ("ai", "api-gateway", "auth", "content", "payment", "training")
            for violation in each("workloads-in-private-subnets", _SERVICE, f"compute-{service}-service")
        }
        | each("workloads-in-private-subnets", _WORKER, "compute-background-service")
        | each(
            "workloads-in-private-subnets",
            f"{_SEARCH}$fitness-platform:search:SearchBootstrap${_FUNCTION}",
            "search-bootstrap-function",
        )
        | each(
            "workloads-in-private-subnets",
            f"{_SEARCH}$fitness-platform:search:StreamConsumer${_FUNCTION}",
            "search-dashboards-reader-function",
        ),
    ),
    "interface endpoint removed": Patch(
        "components/network_layer/settings.py", '    "logs",\n', "", {("interface-endpoints", _VPC)}
    ),
    "S3 endpoint removed": Patch(
        "components/network_layer/settings.py",
        'default=("s3", "dynamodb")',
        'default=("dynamodb",)',
        {("s3-gateway-endpoint", _VPC)},
    ),
    "network ACL opened": Patch(
        "components/network_layer/nacl.py",
        'NaclRow("private", "ingress", "internet", _EPHEMERAL',
        'NaclRow("private", "ingress", "internet", ((0, 65535),)',
        {("network-acls-narrow", urn(f"{_NETWORK}$aws:ec2/networkAcl:NetworkAcl", "network-private-nacl"))},
    ),
    "data tier opened to the internet by its network ACL": Patch(
        "components/network_layer/nacl.py",
        'NaclRow("data", "egress", "vpc"',
        'NaclRow("data", "egress", "internet"',
        {("data-tier-acl-vpc-only", urn(f"{_NETWORK}$aws:ec2/networkAcl:NetworkAcl", "network-data-nacl"))},
    ),
    "flow log of refused traffic only": Patch(
        "components/network_layer/flow_logs.py",
        'traffic_type="ALL"',
        'traffic_type="REJECT"',
        {
            ("vpc-flow-logs", _VPC),
            ("flow-logs-delivered", urn(f"{_FLOW_LOGS}$aws:ec2/flowLog:FlowLog", "network-flow-logs-all")),
        },
    ),
    "flow logs dropped": Patch(
        _LAYER,
        'FlowLogs(\n            f"{name}-flow-logs",',
        'dict(\n            name=f"{name}-flow-logs",',
        {("vpc-flow-logs", _VPC)},
    ),
    "flow logs not encrypted": Patch(
        "components/network_layer/flow_logs.py",
        "kms_key_id=log_key_arn,",
        "",
        {
            (
                "log-groups-encrypted",
                urn(f"{_FLOW_LOGS}$aws:cloudwatch/logGroup:LogGroup", "network-flow-logs-group"),
            )
        },
    ),
    "database put in public subnets": Patch(
        "__main__.py",
        'pulumi.export("vpcId", network.vpc_id)',
        "import pulumi_aws\n"
        'pulumi_aws.rds.SubnetGroup("databases", subnet_ids=list(network.public_subnet_ids.values()),'
        " opts=pulumi.ResourceOptions(parent=network))",
        {
            ("workloads-in-private-subnets", urn(f"{_NETWORK}$aws:rds/subnetGroup:SubnetGroup", "databases")),
            ("public-subnets-reserved", urn(f"{_NETWORK}$aws:rds/subnetGroup:SubnetGroup", "databases")),
        },
    ),
    "public addresses on launch": Patch(
        _LAYER,
        "map_public_ip_on_launch=False",
        'map_public_ip_on_launch=(tier, letter) == ("public", "b")',
        {("no-public-addresses", urn(f"{_NETWORK}$aws:ec2/subnet:Subnet", "network-public-b"))},
    ),
    "one zone without its NAT gateway": Patch(
        _LAYER,
        "home = letter if letter in nat_gateways",
        'home = "a" if letter in "ab"',
        {("nat-gateway-per-zone", _VPC)},
    ),
    "endpoint open to any account": Patch(
        "components/network_layer/endpoints.py",
        '            condition={"StringEquals": {"aws:PrincipalAccount": naming.account_id}},\n',
        "",
        {
            (
                "endpoint-policies-scoped",
                urn(f"{_ENDPOINTS}$aws:ec2/vpcEndpoint:VpcEndpoint", f"network-endpoints-{service}"),
            )
            for service in ADR_INTERFACE_ENDPOINTS
        },
    ),
    "database moved to public subnets": Patch(
        "__main__.py",
        f"data_subnet_ids=network.data_subnet_ids,{_ALSO_PRIVATE}",
        f"data_subnet_ids=network.public_subnet_ids,{_ALSO_PRIVATE}",
        {
            (guardrail, urn(f"{_DATABASE}$aws:rds/subnetGroup:SubnetGroup", f"database-{label}-subnets"))
            for guardrail in ("workloads-in-private-subnets", "public-subnets-reserved")
            for label in ("primary", "analytics")
        },
    ),
    "database opened to addresses": Patch(
        _GROUPS,
        'Row("ecs", "redis"',
        'Row("internet", "rds", ports.postgres, "everybody"), Row("ecs", "redis"',
        each("database-callers", _GROUP, "groups-rds")
        | each("one-public-entrance", _GROUP, "groups-alb", "groups-rds")
        | each(
            "security-groups-not-open",
            f"{_SECURITY_GROUPS}$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "groups-internet-to-rds-5432-ingress",
        ),
    ),
    "database opened to another group": Patch(
        _GROUPS,
        'Row("ecs", "redis"',
        'Row("search", "rds", ports.postgres, "the search domain"), Row("ecs", "redis"',
        each("database-callers", _GROUP, "groups-rds"),
    ),
    "database not encrypted": Patch(
        _INSTANCES,
        '"storage_encrypted": True,',
        '"storage_encrypted": False,',
        each("database-encrypted", _INSTANCE, "database-primary", "database-analytics"),
    ),
    "backups kept for a week": Patch(
        _INSTANCES,
        '"backup_retention_period": settings.backup_retention_days,',
        '"backup_retention_period": 7,',
        each("database-backups-kept", _INSTANCE, "database-primary"),
    ),
    "standby dropped": Patch(
        _INSTANCES,
        '"multi_az": settings.multi_az,',
        '"multi_az": False,',
        each("database-standby", _INSTANCE, "database-primary"),
    ),
    "proxy dropped": Patch(
        _INSTANCES,
        "proxy = self._build_proxy(primary, app, args.proxy_group_id) if args.proxy_group_id else None",
        "proxy = None",
        each("database-proxied", _INSTANCE, "database-primary")
        | each("database-callers", _GROUP, "groups-rds")
        | each("runbooks-name-what-exists", _RUNBOOK, "runbooks-promote-read-replica"),
    ),
    "audit dropped": Patch(
        "components/database_layer/parameters.py",
        '"pg_stat_statements,pgaudit"',
        '"pg_stat_statements"',
        each("database-audit-loaded", _PARAMETERS, *_BOTH_PARAMETERS),
    ),
    "TLS not forced": Patch(
        "components/database_layer/parameters.py",
        '"rds.force_ssl": "1"',
        '"rds.force_ssl": "0"',
        each("database-tls-forced", _PARAMETERS, *_BOTH_PARAMETERS),
    ),
    "deletion protection dropped": Patch(
        _INSTANCES,
        '"deletion_protection": settings.deletion_protection,',
        "",
        each("database-deletion-protected", _INSTANCE, "database-primary", "database-analytics"),
    ),
    "keys do not rotate": Patch(
        _KEYS,
        "enable_key_rotation=True,",
        "",
        each("keys-rotate", _KEY, *_ALL_KEYS) | each("keys-rotate", _FAR_KEY, *_ALL_FAR_KEYS),
    ),
    "key policy open to the world": Patch(
        _KEYS,
        'principal={"AWS": f"arn:aws:iam::{naming.account_id}:root"}',
        'principal="*"',
        {
            violation
            for guardrail in ("resource-policies-scoped", "keys-governed-by-iam")
            for type_, names in ((_KEY, _ALL_KEYS), (_FAR_KEY, _ALL_FAR_KEYS))
            for violation in each(guardrail, type_, *names)
        },
    ),
    "remote desktop opened to the world": Patch(
        "components/network_layer/endpoints.py",
        "from_port=443,\n            to_port=443,\n            cidr_ipv4=str(settings.vpc_cidr)",
        'from_port=443,\n            to_port=3389,\n            cidr_ipv4="0.0.0.0/0"',
        each(
            "security-groups-not-open",
            f"{_ENDPOINTS}$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "network-endpoints-from-vpc",
        )
        | each("one-public-entrance", _GROUP, "groups-alb")
        | {
            violation
            for guardrail in ("groups-let-in-groups", "one-public-entrance")
            for violation in each(
                guardrail, f"{_ENDPOINTS}$aws:ec2/securityGroup:SecurityGroup", "network-endpoints-security-group"
            )
        }
        | each(
            "interface-endpoints-usable",
            f"{_ENDPOINTS}$aws:ec2/vpcEndpoint:VpcEndpoint",
            *(f"network-endpoints-{service}" for service in ADR_INTERFACE_ENDPOINTS),
        ),
    ),
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_patch_is_refused_by_name(patch: Patch, tmp_path: Path) -> None:
    assert_refused(patch, tmp_path)
