"""What a stack's YAML says about its database: ``fitness-platform:database``."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings_base import Conflict, Form, KeepsAdr, RetentionDays, Settings
from components.windows import DailyWindow, WeeklyWindow, conflicts

_EQUIVALENT = re.compile(r"db\.(r6i|r6g|r6id|r7g|r7i|r8g|r8gd)\.(2|4|8|12|16)xlarge")
_RESERVED = ("admin", "administrator", "master", "postgres", "rdsadmin", "root", "superuser")
_RESERVED_PREFIXES = ("pg_", "rds_")
_HEADROOM = 1.26  # AWS refuses to scale storage by less than about a quarter
_SHORTEST_WINDOW = 30  # minutes
_MOST_RAISES = 1_000_000  # nobody counts further

InstanceClass = Annotated[str, Form(r"^db\.[a-z0-9]+\.[a-z0-9]+$", "an instance class, such as db.r6i.2xlarge")]


class DatabaseSettings(Settings):
    """PostgreSQL on RDS. Every default is the decision's value."""

    major_version: Literal["16", "17", "18"] = Field(
        default="17", description="PostgreSQL major version. AWS keeps the minor version current by itself."
    )
    instance_class: Annotated[
        InstanceClass,
        KeepsAdr(
            "db-instance-class",
            "db.r6i.2xlarge or a memory-optimised class as large",
            lambda name: bool(_EQUIVALENT.fullmatch(name)),
        ),
    ] = Field(
        default="db.r6i.2xlarge",
        examples=[
            "db.r6g.4xlarge",
            "db.r6id.8xlarge",
            "db.r7g.12xlarge",
            "db.r7i.16xlarge",
            "db.r8g.2xlarge",
            "db.r8gd.4xlarge",
            "db.r6i.xlarge",
            "db.t4g.medium",
            "db.m6i.2xlarge",
        ],
        description="Instance class of the primary and its standby.",
    )
    multi_az: Annotated[bool, KeepsAdr("db-postgres-multi-az", "true", bool)] = Field(
        default=True, description="Whether a synchronous standby in another zone takes over when the primary fails."
    )
    pin_zones: Annotated[bool, KeepsAdr("db-primary-az-a", "true", bool)] = Field(
        default=True,
        description=(
            "Whether primary and standby keep to the first two zones, so that the replica has the third to itself. "
            "If not, they may be in any zone, and survive the loss of one of the two as a pair again."
        ),
    )
    allocated_storage_gib: int = Field(
        default=500,
        ge=20,
        le=65536,
        description="Storage to begin with, in GiB. It grows by itself and never shrinks.",
    )
    max_allocated_storage_gib: Annotated[
        int, KeepsAdr("db-max-storage-5tb", "5000 to 5120", lambda size: 5000 <= size <= 5120)
    ] = Field(default=5120, ge=22, le=65536, description="Storage that it may grow to, in GiB.")
    backup_retention_days: Annotated[int, KeepsAdr("db-backup-35d", "35", lambda days: days == 35)] = Field(
        default=35, ge=1, le=35, description="Days that backups are kept, and that the database can be restored to."
    )
    backup_window: Annotated[
        DailyWindow,
        KeepsAdr("db-backup-window", "a window that starts at 00:00", lambda window: window.startswith("00:00-")),
    ] = Field(
        default="00:00-01:00",
        examples=["00:00-00:30", "00:00-02:00", "23:30-00:30"],
        description="When the daily backup is taken, in UTC, half an hour or more.",
    )
    maintenance_window: Annotated[
        WeeklyWindow,
        KeepsAdr(
            "db-maintenance-window",
            "a window that starts at sun:02:00",
            lambda window: window.startswith("sun:02:00-"),
        ),
    ] = Field(
        default="sun:02:00-sun:03:00",
        examples=["sun:02:00-sun:02:30", "sun:02:00-mon:00:00", "sat:23:30-sun:00:00"],
        description="When AWS may restart it for updates, in UTC, half an hour or more, clear of the backup.",
    )
    port: int = Field(default=5432, ge=1150, le=65535, description="TCP port of the database and its proxy.")
    master_username: Annotated[
        str, Form(r"^[a-z][a-z0-9_]{0,31}$", "lower-case letters, digits and _, a letter first")
    ] = Field(
        default="fitness_owner",
        examples=["o", "owner_of_a_database_32_letters_x"],
        description="Owner of the database, for migrations.",
    )
    password_version: int = Field(
        default=1,
        ge=1,
        le=_MOST_RAISES,
        description="Raise it by one to set the passwords anew from the configuration.",
    )
    max_connections: int = Field(
        default=500,
        ge=100,
        le=5000,
        examples=[600, 1000],
        description="Connections that the database takes, from all clients together.",
    )
    max_pooled_connections: Annotated[int, KeepsAdr("db-pool-300", "250 to 300", lambda count: 250 <= count <= 300)] = (
        Field(default=300, ge=20, le=5000, description="Connections that the proxy may hold open.")
    )
    proxy: Annotated[bool, KeepsAdr("db-rds-proxy", "true", bool)] = Field(
        default=True, description="Whether services reach the database through RDS Proxy."
    )
    direct_ecs_access: Annotated[bool, KeepsAdr("net-sg-rds", "true or false", lambda _: True)] = Field(
        default=True, description="Whether services may also reach it directly, as migrations and analytics do."
    )
    statement_timeout_ms: Annotated[int, KeepsAdr("db-statement-timeout", "300000", lambda time: time == 300_000)] = (
        Field(default=300_000, ge=1_000, le=3_600_000, description="Milliseconds after which a statement is ended.")
    )
    analytics_replica: Annotated[bool, KeepsAdr("db-replica-analytics", "true", bool)] = Field(
        default=True, description="Whether a read replica in the third zone serves analytics."
    )
    analytics_instance_class: Annotated[
        InstanceClass | None,
        KeepsAdr(
            "db-instance-class",
            "left out, db.r6i.2xlarge or a memory-optimised class as large",
            lambda name: name is None or bool(_EQUIVALENT.fullmatch(name)),
        ),
    ] = Field(
        default=None,
        examples=["db.r6i.2xlarge", "db.r8g.16xlarge", "db.r6i.large", "db.t4g.medium"],
        description="Instance class of the analytics replica; that of the primary if left out.",
    )
    analytics_statement_timeout_ms: int = Field(
        default=3_600_000, ge=1_000, le=86_400_000, description="The same timeout on the analytics replica."
    )
    pgaudit_log: Annotated[
        tuple[Literal["ddl", "role", "write", "function", "misc_set"], ...],
        KeepsAdr("audit-pgaudit", "any list with ddl and role in it", lambda classes: {"ddl", "role"} <= set(classes)),
    ] = Field(
        default=("ddl", "role"),
        description=(
            "Classes of statements that are always audited. What touches sensitive tables is audited by grants to the "
            "role rds_pgaudit, in migrations."
        ),
    )
    audit_log_days: Annotated[RetentionDays, KeepsAdr("audit-pgaudit", "731 or more", lambda days: days >= 731)] = (
        Field(default=731, description="Days that the database's log, which has the audit in it, is kept.")
    )
    final_snapshot_number: int = Field(
        default=1,
        ge=1,
        le=_MOST_RAISES,
        description="Number in the name of the last snapshot before the database is deleted. Raise it afterwards.",
    )
    deletion_protection: Annotated[bool, KeepsAdr("db-manual-snapshots", "true", bool)] = Field(
        default=True, description="Whether AWS refuses to delete it, and takes a last snapshot when it may."
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what AWS would refuse, and names of the owner that everybody tries first."""
        if self.master_username in _RESERVED:
            yield Conflict(("masterUsername",), self.master_username, f"a name other than {', '.join(_RESERVED)}")
        if self.master_username.startswith(_RESERVED_PREFIXES):
            yield Conflict(
                ("masterUsername",),
                self.master_username,
                f"a name that does not start with {' or '.join(_RESERVED_PREFIXES)}",
            )
        if self.max_allocated_storage_gib < self.allocated_storage_gib * _HEADROOM:
            least = int(self.allocated_storage_gib * _HEADROOM) + 1
            yield Conflict(
                ("maxAllocatedStorageGib",),
                self.max_allocated_storage_gib,
                f"{least} or more, 26 % above allocatedStorageGib",
            )
        if self.proxy:
            yield from self._pool_conflicts()
        yield from conflicts(
            ("backupWindow", self.backup_window),
            ("maintenanceWindow", self.maintenance_window),
            shortest=_SHORTEST_WINDOW,
        )

    @property
    def pooled_percent(self) -> int:
        """What ``max_pooled_connections`` is of ``max_connections``, in the whole percents that AWS counts in."""
        return -(-self.max_pooled_connections * 100 // self.max_connections)

    def _pool_conflicts(self) -> Iterator[Conflict]:
        path, pooled, most = ("maxPooledConnections",), self.max_pooled_connections, self.max_connections
        above, below = (most * percent // 100 for percent in (self.pooled_percent, self.pooled_percent - 1))
        if pooled > most:
            yield Conflict(path, pooled, f"up to maxConnections ({most})")
        elif pooled != above:
            yield Conflict(path, pooled, f"whole percents of maxConnections ({most}), such as {below or above}")
