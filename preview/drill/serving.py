"""What serves in the second region, and when requests go there."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from preview.drill.pair import Pair, seconds_of, steps_of, texts_in
from preview.drill.recorded import Item

RECORD = "aws:route53/record:Record"
CHECK = "aws:route53/healthCheck:HealthCheck"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_SERVICE = "aws:ecs/service:Service"
_TARGET = "aws:appautoscaling/target:Target"
_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
_FUNCTIONS = ("aws:lambda/function:Function", "aws:lambda/alias:Alias")
_VPC = "aws:ec2/vpc:Vpc"
TTL = 60
_FILES = "fitness-platform-files-"
PARTS = ("promote-database", "scale-out", "enable-consumers", "verify-failover")
RTO_SECONDS = 1800


def role_of(record: Item) -> str | None:
    """Return whether a record is the first or the second half of a pair."""
    return record.get("failoverRoutingPolicies.type")


def entries(pair: Pair) -> list[tuple[Item, Item | None]]:
    """Return the names that lead to the primary's region, each with the standby's record of the same name."""
    found = []
    for record in pair.primary.of(RECORD):
        if role_of(record) == "PRIMARY" and record.get("aliases"):
            halves = [
                other
                for other in pair.standby.of(RECORD)
                if (other.get("name"), other.get("zoneId")) == (record.get("name"), record.get("zoneId"))
                and role_of(other) == "SECONDARY"
            ]
            found.append((record, halves[0] if halves else None))
    return found


def names_fail_over(pair: Pair) -> Iterator[str]:
    """Yield the names that would go on leading to the lost region."""
    found = entries(pair)
    yield from () if found else ("no name leads to the primary by a record that fails over",)
    served = {str(record.get("name")) for record, _ in found}
    for distribution in pair.primary.of(DISTRIBUTION):
        for origin in distribution.get("origins", []):
            name = str(origin.get("domainName"))
            if name.startswith(("api-origin.", "origin.")) and name not in served:
                yield f"{name} is called by {distribution.name}, and fails over to nowhere"
    for record, half in found:
        if half is None:
            yield f"{record.get('name')} has no SECONDARY record in {pair.standby.name}"
            continue
        if half.get("setIdentifier") in (None, record.get("setIdentifier")):
            yield f"{half.name} has the identifier of the record that it stands in for"
        for one in (record, half):
            if not one.get("aliases") and one.get("ttl", TTL + 1) > TTL:
                yield f"{one.name} is remembered for more than {TTL} seconds"


def gate(pair: Pair) -> Iterator[str]:
    """Yield why requests could come before the database accepts writes."""
    for _, half in entries(pair):
        if half is None:
            continue
        checks = half.refers("healthCheckId", CHECK)
        if not checks:
            yield f"{half.name} is healthy whatever happens"
        for check in checks:
            yield from _follows_writes(pair, check)


def _follows_writes(pair: Pair, check: Item) -> Iterator[str]:
    if check.get("type") != "CLOUDWATCH_METRIC" or check.get("invertHealthcheck") or check.get("disabled"):
        yield f"{check.name} does not follow an alarm"
        return
    if check.get("insufficientDataHealthStatus") != "Unhealthy":
        yield f"{check.name} takes silence for health"
    alarms = [alarm for alarm in pair.left(_ALARM) if alarm.get("name") == check.get("cloudwatchAlarmName")]
    if check.get("cloudwatchAlarmRegion") != pair.second or not alarms:
        yield f"{check.name} follows {check.get('cloudwatchAlarmName')}, no alarm in {pair.second}"
    for alarm in alarms:
        if alarm.get("treatMissingData") != "breaching":
            yield f"{alarm.name} is silent while nobody says anything"
        if (alarm.get("comparisonOperator"), alarm.get("statistic")) != ("LessThanThreshold", "Minimum"):
            yield f"{alarm.name} is silent while some task can't write"


def fence(pair: Pair) -> Iterator[str]:
    """Yield why a region that comes back would get requests, with data that is old by then."""
    for record, _ in entries(pair):
        checks = record.refers("healthCheckId", CHECK)
        children = [child for check in checks for child in check.refers("childHealthchecks", CHECK)]
        waits = [
            child
            for child in children
            if child.get("type") == "CLOUDWATCH_METRIC"
            and child.get("invertHealthcheck") is True
            and child.get("cloudwatchAlarmRegion") == pair.second
        ]
        needed = [check for check in checks if check.get("childHealthThreshold") == len(children)]
        if not waits or not needed:
            yield f"{record.get('name')} leads back to {pair.lost} as soon as it answers, whatever {pair.second} has"


def static_files(pair: Pair) -> Iterator[str]:
    """Yield why pages would not be served."""
    found = False
    for distribution in pair.primary.of(DISTRIBUTION):
        names = {origin.get("originId"): str(origin.get("domainName")) for origin in distribution.get("origins", [])}
        default = distribution.get("defaultCacheBehavior.targetOriginId")
        if not any(name.startswith(_FILES) for name in names.values()):
            continue
        found = True
        groups = [group for group in distribution.get("originGroups", []) if group.get("originId") == default]
        members = [names.get(member.get("originId"), "") for group in groups for member in group.get("members", [])]
        if not any(f".s3.{pair.second}." in member for member in members):
            yield f"{distribution.name} has no second origin in {pair.second} for static files"
    if not found:
        yield "no distribution serves static files"


def services(pair: Pair) -> Iterator[str]:
    """Yield the services that would be missing, or too small for good."""
    there = {str(item.get("name")): item for item in pair.standby.of(_SERVICE)}
    most = {
        stack.name: {str(t.get("resourceId")): t.get("maxCapacity", 0) for t in stack.of(_TARGET)}
        for stack in (pair.primary, pair.standby)
    }
    yield from () if pair.primary.of(_SERVICE) else (f"{pair.primary.name} has no services",)
    for service in pair.primary.of(_SERVICE):
        name = str(service.get("name"))
        standby = there.get(name)
        if standby is None:
            yield f"{name} is not in {pair.standby.name}"
            continue
        if standby.get("desiredCount", 0) < 1:
            yield f"{name} runs no task in {pair.standby.name}"
        theirs, own = (
            max((count for id_, count in most[stack.name].items() if id_.endswith(f"/{name}")), default=0)
            for stack in (pair.primary, pair.standby)
        )
        if own < theirs:
            yield f"{name} grows to {own} tasks in {pair.standby.name}, and to {theirs} in {pair.primary.name}"


def consumers_paused(pair: Pair) -> Iterator[str]:
    """Yield what would be done twice while both regions are there."""
    for mapping in pair.standby.of(_MAPPING):
        if mapping.get("enabled") is not False:
            yield f"{mapping.name} takes messages already"


def consumers_resumed(pair: Pair) -> Iterator[str]:
    """Yield what would never be read again."""
    document = pair.document("enable-consumers")
    named = set(texts_in([step.get("inputs") for step in steps_of(document)])) if document else set[str]()
    mappings = pair.standby.of(_MAPPING)
    if not mappings:
        yield f"{pair.standby.name} reads no queue and no stream"
    for mapping in mappings:
        functions = mapping.refers("functionName", *_FUNCTIONS)
        names = {f"{item.get('functionName') or item.get('name')}:live" for item in functions}
        names |= {
            f"{function.get('name')}:live"
            for item in functions
            for function in item.refers("functionName", *_FUNCTIONS)
        }
        if not names & named:
            yield f"no step of enable-consumers lets {mapping.name} read"


def networks_apart(pair: Pair) -> Iterator[str]:
    """Yield blocks that would have the same addresses."""
    blocks = {stack.name: [_block(vpc) for vpc in stack.of(_VPC)] for stack in (pair.primary, pair.standby)}
    for own in blocks[pair.standby.name] or [None]:
        for theirs in blocks[pair.primary.name] or [None]:
            if own is None or theirs is None or own.overlaps(theirs):
                yield f"{own} of {pair.standby.name} and {theirs} of {pair.primary.name} are not apart"


def _block(vpc: Item) -> IPv4Network | None:
    try:
        return IPv4Network(str(vpc.get("cidrBlock")))
    except ValueError:
        return None


def runbooks(pair: Pair) -> Iterator[str]:
    """Yield what people would have to do by hand, or too slowly."""
    for label in ("fail-over", *PARTS, "restore-database"):
        document = pair.document(label)
        if document is None:
            yield f"{label} is no runbook in {pair.second}"
        elif seconds_of(document) is None:
            yield f"{label} has a step that doesn't say how long it takes"
    whole = pair.document("fail-over")
    run = set(texts_in([step.get("inputs") for step in steps_of(whole)])) if whole else set[str]()
    for label in PARTS:
        document = pair.document(label)
        if document and document.get("name") not in run:
            yield f"fail-over does not run {label}"


def asking(pair: Pair) -> list[Item]:
    """Return the health checks by which Route 53 asks the primary, once each."""
    checks = [check for record, _ in entries(pair) for check in record.refers("healthCheckId", CHECK)]
    children = [child for check in checks for child in [check, *check.refers("childHealthchecks", CHECK)]]
    found = {child.urn: child for child in children if str(child.get("type")).startswith("HTTPS")}
    return list(found.values())


def timeline(pair: Pair) -> list[tuple[str, int | None]]:
    """Return what happens one after the other, each with the seconds that it takes."""
    seen = max((c.get("requestInterval", 30) * c.get("failureThreshold", 3) for c in asking(pair)), default=None)
    first, *others = ((label, pair.document(label)) for label in PARTS)
    return [
        ("Route 53 sees that the region is ill", seen),
        (first[0], seconds_of(first[1]) if first[1] else None),
        ("names lead to the standby", TTL),
        *((label, seconds_of(document) if document else None) for label, document in others),
    ]


def in_time(pair: Pair) -> Iterator[str]:
    """Yield why it would take too long."""
    times = timeline(pair)
    if unknown := [what for what, seconds in times if seconds is None]:
        yield f"nobody knows how long these take: {', '.join(unknown)}"
    elif (total := sum(seconds for _, seconds in times if seconds)) > RTO_SECONDS:
        yield f"it takes {total} seconds, more than {RTO_SECONDS}"
