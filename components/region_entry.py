"""The names by which the edge and functions call a region, and when Route 53 lets them lead to it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.far_side import ReadyAlarm
from components.naming import Naming
from components.routes import API_HEALTH_PATH, api_origin_name, origin_name

_MISSES = 3


@dataclass(frozen=True, slots=True)
class EntryTarget:
    """What AWS called the thing that a name leads to."""

    name: pulumi.Input[str]
    zone_id: pulumi.Input[str]
    """Hosted zone of that name."""
    evaluate: bool
    """Whether Route 53 asks AWS, too, how the target is: of a load balancer, it would take a target group without
    targets for an unhealthy one, which one of every blue/green pair is."""


@dataclass(frozen=True, slots=True)
class EntryArgs:
    """What the names of a region are made from."""

    naming: Naming
    domain: str
    """Domain of the platform: the same in both regions."""
    hosted_zone_id: str
    api: EntryTarget
    """The REST API."""
    load_balancer: EntryTarget
    ready: ReadyAlarm | None
    """The alarm of the second region that is silent once its database accepts writes; none without such a region."""


class _RegionEntry(pulumi.ComponentResource):
    """Half of a failover pair for each of the two names, which move together. An alias lives for 60 seconds."""

    _role: str

    def __init__(self, name: str, args: EntryArgs, opts: pulumi.ResourceOptions | None) -> None:
        moved = pulumi.Alias(
            type_="fitness-platform:edge:ApiEntry", parent=pulumi.create_urn("edge", "fitness-platform:edge:EdgeLayer")
        )
        super().__init__(
            "fitness-platform:entry:RegionEntry",
            name,
            None,
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(aliases=[moved])),
        )
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

    def _lead_here(self, health_check_id: pulumi.Input[str]) -> None:
        """Let both names lead to this region. No AAAA record: the VPC has no IPv6, so that it would answer nothing."""
        args, role = self._args, self._role
        was = pulumi.Alias(name="api-origin-record", parent=pulumi.create_urn("api", "fitness-platform:api:ApiLayer"))
        for label, host, target, aliases in (
            (role, api_origin_name(args.domain), args.api, []),
            (f"services-{role}", origin_name(args.domain), args.load_balancer, [was]),
        ):
            aws.route53.Record(
                f"{self._name}-{label}",
                zone_id=args.hosted_zone_id,
                name=host,
                type="A",
                set_identifier=args.naming.region,
                failover_routing_policies=[aws.route53.RecordFailoverRoutingPolicyArgs(type=role.upper())],
                health_check_id=health_check_id,
                aliases=[
                    aws.route53.RecordAliasArgs(
                        name=target.name, zone_id=target.zone_id, evaluate_target_health=target.evaluate
                    )
                ],
                opts=pulumi.ResourceOptions(parent=self, aliases=aliases if role == "primary" else None),
            )

    def _follows(self, label: str, ready: ReadyAlarm, *, inverted: bool) -> aws.route53.HealthCheck:
        """Declare a check that is healthy while the database of the second region accepts writes, or while it doesn't.

        No data counts as read-only.
        """
        title = self._args.naming.name(label)
        return aws.route53.HealthCheck(
            f"{self._name}-{label}",
            type="CLOUDWATCH_METRIC",
            cloudwatch_alarm_name=ready.name,
            cloudwatch_alarm_region=ready.region,
            insufficient_data_health_status="Unhealthy",
            invert_healthcheck=inverted,
            tags={"Name": title},
            opts=pulumi.ResourceOptions(parent=self, depends_on=ready.declared),
        )


class PrimaryEntry(_RegionEntry):
    """The first half: this region, while its API answers, and until the other one has taken over.

    Whoever comes back after a failover has an old database: what lets requests back is that the other region's accepts
    writes no more, and nothing else. Carries edge-route53-dns-health, dr-r53-region-health and dr-dns-ttl-60.
    """

    _role = "primary"
    health_check_id: pulumi.Output[str]
    """Id of the check that asks the API itself."""

    def __init__(self, name: str, args: EntryArgs, *, seconds: int, opts: pulumi.ResourceOptions | None = None) -> None:
        """Take after how many ``seconds`` Route 53 asks again."""
        super().__init__(name, args, opts)
        answers = health_check(
            f"{name}-health",
            label=args.naming.name("api"),
            host=api_origin_name(args.domain),
            path=API_HEALTH_PATH,
            seconds=seconds,
            opts=self._child,
        )
        serves = self._serves(answers, args.ready) if args.ready else answers
        self._lead_here(serves.id)
        self.health_check_id = answers.id
        self.register_outputs({"health_check_id": self.health_check_id})

    def _serves(self, answers: aws.route53.HealthCheck, ready: ReadyAlarm) -> aws.route53.HealthCheck:
        others_wait = self._follows("standby-waits", ready, inverted=True)
        return aws.route53.HealthCheck(
            f"{self._name}-serves",
            type="CALCULATED",
            child_healthchecks=[answers.id, others_wait.id],
            child_health_threshold=2,
            tags={"Name": self._args.naming.name("serves")},
            opts=self._child,
        )


class StandbyEntry(_RegionEntry):
    """The second half: this region, once its database accepts writes. Promoting it is the one deliberate act."""

    _role = "secondary"

    def __init__(self, name: str, args: EntryArgs, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        if args.ready is None:
            raise ValueError("a standby serves by an alarm that says when: found none")
        self._lead_here(self._follows("ready", args.ready, inverted=False).id)
        self.register_outputs({})


def health_check(
    name: str, *, label: str, host: str, path: str, seconds: int, opts: pulumi.ResourceOptions
) -> aws.route53.HealthCheck:
    """Declare a question over HTTPS, from many places; three misses make what it is about unhealthy."""
    return aws.route53.HealthCheck(
        name,
        type="HTTPS",
        fqdn=host,
        port=443,
        resource_path=path,
        enable_sni=True,
        request_interval=seconds,
        failure_threshold=_MISSES,
        measure_latency=True,
        tags={"Name": label},
        opts=opts,
    )
