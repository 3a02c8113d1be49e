"""Who may log in to the cache: tasks, with IAM and without a password, and nobody else."""

import pulumi
import pulumi_aws as aws

from components.naming import Naming

# A user of Redis is always there to be logged in as, unless it is replaced by one that is off.
_NOBODY = "off -@all"
KEY_PREFIXES = ("cache", "leaderboard", "rate", "session")
"""What the names of keys begin with, and a colon after it."""
# Commands on data, scripts and transactions, and none that look at all keys or manage the server; clients of a cluster
# ask for its shape, and see by INFO whether a node is ready.
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
_SERVICES = " ".join(
    [
        "on",
        *(f"~{prefix}:*" for prefix in KEY_PREFIXES),
        "-@all +@read +@write +@connection +@transaction +@scripting -@admin -@dangerous",
        "+cluster|nodes +cluster|shards +cluster|slots +info",
    ]
)


def app_user_name(naming: Naming) -> str:
    """Return the user that tasks log in as, which is also its id: IAM asks for that."""
    return naming.name("cache-app")


class CacheUsers(pulumi.ComponentResource):
    """The group of users of the cache: the one of tasks, and the default one, which is off.

    Both are of Redis, which Valkey takes too, so that the engine can be changed without replacing them.
    """

    group_id: pulumi.Output[str]
    """Id of the group."""

    def __init__(self, name: str, *, naming: Naming, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("fitness-platform:cache:CacheUsers", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        app, nobody, group = app_user_name(naming), naming.name("cache-default"), naming.name("cache")
        users = [
            aws.elasticache.User(
                f"{name}-default",
                user_id=nobody,
                user_name="default",
                engine="redis",
                access_string=_NOBODY,
                authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="no-password-required"),
                tags={"Name": nobody},
                opts=child,
            ),
            aws.elasticache.User(
                f"{name}-app",
                user_id=app,
                user_name=app,
                engine="redis",
                access_string=_SERVICES,
                authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="iam"),
                tags={"Name": app},
                opts=child,
            ),
        ]
        self.group_id = aws.elasticache.UserGroup(
            f"{name}-group",
            user_group_id=group,
            engine="redis",
            user_ids=[user.user_id for user in users],
            tags={"Name": group},
            opts=child,
        ).user_group_id
        self.register_outputs({"group_id": self.group_id})
