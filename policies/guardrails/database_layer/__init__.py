"""Guardrails of the database: db-*, dr-db-*, enc-rest-rds, audit-pgaudit and what one region keeps of recovery."""

from guardrails.database_layer.alarms import ALARM_GUARDRAILS
from guardrails.database_layer.backup_plan import BACKUP_PLAN_GUARDRAILS
from guardrails.database_layer.backups import BACKUP_GUARDRAILS
from guardrails.database_layer.contents import CONTENT_GUARDRAILS
from guardrails.database_layer.deletion import DELETION_GUARDRAILS
from guardrails.database_layer.encryption import ENCRYPTION_GUARDRAILS
from guardrails.database_layer.events import EVENT_GUARDRAILS
from guardrails.database_layer.instances import INSTANCE_GUARDRAILS
from guardrails.database_layer.logs import LOG_GUARDRAILS
from guardrails.database_layer.parameters import PARAMETER_GUARDRAILS
from guardrails.database_layer.proxy import PROXY_GUARDRAILS
from guardrails.database_layer.proxy_logins import PROXY_LOGIN_GUARDRAILS
from guardrails.database_layer.replicas import REPLICA_GUARDRAILS
from guardrails.database_layer.storage import STORAGE_GUARDRAILS
from guardrails.database_layer.watching import WATCHING_GUARDRAILS
from guardrails.database_layer.zones import ZONE_GUARDRAILS
from guardrails.model import Guardrail

DATABASE_GUARDRAILS: tuple[Guardrail, ...] = (
    *INSTANCE_GUARDRAILS,
    *CONTENT_GUARDRAILS,
    *STORAGE_GUARDRAILS,
    *ENCRYPTION_GUARDRAILS,
    *BACKUP_GUARDRAILS,
    *DELETION_GUARDRAILS,
    *WATCHING_GUARDRAILS,
    *LOG_GUARDRAILS,
    *PARAMETER_GUARDRAILS,
    *ZONE_GUARDRAILS,
    *REPLICA_GUARDRAILS,
    *PROXY_GUARDRAILS,
    *PROXY_LOGIN_GUARDRAILS,
    *EVENT_GUARDRAILS,
    *ALARM_GUARDRAILS,
    *BACKUP_PLAN_GUARDRAILS,
)
