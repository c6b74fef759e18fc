"""When the complainant is contacted, when not and why, and what ends or restarts an echo."""

from dataclasses import replace

import pytest

from huiyin.chassis.calendar import WorkingCalendar
from huiyin.chassis.errors import NotYet
from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts import events as e
from services.feedback.domain import evaluation, opening
from services.feedback.domain.echo import STEPS, Echo, State
from services.feedback.errors import NotHandled, NotTold, WrongState
from tests.unit.feedback.given import (
    AT,
    CALLER,
    LIGHT,
    NOBODY,
    ROAD,
    WANG,
    completed,
    concluded,
    opened,
    raised,
    registered,
    says,
    told,
    types,
    upheld,
    waiting,
)


def dissatisfied(book: Rulebook, calendar: WorkingCalendar) -> Echo:
    return evaluation.evaluate(told(book), says(False), book, calendar)[0]


def test_completed_handling_opens_the_echo_and_sends_the_result_to_the_complainant(book: Rulebook) -> None:
    echo, said = opening.open_echo(waiting(book), completed(replies=("m1-1:2", "m2-1:1")), book)
    assert echo.state == "open"
    assert said == [
        e.EchoOpened(round=1),
        e.MessageRequested(
            message="echo-result:1:p1",
            template="result_ready",
            addressee_kind="party",
            addressee="p1",
            params={"category": "道路破损"},
            text_of="reply:m1-1:2;reply:m2-1:1",
        ),
    ]


def test_the_categories_are_named_once_each_in_the_cases_language(book: Rulebook) -> None:
    matters = (ROAD, replace(ROAD, id="m2"), replace(LIGHT, id="m3"))
    for language, words in (("zh", "道路破损、路灯照明"), ("en", "Road damage, Street lighting")):
        case = registered(language=language, matters=matters)
        message = opening.open_echo(waiting(book, case), completed(), book)[1][1]
        assert isinstance(message, e.MessageRequested)
        assert message.params == {"category": words}


def test_each_of_several_complainants_is_answered_e28(book: Rulebook) -> None:
    parties = (WANG, replace(WANG, id="p2"), replace(WANG, id="p3", role="representative"), NOBODY)
    said = opening.open_echo(waiting(book, registered(parties=parties)), completed(), book)[1]
    assert [m.addressee for m in said if isinstance(m, e.MessageRequested)] == ["p1", "p2"]


def test_whoever_speaks_for_an_unreachable_complainant_is_answered_e27(book: Rulebook) -> None:
    parties = (replace(WANG, media=()), replace(WANG, id="p2", role="representative"))
    said = opening.open_echo(waiting(book, registered(parties=parties)), completed(), book)[1]
    assert [m.addressee for m in said if isinstance(m, e.MessageRequested)] == ["p2"]


def test_an_interested_person_is_never_written_to(book: Rulebook) -> None:
    parties = (replace(WANG, media=()), replace(WANG, id="p2", role="interested"))
    echo, said = opening.open_echo(waiting(book, registered(parties=parties)), completed(), book)
    assert (echo.outcome, echo.reason, types(said)) == ("exempt", "no_contact", ["echo.completed"])


@pytest.mark.parametrize("channel", ["call", "letter"])
def test_who_leaves_no_contact_cannot_be_told_and_the_reason_is_kept_s4_41(
    book: Rulebook, channel: str
) -> None:
    case = registered(channel=channel, parties=(replace(WANG, media=()),))
    echo, said = opening.open_echo(waiting(book, case), completed(), book)
    assert (echo.state, echo.outcome, echo.reason) == ("completed", "exempt", "no_contact")
    assert said == [e.EchoCompleted(round=1, outcome="exempt", completed_at=AT)]


def test_anonymous_without_contact_needs_no_reply_x24(book: Rulebook) -> None:
    echo = opening.open_echo(waiting(book, registered(parties=(NOBODY,))), completed(), book)[0]
    assert (echo.outcome, echo.reason) == ("exempt", "anonymous_without_contact")


