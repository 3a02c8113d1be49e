"""Guardrails of the second region: what is copied there, how completely, and under which keys."""

from guardrails.model import Guardrail
from guardrails.second_region.backups import BACKUP_COPY_GUARDRAILS
from guardrails.second_region.buckets import REPLICATION_GUARDRAILS
from guardrails.second_region.failover import FAILOVER_GUARDRAILS
from guardrails.second_region.images import IMAGE_COPY_GUARDRAILS
from guardrails.second_region.keys import FAR_KEY_GUARDRAILS
from guardrails.second_region.secrets import SECRET_COPY_GUARDRAILS
from guardrails.second_region.standby import STANDBY_GUARDRAILS
from guardrails.second_region.vaults import VAULT_GUARDRAILS

SECOND_REGION_GUARDRAILS: tuple[Guardrail, ...] = (
    *FAR_KEY_GUARDRAILS,
    *BACKUP_COPY_GUARDRAILS,
    *VAULT_GUARDRAILS,
    *REPLICATION_GUARDRAILS,
    *SECRET_COPY_GUARDRAILS,
    *IMAGE_COPY_GUARDRAILS,
    *STANDBY_GUARDRAILS,
    *FAILOVER_GUARDRAILS,
)
