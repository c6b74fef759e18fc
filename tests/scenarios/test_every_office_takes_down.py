"""What each office asks of a complainant, whom it accepts, and what it does about disruption (X-16…X-18)."""

from typing import Final

import pytest

from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver
from tests.scenarios.taking import code_of, identity, of_case, wrong_fields

#: What each office asks of somebody who gives nothing, by channel (X-17).
ASKED: Final[dict[str, dict[str, set[str]]]] = {
    "petition-office": {"call": {"phone"}, "letter": set(), "visit": set()},
    "county-hotline": {"call": {"name", "phone", "work_unit", "address"}},
    "community-centre": {
        "visit": {"name", "work_unit", "occupation", "address"},
        "letter": {"name", "work_unit", "occupation", "address"},
    },
    "city-hotline": {"call": {"contact", "phone"}, "web": {"contact"}},
    "mayors-line": {"call": {"name", "work_unit", "phone"}, "mailbox": {"name", "email"}},
}
#: Whether an office takes down who gives no name (X-16).
NAMELESS: Final = {
    "petition-office": True,
    "county-hotline": False,
    "community-centre": True,
    "city-hotline": True,
    "mayors-line": True,
}
CHANNELS: Final = {
    "petition-office": {"call", "letter", "visit"},
    "county-hotline": {"call"},
    "community-centre": {"visit", "call", "web", "letter"},
    "city-hotline": {"call", "web", "wechat", "app", "sms", "hotline"},
    "mayors-line": {"call", "mailbox", "letter", "web"},
}
PRIVATE: Final = ("晨钟印刷厂", "职员", "白帆街道石桥弄1号", "19900000001", "柏守拙")


@pytest.mark.clause("X-17", "X-35")
@pytest.mark.parametrize("office", ASKED)
def test_each_office_asks_what_its_rules_say_and_no_more(drivers: dict[str, Driver], office: str) -> None:
    for channel, names in ASKED[office].items():
        form = drivers[office].form(channel=channel, parties=[{"role": "complainant"}])
        wanted = {f"parties.0.{name}" for name in names}
        found = set(wrong_fields(drivers[office], form)) if wanted else set()
        assert found == wanted
        if not wanted:
            drivers[office].register(form)


@pytest.mark.clause("X-16")
@pytest.mark.parametrize("office", NAMELESS)
def test_whom_each_office_takes_down_without_a_name(drivers: dict[str, Driver], office: str) -> None:
    form = drivers[office].form(parties=[{"anonymous": True, "phone": "19900000061"}])
    if NAMELESS[office]:
        number = drivers[office].register(form)["number"]
        assert drivers[office].case(number)["parties"][0]["anonymous"] is True
    else:
        assert set(wrong_fields(drivers[office], form)) == {"parties.0.anonymous"}


@pytest.mark.clause("X-18")
@pytest.mark.parametrize("office", CHANNELS)
def test_each_office_takes_its_own_channels(drivers: dict[str, Driver], office: str) -> None:
    book = drivers[office].folder.rulebook
    assert set(book.intake.channels) == set(book.taking.ways) == CHANNELS[office]
    for foreign in {"fax", "visit", "mailbox", "wechat"} - CHANNELS[office]:
        form = drivers[office].form(channel=foreign)
        assert set(wrong_fields(drivers[office], form)) == {"channel"}


@pytest.mark.clause("X-35")
@pytest.mark.parametrize("office", ASKED)
def test_what_is_private_is_never_shown_to_a_unit(drivers: dict[str, Driver], office: str) -> None:
    """Asked in its fields and told again in the words: neither comes to the unit that handles the matter."""
    driver = drivers[office]
    driver.begin_the_day()
    text = "我是柏守拙，在晨钟印刷厂做职员，住白帆街道石桥弄1号，电话19900000001，路面破损请修路。"
    number, order = driver.accepted(matter={"text": text, "wish": text})
    assert identity(driver, number)["work_unit"] == "晨钟印刷厂"
    driver.until_stage(number, "dispatched", "handling")
    unit = driver.holds(order)
    seen = str(
        [unit.get("intake", f"/cases/{number}"), unit.all("dispatch", "/orders", "orders", state="accepted")]
    )
    assert [word for word in PRIVATE if word in seen] == []
    assert "请修路" in seen
    for path, body in (
        ("identity", {"reason": "需要回访"}),
        ("parties/p1/contact", {"purpose": "callback"}),
    ):
        with pytest.raises(Refused, match="403"):
            unit.post("intake", f"/cases/{number}/{path}", body)


@pytest.mark.clause("X-32")
@pytest.mark.parametrize(
    ("office", "allowed", "reported"),
    [("community-centre", {"persuaded", "police"}, True), ("petition-office", {"persuaded"}, False)],
)
def test_each_office_treats_disruption_by_its_own_policy(
    drivers: dict[str, Driver], office: str, allowed: set[str], reported: bool
) -> None:
    driver = drivers[office]
    number = driver.registered(channel="visit")
    body: Json = {"kind": "disrupting_order", "words": "大声喧哗，堵住窗口"}
    noted = of_case(driver, number, "incidents", body)["incidents"][0]
    assert (noted["reported_at"] is not None) is reported
    of_case(driver, number, "incidents/i1/police", {"station": "派出所"})
    for measure in ("persuaded", "police"):
        path, chosen = "incidents/i1/measure", {"measure": measure}
        if measure in allowed:
            assert of_case(driver, number, path, chosen)["incidents"][0]["measure"] == measure
        else:
            act = lambda: of_case(driver, number, path, chosen)  # noqa: E731, B023
            assert code_of(act) == (422, "not-as-ruled")
