"""The other side of the guardrails: whatever keeps the decision raises nothing, and whatever does not is named.

Values come from the settings' models, so that a new setting is varied here as soon as it exists.
"""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from guardrails import ALL_GUARDRAILS
from tests.support.judging import forget, violations
from tests.support.variations import (
    Changes,
    Path,
    Setting,
    all_settings,
    apart,
    broken_markers,
    drawn,
    kind_of,
    pairwise,
    parsed,
    previewed,
)

_LEGITIMATE, _REFUSED_PAIRS = pairwise()
_CLAUSES = {guardrail.id: guardrail.clauses for guardrail in ALL_GUARDRAILS}
_DECIDED = [setting for setting in all_settings() if setting.markers]


@pytest.fixture(autouse=True)
def _apart() -> Iterator[None]:
    """Keep no stack in memory that no other test asks for."""
    yield
    forget()


def _label(path: Path, value: Any) -> str:
    text = json.dumps(value)
    return f"{'.'.join(path)}={text if len(text) <= 40 else f'{text[:37]}...'}"


def _made_for(changes: Changes) -> str:
    """Name the two values that a stack was made for; the others are taken along."""
    return " and ".join(_label(path, value) for path, value in list(changes.items())[:2])


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_every_setting_can_be_varied(setting: Setting) -> None:
    assert len(setting.values) > 1, (
        f"no two values of {setting.name} can be made up from its model: "
        f"give its Field(...) examples=[...], or both bounds if it is a number"
    )
    assert kind_of({setting.path: setting.default}) == "keeps"


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_every_setting_has_examples_that_prod_could_have(setting: Setting) -> None:
    for example in setting.field.examples or ():
        assert kind_of({setting.path: example}) != "refused", f"{setting.name}: prod can't have the example {example}"


def test_any_two_values_that_keep_the_decision_stand_together_unless_they_conflict() -> None:
    choices = [(setting.path, json.dumps(value)) for setting in all_settings() for value in setting.of_kind("keeps")]
    wanted = {frozenset(pair) for pair in combinations(choices, 2) if pair[0][0] != pair[1][0]}
    for changes in _LEGITIMATE:
        row = [(path, json.dumps(value)) for path, value in changes.items()]
        wanted -= {frozenset(pair) for pair in combinations(row, 2)}
    assert [pair for pair in wanted if parsed({path: json.loads(text) for path, text in pair})] == []
    assert len(wanted) == _REFUSED_PAIRS


def test_there_are_two_hundred_legitimate_variations() -> None:
    assert len(_LEGITIMATE) >= 200


@pytest.mark.parametrize("changes", _LEGITIMATE, ids=_made_for)
def test_what_keeps_the_decision_raises_nothing(changes: Changes) -> None:
    assert violations(previewed(changes)) == set()


def _guardrails_of(clause: str) -> set[str]:
    return {guardrail for guardrail, clauses in _CLAUSES.items() if clause in clauses}


_OUTSIDE = apart(
    ({setting.path: value} for setting in _DECIDED for value in setting.of_kind("breaks")), telling=_guardrails_of
)


@pytest.mark.parametrize("changes", _OUTSIDE, ids=_made_for)
def test_what_breaks_the_decision_is_named(changes: Changes) -> None:
    settings = parsed(changes)
    assert settings is not None
    raised = {guardrail for guardrail, _ in violations(previewed(changes))}
    for marker in broken_markers(settings):
        assert raised & _guardrails_of(marker.clause), (
            f"no guardrail of {marker.clause} was raised, but {sorted(raised) or 'none'}"
        )


@pytest.mark.parametrize("seed", range(30), ids=lambda seed: f"seed {seed}")
def test_drawn_stacks_that_keep_the_decision_are_clean(seed: int) -> None:
    assert violations(previewed(drawn(seed, "keeps"))) == set()


@pytest.mark.parametrize("seed", range(30, 60), ids=lambda seed: f"seed {seed}")
def test_drawn_stacks_are_clean_where_all_markers_hold_and_there_alone(seed: int) -> None:
    settings = parsed(changes := drawn(seed, "keeps", "breaks"))
    assert settings is not None
    assert bool(violations(previewed(changes))) == any(broken_markers(settings))


def test_each_setting_that_can_break_the_decision_does_so_here() -> None:
    """A marker that no value breaks says so in words; whoever narrows one has to give an example outside."""
    unbroken = {setting.name for setting in _DECIDED if not setting.of_kind("breaks")}
    assert unbroken == {
        "api.restTlsPolicy",
        "api.tlsPolicy",
        "async.queues.aiRecommendations.fifo",
        "async.queues.analyticsEvents.fifo",
        "async.queues.analyticsEvents.timeoutSeconds",
        "async.queues.email.fifo",
        "async.queues.email.timeoutSeconds",
        "async.queues.healthMetrics.fifo",
        "async.queues.healthMetrics.timeoutSeconds",
        "async.queues.paymentWebhooks.fifo",
        "async.queues.paymentWebhooks.timeoutSeconds",
        "async.rabbitmq.enabled",
        "compute.fargateVcpuQuota",
        "compute.services.api-gateway.cpu",
        "compute.services.api-gateway.memoryMib",
        "compute.workers.background.cpu",
        "compute.workers.background.memoryMib",
        "database.directEcsAccess",
        "edge.healthCheckSeconds",
        "edge.tlsPolicy",
        "media.masterDeepArchiveDays",
        "network.flowLogAggregationSeconds",
        "network.singleNatZone",
        "network.vpcCidr",
        "search.events.mode",
        "search.nodesPerZone",
        "security.allowEastWest",
    }