def test_an_anonymous_call_with_a_number_is_answered_and_asked_s0_20_e23(book: Rulebook) -> None:
    assert opened(book, registered(parties=(CALLER,))).state == "open"


def test_an_anonymous_letter_with_a_contact_is_told_but_asked_nothing_s0_20_e111(book: Rulebook) -> None:
    case = registered(channel="letter", parties=(CALLER,))
    echo, said = opening.open_echo(waiting(book, case), completed(), book)
    assert types(said) == ["message.requested", "echo.completed"]
    assert (echo.outcome, echo.reason) == ("exempt", "anonymous_letter")


def test_where_the_rulebook_frees_it_from_a_reply_an_anonymous_letter_gets_none_s0_20(book: Rulebook) -> None:
    petition = replace(book, reply=replace(book.reply, exempt=("anonymous_letter",)))
    case = registered(channel="letter", parties=(CALLER,))
    assert types(opening.open_echo(waiting(petition, case), completed(), petition)[1]) == ["echo.completed"]


def test_a_letter_with_a_name_is_no_anonymous_letter(book: Rulebook) -> None:
    assert opened(book, registered(channel="letter")).state == "open"
    one_named = registered(channel="letter", parties=(CALLER, replace(WANG, id="p2")))
    assert opened(book, one_named).state == "open"


@pytest.mark.parametrize("reply", ["none", "real_name_only"])
def test_an_office_that_answers_no_anonymous_people_writes_to_none_x16(book: Rulebook, reply: str) -> None:
    strict = replace(book, anonymous=replace(book.anonymous, reply=reply))  # type: ignore[arg-type]
    echo = opened(strict, registered(parties=(CALLER,)))
    assert (echo.outcome, echo.reason) == ("exempt", "no_contact")


def test_an_unnamed_report_is_not_answered_s4_61(book: Rulebook) -> None:
    report = replace(ROAD, kind="report")
    echo = opened(book, registered(matters=(report,), parties=(CALLER,)))
    assert (echo.outcome, echo.reason) == ("exempt", "unnamed_report")
    assert opened(book, registered(matters=(report, LIGHT), parties=(CALLER,))).state == "open"
    assert opened(book, registered(matters=(report,))).state == "open"


def test_an_unnamed_report_of_unfair_competition_is_not_answered_whatever_the_office_says_s4_61(
    book: Rulebook,
) -> None:
    free = replace(
        book,
        reply=replace(book.reply, exempt=()),
        callback=replace(book.callback, exempt=()),
    )
    unnamed = registered(legal_class="unfair_competition", parties=(CALLER,))
    assert opened(free, unnamed).reason == "unnamed_report"
    assert opened(free, registered(legal_class="unfair_competition")).state == "open"


def test_a_consumer_is_always_told_whatever_the_office_says_s4_55_x34(book: Rulebook) -> None:
    case = registered(legal_class="consumer", matters=(replace(ROAD, kind="report"),), parties=(CALLER,))
    echo, said = opening.open_echo(waiting(book, case), completed(), book)
    assert types(said) == ["message.requested", "echo.completed"]
    assert echo.reason == "unnamed_report"


def test_after_an_emergency_the_result_is_told_but_nothing_is_asked_e111(book: Rulebook) -> None:
    echo, said = opening.open_echo(waiting(book, registered(flags=("hot", "emergency"))), completed(), book)
    assert (types(said), echo.reason) == (["message.requested", "echo.completed"], "emergency_transfer")


def test_praise_is_thanked_for_in_writing_and_not_evaluated_e111(centre: Rulebook) -> None:
    case = registered(matters=(replace(ROAD, kind="praise", category="window/queue"),))
    echo, said = opening.open_echo(waiting(centre, case), completed(), centre)
    assert (types(said), echo.reason) == (["message.requested", "echo.completed"], "praise")


def test_one_owner_replies_as_the_channel_rules_e108(book: Rulebook) -> None:
    assert waiting(book, registered(channel="call")).owner == "office"
    assert waiting(book, registered(channel="web")).owner == "unit"


