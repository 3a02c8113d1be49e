"""Security groups: one table of who may talk to whom.

Each row becomes two rules, one on either side: an egress rule of the caller and an ingress rule of the called. What no
row names can't be reached, and can't be called from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from components.naming import Naming

Group = Literal["alb", "ecs", "lambda", "rds-proxy", "rabbitmq", "rds", "redis", "search"]
_INTERNET = "internet"

GROUPS: Mapping[Group, str] = {
    "alb": "Load balancer, the only way in from the internet",
    "ecs": "Containers of all services",
    "lambda": "Functions that need the VPC",
    "rds-proxy": "Database proxy",
    "rabbitmq": "Broker",
    "rds": "PostgreSQL, primary and replicas",
    "redis": "Cache",
    "search": "Search domain",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports of the table. AWS fixes those of HTTPS services."""

    http: int = 80
    https: int = 443
    container: int = 8443
    postgres: int = 5432
    redis: int = 6379
    amqps: int = 5671


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ``caller`` may open connections to ``called`` on a TCP port."""

    caller: Group | Literal["internet"]
    called: Group | Literal["internet"]
    port: int
    why: str
    when: bool = True


def table(
    ports: Ports, *, east_west: bool, proxy: bool, direct_database: bool, lambda_database: bool, broker: bool = False
) -> tuple[Row, ...]:
    """Return who may talk to whom."""
    rows = (
        Row("internet", "alb", ports.http, "HTTP from anywhere, to be redirected"),
        Row("internet", "alb", ports.https, "HTTPS from anywhere"),
        Row("alb", "ecs", ports.container, "requests to services"),
        Row("ecs", "ecs", ports.container, "services to each other through Service Connect", east_west),
        Row("ecs", "rds-proxy", ports.postgres, "services to the database", proxy),
        Row("ecs", "rds", ports.postgres, "migrations, and analytics on the replica", direct_database or not proxy),
        Row("lambda", "rds-proxy", ports.postgres, "functions to the database", proxy and lambda_database),
        Row("rds-proxy", "rds", ports.postgres, "pooled connections to the database", proxy),
        Row("ecs", "redis", ports.redis, "services to the cache"),
        Row("ecs", "rabbitmq", ports.amqps, "services to the broker", broker),
        Row("ecs", "search", ports.https, "services to the search domain"),
        Row("lambda", "search", ports.https, "functions that fill the search domain"),
        Row("ecs", "internet", ports.https, "VPC endpoints, and third parties through NAT"),
        Row("lambda", "internet", ports.https, "VPC endpoints, and third parties through NAT"),
    )
    return tuple(row for row in rows if row.when)


@dataclass(frozen=True, slots=True)
class SecurityGroupsArgs:
    """What SecurityGroups are made from."""

    naming: Naming
    vpc_id: pulumi.Input[str]
    rows: tuple[Row, ...]


class SecurityGroups(pulumi.ComponentResource):
    """The security groups of the whole platform. Carries net-sg-alb, net-sg-ecs, net-sg-rds and net-sg-redis."""

    ids: Mapping[Group, pulumi.Output[str]]
    """Ids of the groups that a row names."""

    def __init__(self, name: str, args: SecurityGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:security:SecurityGroups", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.ids = {
            group: aws.ec2.SecurityGroup(
                f"{name}-{group}",
                name=args.naming.name(group),
                description=description,
                vpc_id=args.vpc_id,
                tags={"Name": args.naming.name(group)},
                opts=child,
            ).id
            for group, description in GROUPS.items()
            if any(group in (row.caller, row.called) for row in args.rows)
        }
        for row in args.rows:
            self._rule(name, row, args.naming, child)
        self.register_outputs({"ids": self.ids})

    def _rule(self, name: str, row: Row, naming: Naming, child: pulumi.ResourceOptions) -> None:
        label = f"{row.caller}-to-{row.called}-{row.port}"
        common: dict[str, Any] = {
            "description": row.why[0].upper() + row.why[1:],
            "ip_protocol": "tcp",
            "from_port": row.port,
            "to_port": row.port,
            "tags": {"Name": naming.name(label)},
            "opts": child,
        }
        if row.caller != _INTERNET:
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-{label}-egress", security_group_id=self.ids[row.caller], **self._peer(row.called), **common
            )
        if row.called != _INTERNET:
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-{label}-ingress", security_group_id=self.ids[row.called], **self._peer(row.caller), **common
            )

    def _peer(self, peer: Group | Literal["internet"]) -> dict[str, Any]:
        if peer == _INTERNET:
            return {"cidr_ipv4": "0.0.0.0/0"}
        return {"referenced_security_group_id": self.ids[peer]}
