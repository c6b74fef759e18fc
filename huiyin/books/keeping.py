"""The journal keeps every event as it was said, and a sealed volume's chain holds."""

from collections.abc import Iterator

from huiyin.books.findings import Finding
from huiyin.books.reading import Reading, Tally


def judge_keeping(reading: Reading) -> Iterator[Finding]:
    """Everything about journal and volume; an altered row explains a chain that does not hold."""
    intake = reading.tallies.get("intake")
    if intake is None:
        return
    rows = list(_rows(reading, intake))
    yield from rows
    volume = intake.document.facts["volume"]
    if volume is not None and not rows and not (volume["intact"] and _as_said(intake, volume["heads"])):
        words = f"{volume['parts']} 卷，链头 {volume['head'][:12]} (parts, head)"
        yield Finding("volume", reading.case.number, "intake", "", words)


def _rows(reading: Reading, intake: Tally) -> Iterator[Finding]:
    number = reading.case.number
    for event_id, said in reading.said.items():
        row, where = (
            reading.journal.get(event_id),
            f"{said.service} 第 {said.event.sequence} 件 {said.event.type}",
        )
        if row is not None and row.digest != said.event.digest:
            yield Finding("journal-altered", number, "intake", event_id, where)
        elif row is None and event_id in intake.causes:
            yield Finding("journal-missing", number, "intake", event_id, where)


def _as_said(intake: Tally, heads: list[str]) -> bool:
    """Whether each part's head is the one that was said when it was sealed."""
    said = [event.about["head"] for event in intake.of_type("volume.sealed")]
    return said == heads or bool(intake.unspoken)