def test_a_round_that_was_not_raised_here_yet_waits(book: Rulebook) -> None:
    with pytest.raises(NotYet):
        opening.open_echo(waiting(book), completed(2), book)


def test_handling_heard_twice_or_of_an_older_round_changes_nothing(book: Rulebook) -> None:
    open_ = opened(book)
    assert opening.open_echo(open_, completed(), book) == (open_, [])
    second = open_.in_round(2)
    assert opening.open_echo(second, completed(1), book) == (second, [])


def test_a_raised_round_starts_afresh_and_waits_for_its_own_result_e110(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    second, said = opening.raise_round(dissatisfied(book, calendar), raised(2))
    assert (second, said) == (replace(waiting(book), round=2), [])
    assert opening.open_echo(second, completed(2), book)[0].state == "open"


def test_an_older_or_equal_raised_round_changes_nothing(book: Rulebook) -> None:
    second = waiting(book).in_round(2)
    assert opening.raise_round(second, raised(2)) == (second, [])
    assert opening.raise_round(second, raised(1)) == (second, [])


def test_an_upheld_result_is_told_with_its_explanation_and_completes_s4_17(
    book: Rulebook, calendar: WorkingCalendar
) -> None:
    echo, said = opening.uphold(dissatisfied(book, calendar), upheld(), book)
    assert types(said) == ["message.requested", "echo.completed"]
    assert isinstance(said[0], e.MessageRequested)
    assert (said[0].message, said[0].text_of) == ("echo-upheld:1:p1", "reply:m1-1:2")
    assert said[1] == e.EchoCompleted(round=1, outcome="upheld", completed_at=AT)
    assert (echo.state, echo.outcome) == ("completed", "upheld")
    assert opening.uphold(echo, upheld(), book) == (echo, [])


def test_an_upheld_result_heard_before_its_evaluation_waits_and_an_older_one_is_ignored(
    book: Rulebook,
) -> None:
    for early in (waiting(book), told(book)):
        with pytest.raises(NotYet):
            opening.uphold(early, upheld(), book)
    with pytest.raises(NotYet):
        opening.uphold(told(book), upheld(2), book)
    second = told(book).in_round(2)
    assert opening.uphold(second, upheld(1), book) == (second, [])


def test_a_withdrawn_case_is_contacted_no_more_and_its_part_closes_e29(book: Rulebook) -> None:
    echo, said = opening.conclude(opened(book), concluded("withdrawn"), 4)
    assert (echo.state, echo.outcome, said) == ("completed", "withdrawn", [e.PartClosed(count=5)])
    assert (
        opening.open_echo(opening.conclude(waiting(book), concluded("withdrawn"), 0)[0], completed(), book)[1]
        == []
    )


def test_conclusion_after_the_echo_keeps_how_it_ended(book: Rulebook, calendar: WorkingCalendar) -> None:
    satisfied = evaluation.evaluate(told(book), says(True), book, calendar)[0]
    assert opening.conclude(satisfied, concluded("echoed"), 7) == (satisfied, [e.PartClosed(count=8)])


def test_conclusion_of_an_older_round_closes_the_part_but_not_the_running_round(book: Rulebook) -> None:
    second = waiting(book).in_round(2)
    assert opening.conclude(second, concluded("echoed", 1), 3) == (second, [e.PartClosed(count=4)])


def in_state(book: Rulebook, state: State) -> Echo:
    return replace(opened(book), state=state)


REFUSED = [
    (verb, state)
    for verb, allowed in STEPS.items()
    for state in ("waiting", "open", "told", "evaluated", "dissatisfied", "completed")
    if state not in allowed
]


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_step_the_table_does_not_allow_is_refused_in_words(book: Rulebook, verb: str, state: State) -> None:
    kinds = {"waiting": NotHandled, "open": NotTold}
    with pytest.raises(kinds.get(state, WrongState)) as refused:
        in_state(book, state).step(verb)
    assert refused.value.detail.endswith("。")
