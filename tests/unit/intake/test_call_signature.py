"""The signature of the call centre is what docs/telephony.md tells a vendor, and nothing else passes."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local import call_centre
from services.intake.providers.signature import is_fresh, is_right, signature

PAGE = (Path(__file__).parents[3] / "docs" / "telephony.md").read_text(encoding="utf-8")
GIVEN = dict(re.findall(r"^(secret|method|path|time|body|signature) +(\S.*)$", PAGE, re.MULTILINE))
SIGNED = (GIVEN["method"], GIVEN["path"], GIVEN["time"], GIVEN["body"].encode())
NOW = datetime(2024, 9, 27, 2, 0, tzinfo=UTC)


def test_the_example_for_vendors_is_right_on_both_sides() -> None:
    assert signature(GIVEN["secret"], *SIGNED) == GIVEN["signature"]
    assert call_centre.signature(GIVEN["secret"], *SIGNED) == GIVEN["signature"]
    assert is_right(GIVEN["secret"], GIVEN["signature"], *SIGNED)
    assert int(GIVEN["time"]) == NOW.timestamp()


@pytest.mark.parametrize("changed", range(4))
def test_whatever_is_changed_the_signature_is_wrong(changed: int) -> None:
    other = [*SIGNED]
    other[changed] = b"{}" if changed == 3 else "GET" if changed == 0 else f"{SIGNED[changed]!s}1"
    assert not is_right(GIVEN["secret"], GIVEN["signature"], *other)
    assert not is_right("another secret", GIVEN["signature"], *SIGNED)


def test_without_a_secret_nobody_is_right() -> None:
    assert not is_right("", signature("", *SIGNED), *SIGNED)


@pytest.mark.parametrize(
    "moment", ["", "now", "-5", "1e9", "１７２７４０２４００", "99999999999", "1727402400.5"]
)
def test_a_time_that_is_none_is_not_fresh(moment: str) -> None:
    assert not is_fresh(moment, NOW)


def test_a_request_is_fresh_for_five_minutes_either_way() -> None:
    for minutes, fresh in ((-5, True), (5, True), (-5.1, False), (5.1, False)):
        moment = str(int((NOW + timedelta(minutes=minutes)).timestamp()))
        assert is_fresh(moment, NOW) is fresh
