"""Which leased serials bear a case: the others are burned, or still to be given."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from huiyin.books.findings import Finding
from huiyin.books.pages import Case
from huiyin.books.report import Burned

_NUMBER = re.compile(r"[A-Z]+-[A-Z]-(?P<day>\d{8})-(?P<serial>\d+)-\d{2}")


@dataclass
class Numbers:
    """The serials seen, a bit each, by office and day: a million cases take no memory worth naming."""

    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, case: Case) -> None:
        """Note a case's serial; a number of another shape (taken over from elsewhere) has none."""
        found, intake = _NUMBER.fullmatch(case.number), case.documents.get("intake")
        if found and intake:
            name = intake.office, found["day"]
            self._seen[name] = self._seen.get(name, 0) | 1 << int(found["serial"])

    def burned(self, leased: Mapping[tuple[str, str], int]) -> Iterator[Burned]:
        """What was leased and not seen, an office's day each."""
        for (office, day), count in sorted(leased.items()):
            seen = self._seen.get((office, day), 0)
            gone = [serial for serial in range(1, count + 1) if not seen >> serial & 1]
            if gone:
                yield Burned(office, day, count, _ranges(gone), len(gone))

    def not_leased(self, leased: Mapping[tuple[str, str], int]) -> Iterator[Finding]:
        """Cases whose serial is beyond all that was leased."""
        for (office, day), seen in sorted(self._seen.items()):
            count = leased.get((office, day), 0)
            if seen.bit_length() - 1 > count:
                words = (
                    f"{office} {day}：流水号到 {seen.bit_length() - 1}，只取用到 {count} (beyond the lease)"
                )
                yield Finding("number-not-leased", f"{office} {day}", "intake", "", words)


def _ranges(serials: list[int]) -> str:
    """`3–5, 9`, for reading."""
    spans: list[list[int]] = []
    for serial in serials:
        if spans and serial == spans[-1][1] + 1:
            spans[-1][1] = serial
        else:
            spans.append([serial, serial])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in spans)
