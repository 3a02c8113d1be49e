"""What can only be broken together: database layer."""

from tests.mutation.part import Composite, Part

_ELSEWHERE = "arn:aws:rds:us-east-1:444455556666:db:of-another-stack"

_SNAPSHOT = "arn:aws:rds:us-east-1:999988887777:snapshot:of-others"


def _parameter(name: str, value: str) -> tuple[Part, ...]:
    return (Part(name="database-primary-parameters", appended={"parameters": {"name": name, "value": value}}),)


DATABASE_BREAKAGES = (
    Composite("snapshot of others", (Part(name="database-primary", values={"snapshotIdentifier": _SNAPSHOT}),)),
    Composite("commits that may be lost", _parameter("synchronous_commit", "off")),
    Composite("ciphers that are weak", _parameter("ssl_ciphers", "LOW:RC4-MD5")),
    Composite(
        "storage faster than its size allows",
        (Part(name="database-primary", values={"allocatedStorage": 300, "iops": 4000}),),
    ),
    Composite("windows that overlap", (Part(name="database-primary", values={"backupWindow": "00:00-03:00"}),)),
    Composite("parameter that allows TLS 1.0", _parameter("ssl_min_protocol_version", "TLSv1")),
    Composite(
        "replica of a database elsewhere",
        (
            Part(name="replica", like="database-analytics", values={"replicateSourceDb": _ELSEWHERE}),
            *(
                Part(
                    name=f"replica-{metric}",
                    like=f"database-alarms-analytics-{metric}",
                    refers={"dimensions": ("replica",)},
                )
                for metric in ("CPUUtilization", "FreeStorageSpace", "ReplicaLag")
            ),
        ),
    ),
    Composite(
        "second proxy of the primary",
        (
            Part(name="proxy", like="database-proxy-pool"),
            Part(name="proxy-targets", like="database-proxy-target-group", refers={"dbProxyName": ("proxy",)}),
            Part(name="proxy-target", like="database-proxy-target", refers={"dbProxyName": ("proxy",)}),
        ),
    ),
    Composite(
        "proxy of the replica",
        (
            Part(name="proxy", like="database-proxy-pool"),
            Part(name="proxy-targets", like="database-proxy-target-group", refers={"dbProxyName": ("proxy",)}),
            Part(
                name="proxy-target",
                like="database-proxy-target",
                refers={"dbProxyName": ("proxy",), "dbInstanceIdentifier": ("database-analytics",)},
            ),
        ),
    ),
)
