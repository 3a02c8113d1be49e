"""Guardrails of keys, resource policies, buckets, archives, topics, secrets, roles, and of who may talk to whom."""

from guardrails.model import Guardrail
from guardrails.security_layer.bucket_policies import BUCKET_POLICY_GUARDRAILS
from guardrails.security_layer.buckets import BUCKET_GUARDRAILS
from guardrails.security_layer.grants import GRANT_GUARDRAILS
from guardrails.security_layer.key_users import KEY_USER_GUARDRAILS
from guardrails.security_layer.keys import KEY_GUARDRAILS
from guardrails.security_layer.log_archives import LOG_ARCHIVE_GUARDRAILS
from guardrails.security_layer.resource_policies import RESOURCE_POLICY_GUARDRAILS
from guardrails.security_layer.role_users import ROLE_USER_GUARDRAILS
from guardrails.security_layer.roles import ROLE_GUARDRAILS
from guardrails.security_layer.secrets import SECRET_GUARDRAILS
from guardrails.security_layer.topics import TOPIC_GUARDRAILS
from guardrails.security_layer.transport import TRANSPORT_GUARDRAILS
from guardrails.security_layer.who_may_talk import WHO_MAY_TALK_GUARDRAILS

SECURITY_GUARDRAILS: tuple[Guardrail, ...] = (
    *KEY_GUARDRAILS,
    *KEY_USER_GUARDRAILS,
    *RESOURCE_POLICY_GUARDRAILS,
    *TRANSPORT_GUARDRAILS,
    *TOPIC_GUARDRAILS,
    *SECRET_GUARDRAILS,
    *ROLE_GUARDRAILS,
    *ROLE_USER_GUARDRAILS,
    *GRANT_GUARDRAILS,
    *BUCKET_GUARDRAILS,
    *BUCKET_POLICY_GUARDRAILS,
    *LOG_ARCHIVE_GUARDRAILS,
    *WHO_MAY_TALK_GUARDRAILS,
)
