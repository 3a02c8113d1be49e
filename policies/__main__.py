"""The policy pack. Run it with ``pulumi preview --policy-pack policies``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from pulumi_policy import EnforcementLevel, PolicyPack

from guardrails import ALL_GUARDRAILS
from guardrails.binding import policies
from guardrails.exemptions import ExemptionError, Exemptions, load_exemptions
from guardrails.model import ResourceGuardrail
from guardrails.one_pass import install

_EXEMPTIONS = Path(__file__).with_name("exemptions.yaml")

try:
    listed = load_exemptions(_EXEMPTIONS, (guardrail.id for guardrail in ALL_GUARDRAILS))
except ExemptionError as error:
    sys.exit(str(error))

install({guardrail.id: guardrail.types for guardrail in ALL_GUARDRAILS if isinstance(guardrail, ResourceGuardrail)})
PolicyPack(
    name="fitness-platform-guardrails",
    policies=policies(ALL_GUARDRAILS, Exemptions(listed, today=datetime.now(UTC).date())),
    enforcement_level=EnforcementLevel.MANDATORY,
)
