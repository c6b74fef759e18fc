"""What the file lacks is made up as the office's rules ask; who gave no name gets none."""

from deploy.local.replay.people import filled_in
from deploy.local.replay.script import Script
from tests.unit.offices import rulebook
from tests.unit.replay.samples import message

CENTRE = rulebook("community-centre")


def test_the_office_is_given_what_it_asks_and_all_can_see_it_is_made_up() -> None:
    (party,) = filled_in(message("2019-09-09 08:00", None), Script(1), CENTRE)["parties"]
    assert set(party) == {"anonymous", *CENTRE.required_fields("web")}
    assert party["phone"].startswith("000-")
    assert party["name"].startswith("回放")


def test_who_gave_no_name_gets_none() -> None:
    unnamed = message("2019-09-09 08:00", None, parties=[{"anonymous": True}])
    assert filled_in(unnamed, Script(1), CENTRE)["parties"] == [{"anonymous": True}]


def test_what_the_file_tells_is_not_made_up() -> None:
    named = message("2019-09-09 08:00", None, parties=[{"anonymous": False, "phone": "000-11111111"}])
    (party,) = filled_in(named, Script(1), CENTRE)["parties"]
    assert party["phone"] == "000-11111111"


def test_a_text_longer_than_the_form_goes_on_in_the_next_field() -> None:
    long = "路" * (CENTRE.intake.max_text + 5)
    (matter,) = filled_in(message("2019-09-09 08:00", None, matters=[{"text": long}]), Script(1), CENTRE)[
        "matters"
    ]
    assert (matter["text"] + matter["wish"], len(matter["wish"])) == (long, 5)


def test_for_a_channel_the_office_does_not_have_nothing_is_made_up() -> None:
    foreign = message("2019-09-09 08:00", None, channel="wechat")
    assert filled_in(foreign, Script(1), CENTRE)["parties"] == [{"anonymous": False}]
