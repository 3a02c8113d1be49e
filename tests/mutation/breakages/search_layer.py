"""What can only be broken together: search, and what is read of its stream."""

from typing import Any

from tests.mutation.part import Composite, Part


def _wanted(*place: str | int, value: Any) -> tuple[Part, ...]:
    """Change what the bootstrap function is asked for."""
    return (Part(name="search-bootstrap-call", written={"input": (("wanted", *place), value)}),)


_SETTINGS = (5, "body", "template", "settings", "index")

SEARCH_BREAKAGES = (
    Composite("indices of one shard", _wanted(*_SETTINGS, "number_of_shards", value="1")),
    Composite("indices without a replica", _wanted(*_SETTINGS, "number_of_replicas", value="0")),
    Composite("search that nobody audits", _wanted(0, "body", "enabled", value=False)),
    Composite("dashboard of another name", _wanted(14, "name", value="dashboard/other")),
    Composite(
        "role that AWS links to what nobody uses",
        (
            Part(
                name="linked-role-of-others",
                like="search-domain-service-linked-role",
                values={"awsServiceName": "lex.amazonaws.com"},
            ),
        ),
    ),
    Composite(
        "reader that leaves events out",
        (Part(name="search-ai-mapping", values={"filterCriteria": {"filters": [{"pattern": '{"data":{}}'}]}}),),
    ),
    Composite(
        "further reader of the stream itself",
        (Part(name="search-further-mapping", like="search-ai-mapping", refers={"eventSourceArn": ("search-events",)}),),
    ),
)
