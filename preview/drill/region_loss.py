"""The drill that takes the primary's region away."""

from collections.abc import Callable, Iterator

from preview.drill import data, serving, told
from preview.drill.findings import Fact, Findings, Prerequisite
from preview.drill.pair import Pair

_PREREQUISITES: tuple[tuple[str, str, Callable[[Pair], Iterator[str]]], ...] = (
    ("standby-database", "A replica can take over, whole", data.standby_database),
    ("database-key-there", "The replica can be read without the lost region's keys", data.database_key_there),
    ("lag-watched", "Somebody in the second region hears that the replica falls behind", data.lag_watched),
    ("backups-replicated", "The database can be restored there to any time of 35 days", data.backups_replicated),
    ("backups-copied-and-locked", "A copy of snapshots is there that nobody can delete", data.backups_copied),
    ("buckets-replicated", "Videos, images, documents, backups and static files are there", data.buckets_replicated),
    ("secrets-replicated", "Tasks there can read how to log in", data.secrets_replicated),
    ("images-replicated", "Tasks there can be started", data.images_replicated),
    ("static-files-fail-over", "Pages are served from there without anybody's doing", serving.static_files),
    ("names-fail-over", "The names of the API and of services lead there within a minute", serving.names_fail_over),
    ("gate", "They do so only once the database there accepts writes", serving.gate),
    ("fence", "A region that comes back gets no requests while its data is old", serving.fence),
    ("somebody-is-told", "Somebody hears that the API of the primary is ill", told.somebody_is_told),
    ("services-in-standby", "Every service runs there, and can grow as large", serving.services),
    ("consumers-paused", "Nothing is done twice while both regions are there", serving.consumers_paused),
    ("consumers-resumed-by-runbook", "Every queue and stream is read again", serving.consumers_resumed),
    ("networks-apart", "The two networks can be joined", serving.networks_apart),
    ("runbooks-there", "What people do is written down in the second region, and run from there", serving.runbooks),
    ("in-time", "It takes half an hour at most", serving.in_time),
)
NAMES = tuple(id_ for id_, _, _ in _PREREQUISITES)
"""Ids of all prerequisites."""


def region_loss(pair: Pair) -> Findings:
    """Take the primary's region away, and return what the second one does and has."""
    return Findings(
        title=f"{pair.primary.name} loses {pair.lost}; {pair.standby.name} in {pair.second} takes over",
        facts=(
            ("Names", list(_names(pair))),
            ("Data in the second region, and how old at worst", list(_data(pair))),
            ("Who hears of it", list(told.who_hears(pair))),
            ("Time", list(_time(pair))),
        ),
        prerequisites=[Prerequisite(id_, needed, tuple(check(pair))) for id_, needed, check in _PREREQUISITES],
    )


def _names(pair: Pair) -> Iterator[Fact]:
    for record, half in serving.entries(pair):
        leads = "nowhere" if half is None else f"{half.get('setIdentifier')}, once its database accepts writes"
        yield Fact(str(record.get("name")), leads)
    for distribution in pair.primary.of(serving.DISTRIBUTION):
        for alias in distribution.get("aliases", []):
            yield Fact(str(alias), f"CloudFront, which is in no region ({distribution.name})")


def _data(pair: Pair) -> Iterator[Fact]:
    if data.replica(pair):
        yield Fact("database", f"the replica: seconds; {data.RPO_SECONDS // 60} min at most, with an alarm before")
    yield Fact(
        "database, restored",
        "any time until minutes before the loss, by replicated backups"
        if not list(data.backups_replicated(pair))
        else "not at all",
    )
    for kind, (_, copy) in sorted(data.replicated_buckets(pair).items()):
        timed = kind == "documents"
        age = "15 min, which S3 promises" if timed else "minutes, which nobody promises"
        yield Fact(kind, age if copy else "nothing is there")
    yield Fact("renditions of videos", "nothing: they are encoded again from the masters")
    yield Fact("sessions in Redis, messages in queues, events in the stream", "nothing: they are lost")
    yield Fact("search", "nothing: it is filled again from the database")


def _time(pair: Pair) -> Iterator[Fact]:
    times = serving.timeline(pair)
    for what, seconds in times:
        yield Fact(what, "nobody knows" if seconds is None else f"{seconds} s")
    if all(seconds is not None for _, seconds in times):
        total = sum(seconds or 0 for _, seconds in times)
        yield Fact("in all", f"{total // 60} min {total % 60} s of {serving.RTO_SECONDS // 60} min")
