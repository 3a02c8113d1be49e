"""Clauses api-waf and audit-pii-redaction: a web ACL stops known attacks, and logs them without secrets."""

from collections.abc import Iterable

from guardrails.api_layer.resources import WEB_ACL, is_application
from guardrails.compute_cluster.resources import LOG_GROUP
from guardrails.graph import Graph, Node
from guardrails.model import Guardrail, Option, Relaxations, ResourceGuardrail, StackGuardrail
from guardrails.placement import LOAD_BALANCER
from guardrails.provider import region_of
from guardrails.reading import Properties

_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_MANAGED = "statement.managedRuleGroupStatement"
_REFERENCED = "statement.ruleGroupReferenceStatement"
_REQUIRED = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)
_STOP = ("block", "captcha", "challenge")
_LOG_GROUP_NAME = "aws-waf-logs-"  # demanded by AWS
_SECRET_HEADERS = ("authorization", "cookie", "x-origin-verify")


def _has_acl(balancer: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    if not is_application(balancer):
        return
    associations = balancer.referrers("resourceArn", _ASSOCIATION)
    if len(associations) != 1:
        yield f"{len(associations) or 'no'} associations of this stack give it a web ACL, not 1"
    for association in associations:
        acls = association.refers("webAclArn", WEB_ACL)
        if len(acls) != 1:
            yield f"webAclArn of {association.name} refers to no web ACL of this stack"
        for acl in acls:
            if (scope := acl.properties.text("scope")) != "REGIONAL":
                yield f"the scope of {acl.name} is {scope or 'not given'}, not REGIONAL"


def _fails_closed(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    if properties.flag("enableWafFailOpen"):
        yield "enableWafFailOpen is true, so that requests pass unseen when the web ACL doesn't answer"


def _has_rules(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    whole = {
        group.text("name")
        for rule in properties.blocks("rules")
        for group in rule.blocks(_MANAGED)
        if group.text("vendorName") == "AWS" and not group.given("scopeDownStatement")
    }
    if properties.given("ruleJson"):
        yield "ruleJson is given, in place of rules that can be read"
    if missing := [name for name in relaxations.texts("required") if name not in whole]:
        yield f"no rule holds every request against {', '.join(missing)}"


def _stops(_type: str, properties: Properties, relaxations: Relaxations) -> Iterable[str]:
    counted = relaxations.texts("counted")
    for rule in properties.blocks("rules"):
        name = rule.text("name") or "a rule"
        groups = [*rule.blocks(_MANAGED), *rule.blocks(_REFERENCED)]
        if rule.blocks("overrideAction.count") or (groups and not rule.blocks("overrideAction.none")):
            yield f"{name} only counts what it matches: overrideAction is not none"
        if rule.blocks("action.allow"):
            yield f"{name} lets what it matches past all rules after it"
        for group in groups:
            if group.given("excludedRules"):
                yield f"{name} leaves out excludedRules"
            for override in group.blocks("ruleActionOverrides"):
                overridden = override.text("name") or "a rule"
                if overridden not in counted and not any(override.blocks(f"actionToUse.{action}") for action in _STOP):
                    yield f"{name} doesn't stop what {overridden} matches"


def _lets_others_in(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    default = properties.blocks("defaultAction")
    if len(default) != 1 or default[0].blocks("block") or not default[0].blocks("allow"):
        yield "defaultAction is not allow, so that nobody gets through whom no rule names"


def _measured(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    rules = {f"rule {rule.text('name')}": rule for rule in properties.blocks("rules")}
    for name, part in {"the web ACL": properties, **rules}.items():
        if not part.flag("visibilityConfig.cloudwatchMetricsEnabled"):
            yield f"visibilityConfig.cloudwatchMetricsEnabled of {name} is not true"


def _logged(acl: Node, _graph: Graph, _: Relaxations) -> Iterable[str]:
    loggings = acl.referrers("resourceArn", _LOGGING)
    if len(loggings) != 1:
        yield f"{len(loggings) or 'no'} logging configurations of this stack are its, not 1"
    for logging in loggings:
        groups = logging.refers("logDestinationConfigs", LOG_GROUP)
        if len(groups) != 1:
            yield f"logDestinationConfigs of {logging.name} refer to no log group of this stack"
        for group in groups:
            if others := [one.name for one in group.referrers("logDestinationConfigs", _LOGGING) if one is not logging]:
                yield f"{group.name} takes the log of {', '.join(others)} too"
            if not (name := group.properties.text("name") or "").startswith(_LOG_GROUP_NAME):
                yield f"the name of {group.name} is {name or 'not given'}, which doesn't start with {_LOG_GROUP_NAME}"
            if (region := region_of(group)) != (own := region_of(acl)):
                yield f"{group.name} is in {region}, not in {own}"


def _kept(group: Node, _graph: Graph, relaxations: Relaxations) -> Iterable[str]:
    minimum = relaxations.number("minimumDays")
    if group.referrers("logDestinationConfigs", _LOGGING):
        days = group.properties.number("retentionInDays")
        if days and days < minimum:  # log-groups-expire speaks of none
            yield f"it keeps the log of a web ACL for {days:g} days, not {minimum:g} or more"


def _keeps_blocked(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    for logging in properties.blocks("loggingFilter"):
        filters = logging.blocks("filters")
        if any(one.text("behavior") != "KEEP" for one in filters):
            yield "a filter of loggingFilter drops requests, which may be those that were blocked"
        if logging.text("defaultBehavior") != "KEEP" and not any(_is_of_blocked(one) for one in filters):
            yield "no filter of loggingFilter keeps the requests that were blocked"


def _is_of_blocked(one: Properties) -> bool:
    """Return whether a filter takes all requests that were blocked."""
    conditions = one.blocks("conditions")
    blocked = [condition.text("actionCondition.action") == "BLOCK" for condition in conditions]
    return any(blocked) and (len(conditions) == 1 or one.text("requirement") == "MEETS_ANY")


def _redacted(_type: str, properties: Properties, _relaxations: Relaxations) -> Iterable[str]:
    fields = properties.blocks("redactedFields")
    redacted = {(header.text("name") or "").lower() for field in fields for header in field.blocks("singleHeader")}
    if missing := [name for name in _SECRET_HEADERS if name not in redacted]:
        yield f"redactedFields have no {', '.join(missing)}, which let their bearer in"


WEB_ACL_GUARDRAILS: tuple[Guardrail, ...] = (
    StackGuardrail(
        id="load-balancers-have-web-acls",
        title="A load balancer has a web ACL of the stack",
        clauses=("api-waf",),
        severity="high",
        types=frozenset({LOAD_BALANCER}),
        check=_has_acl,
        controls=("ELB.16", "CKV2_AWS_28", "elbv2_waf_acl_attached"),
        remediation="Declare an aws.wafv2.WebAclAssociation with the ARNs of both.",
    ),
    ResourceGuardrail(
        id="load-balancers-fail-closed",
        title="Nothing passes a web ACL that doesn't answer",
        clauses=("api-waf",),
        severity="high",
        types=frozenset({LOAD_BALANCER}),
        check=_fails_closed,
        remediation="Leave enableWafFailOpen out.",
    ),
    ResourceGuardrail(
        id="web-acls-have-managed-rules",
        title="Web ACLs hold every request against AWS's rules",
        clauses=("api-waf",),
        severity="high",
        types=frozenset({WEB_ACL}),
        check=_has_rules,
        controls=("WAF.10", "CKV_AWS_175", "CKV_AWS_192", "CKV_AWS_342", "CKV2_AWS_76", "wafv2_webacl_with_rules"),
        options={
            "required": Option(
                {"type": "array", "items": {"type": "string"}},
                list(_REQUIRED),
                "Rule groups of AWS that every web ACL must have.",
            )
        },
        remediation="Leave api.managedRuleGroups out, or add to its default only.",
    ),
    ResourceGuardrail(
        id="web-acls-stop-what-they-match",
        title="Rules of web ACLs stop what they match, and let nothing past the others",
        clauses=("api-waf",),
        severity="high",
        types=frozenset({WEB_ACL}),
        check=_stops,
        options={
            "counted": Option(
                {"type": "array", "items": {"type": "string"}}, [], "Rules of rule groups that may only count."
            )
        },
        remediation="Set overrideAction to none, leave api.countedRules out, and let no rule allow.",
    ),
    ResourceGuardrail(
        id="web-acls-let-others-through",
        title="Web ACLs let through what no rule stops",
        clauses=("api-waf",),
        severity="medium",
        types=frozenset({WEB_ACL}),
        check=_lets_others_in,
        remediation="Set defaultAction to allow.",
    ),
    ResourceGuardrail(
        id="web-acls-measured",
        title="Web ACLs and their rules have metrics",
        clauses=("api-waf",),
        severity="low",
        types=frozenset({WEB_ACL}),
        check=_measured,
        controls=("WAF.12", "wafv2_webacl_rule_logging_enabled"),
        remediation="Set visibilityConfig.cloudwatchMetricsEnabled to true.",
    ),
    StackGuardrail(
        id="web-acls-logged",
        title="Web ACLs log to a log group of the stack",
        clauses=("api-waf", "obs-retention-api-access"),
        severity="medium",
        types=frozenset({WEB_ACL}),
        check=_logged,
        controls=("WAF.11", "CKV2_AWS_31", "wafv2_webacl_logging_enabled"),
        remediation="Declare a WebAclLoggingConfiguration, and a log group whose name starts with aws-waf-logs-.",
    ),
    StackGuardrail(
        id="web-acl-logs-kept-30-days",
        title="Logs of web ACLs are kept for 30 days or more",
        clauses=("obs-retention-api-access",),
        severity="medium",
        types=frozenset({LOG_GROUP}),
        check=_kept,
        options={
            "minimumDays": Option(
                {"type": "integer", "minimum": 1}, 30, "Days that logs of web ACLs are kept at least."
            )
        },
        remediation="Leave api.webAclLogDays out, or set it to 30 or more.",
    ),
    ResourceGuardrail(
        id="web-acl-logs-have-what-was-blocked",
        title="Logs of web ACLs have every request that was blocked",
        clauses=("api-waf",),
        severity="medium",
        types=frozenset({_LOGGING}),
        check=_keeps_blocked,
        remediation="Leave loggingFilter out, or keep BLOCK by it.",
    ),
    ResourceGuardrail(
        id="web-acl-logs-redacted",
        title="Logs of web ACLs have no header that lets its bearer in",
        clauses=("audit-pii-redaction", "api-waf"),
        severity="high",
        types=frozenset({_LOGGING}),
        check=_redacted,
        remediation="List authorization, cookie and x-origin-verify under redactedFields.",
    ),
)
