"""What fits says nothing; what does not is named once, by what it is and not by what follows from it."""

from dataclasses import replace

from huiyin.books.acts import Act
from huiyin.books.compare import compare
from huiyin.books.pages import Case
from tests.unit.books.story import (
    NUMBER,
    changed,
    sound,
    with_facts,
    with_row,
    with_steps,
    without,
    without_step,
)


def told(case: Case, *, at_rest: bool = True) -> list[tuple[str, str, str]]:
    return [(f.kind, f.service, f.which) for f in compare(case, at_rest=at_rest)]


def test_a_sound_case_is_silent() -> None:
    assert told(sound()) == []


def test_of_a_number_nobody_knows_nothing_is_said() -> None:
    assert told(Case(NUMBER)) == []


def test_what_is_no_case_needs_no_case_and_what_is_unsent_of_it_is_still_told() -> None:
    guidance = replace(without(sound(), "intake"), number="knowledge:mayors-line:water-price")
    assert told(guidance) == []
    assert told(replace(guidance, number=NUMBER)) == [("number-without-case", "intake", "")]


# -- documents ---------------------------------------------------------------------------


def test_a_case_that_intake_lacks_is_one_fault_whatever_the_others_have() -> None:
    assert told(without(sound(), "intake")) == [("number-without-case", "intake", "")]


def test_a_service_without_a_document_is_one_fault() -> None:
    for service in ("dispatch", "supervision", "feedback", "notify"):
        assert told(without(sound(), service)) == [("no-document", service, "")]


def test_a_case_whose_first_event_waits_is_not_missing_there() -> None:
    assert told(with_row(without(sound(), "notify"), "notify", event="intake-1")) == []


def test_a_case_that_was_not_published_yet_is_missing_nowhere() -> None:
    only = replace(sound(), documents={"intake": sound().documents["intake"]})
    assert told(changed(only, "intake", sent=0, unsent_s=1.0)) == []


# -- steps and events --------------------------------------------------------------------


def test_an_event_that_a_hearer_did_not_handle_is_told_without_the_missing_step() -> None:
    assert told(without_step(sound(), "supervision", "evaluation.recorded")) == [
        ("unheard", "supervision", "feedback-1")
    ]


def test_what_a_swallowed_events_step_had_said_is_no_fault_of_its_hearers() -> None:
    assert told(without_step(sound(), "supervision", "order.dispatched")) == [
        ("unheard", "supervision", "dispatch-1")
    ]


def test_what_a_swallowed_event_never_brought_about_is_no_fault_of_its_own() -> None:
    no_clock = with_facts(sound(), "supervision", clocks=[])
    no_message = with_facts(sound(), "notify", messages=[])
    rows = [row for row in sound().documents["intake"].facts["journal"] if row["id"] != "dispatch-1"]
    no_row = with_facts(sound(), "intake", journal=rows)
    for case, service, event in (
        (without_step(no_clock, "supervision", "order.dispatched"), "supervision", "dispatch-1"),
        (without_step(no_message, "notify", "message.requested"), "notify", "dispatch-2"),
        (without_step(no_row, "intake", "order.dispatched"), "intake", "dispatch-1"),
    ):
        assert told(case) == [("unheard", service, event)]


def test_orders_and_messages_whose_events_are_gone_with_a_step_are_told_with_it() -> None:
    assert told(without_step(sound(), "dispatch", "case.registered")) == [("unheard", "dispatch", "intake-1")]


def test_a_volume_whose_sealing_is_gone_is_told_by_the_missing_step() -> None:
    case = sound()
    n = next(step.n for step in case.documents["intake"].steps if step.what == "seal")
    assert told(without_step(case, "intake", "seal")) == [("step-missing", "intake", str(n))]


def test_an_event_that_waits_or_was_dropped_is_not_unheard() -> None:
    swallowed = changed(without_step(sound(), "supervision", "evaluation.recorded"), "supervision", version=2)
    for state in ("waiting", "dropped"):
        assert told(with_row(swallowed, "supervision", event="feedback-1", state=state)) == []


def test_an_event_that_is_not_published_is_not_unheard_yet() -> None:
    unsent = changed(sound(), "feedback", sent=0, unsent_s=3.0)
    swallowed = changed(without_step(unsent, "supervision", "evaluation.recorded"), "supervision", version=2)
    assert told(swallowed) == []


def test_a_step_that_nothing_else_tells_of_is_missing() -> None:
    assert told(changed(sound(), "notify", version=3)) == [("step-missing", "notify", "3")]


def test_a_step_with_its_event_gone_is_told_once_though_the_event_was_heard() -> None:
    assert told(without_step(sound(), "feedback", "evaluate")) == [("step-missing", "feedback", "2")]


def test_a_cause_handled_again_is_told_by_its_id() -> None:
    again = with_steps(sound(), "notify", lambda s: [s, s] if s.what == "message.requested" else [s])
    assert told(again) == [("handled-twice", "notify", "dispatch-2")]


def test_two_steps_of_one_number_are_told() -> None:
    same = with_steps(
        sound(), "notify", lambda s: [s, replace(s, cause="x", kind="clock")] if s.n == 2 else [s]
    )
    assert told(same) == [("handled-twice", "notify", "step 2")]


def test_an_event_gone_from_a_step_that_is_there_is_told() -> None:
    gone = with_steps(sound(), "feedback", lambda s: [replace(s, events=[])])
    assert told(gone) == [("event-missing", "feedback", "1")]


def test_a_step_by_an_event_that_nobody_said_is_told_once_for_all_its_hearers() -> None:
    forged = sound()
    for service in ("dispatch", "feedback"):
        steps = forged.documents[service].steps
        step = replace(steps[0], n=len(steps) + 1, cause="forged", events=[])
        forged = changed(forged, service, steps=[*steps, step], version=len(steps) + 1)
    assert told(forged) == [("unsaid", "dispatch", "forged")]
    row = {"id": "forged", "source": "notify", "sequence": 9, "digest": ""}
    journal = [*forged.documents["intake"].facts["journal"], row]
    assert told(with_facts(forged, "intake", journal=journal)) == [("unsaid", "dispatch", "forged")]


# -- now, however lately it moved --------------------------------------------------------


def test_what_is_unsent_for_over_a_minute_is_told_though_the_case_moves() -> None:
    assert told(changed(sound(), "dispatch", sent=1, unsent_s=59.0), at_rest=False) == []
    late = changed(sound(), "dispatch", sent=1, unsent_s=61.0)
    assert told(late, at_rest=False) == told(late) == [("unsent", "dispatch", "")]


def test_what_no_relay_will_ever_find_is_unsent() -> None:
    assert told(changed(sound(), "dispatch", sent=1)) == [("unsent", "dispatch", "")]


def test_what_waits_past_its_time_is_told() -> None:
    assert told(with_row(sound(), "notify", late_s=59.0)) == []
    assert told(with_row(sound(), "notify", late_s=61.0)) == [("waiting", "notify", "e")]


def test_what_is_early_for_more_than_an_hour_is_told() -> None:
    assert told(with_row(sound(), "notify", reason="early", since_s=3_500.0)) == []
    assert told(with_row(sound(), "notify", reason="failed", since_s=3_700.0)) == []
    assert told(with_row(sound(), "notify", reason="early", since_s=3_700.0)) == [("waiting", "notify", "e")]


def test_what_is_parked_is_told_and_what_was_dropped_is_not() -> None:
    assert told(with_row(sound(), "notify", state="parked"), at_rest=False) == [("parked", "notify", "e")]
    assert told(with_row(sound(), "notify", state="dropped", late_s=900.0)) == []


def test_a_case_that_moves_is_not_judged() -> None:
    assert told(without(sound(), "dispatch"), at_rest=False) == []


# -- a client's acts ---------------------------------------------------------------------


def test_an_act_with_its_step_fits() -> None:
    assert told(replace(sound(), acts=[Act(NUMBER, "intake", "/cases", "r1")])) == []


def test_an_act_without_a_step_is_told_though_the_case_moves() -> None:
    unknown = replace(sound(), acts=[Act(NUMBER, "dispatch", "/handlings/…/replies", "r9")])
    assert told(unknown, at_rest=False) == told(unknown) == [("act-missing", "dispatch", "r9")]


def test_an_act_whose_step_is_gone_is_told_once() -> None:
    gone = without_step(sound(), "feedback", "evaluate")
    acted = replace(gone, acts=[Act(NUMBER, "feedback", "/echoes/…/evaluations", "r2")])
    assert told(acted) == [("act-missing", "feedback", "r2")]


def test_an_opened_contact_leaves_no_step() -> None:
    assert told(replace(sound(), acts=[Act(NUMBER, "feedback", f"/echoes/{NUMBER}/contact", "r9")])) == []


def test_a_number_that_only_a_client_knows_has_no_case() -> None:
    assert told(Case(NUMBER, acts=[Act(NUMBER, "intake", "/cases", "r1")])) == [
        ("number-without-case", "intake", "")
    ]


# -- what the services hold --------------------------------------------------------------


def test_orders_and_their_events_belong_together() -> None:
    assert told(with_facts(sound(), "dispatch", orders=[])) == [("order-missing", "dispatch", "m1-1")]
    two = [{"id": "m1-1", "state": "approved"}, {"id": "m1-2", "state": "approved"}]
    assert told(with_facts(sound(), "dispatch", orders=two)) == [("order-unsaid", "dispatch", "m1-2")]


def test_orders_and_clocks_belong_together() -> None:
    assert told(with_facts(sound(), "supervision", clocks=[])) == [("clock-missing", "supervision", "m1-1")]
    assert told(with_facts(sound(), "supervision", clocks=["m1-1", "m2-1"])) == [
        ("clock-without-order", "supervision", "m2-1")
    ]


def test_a_clock_that_is_due_longer_than_it_may_be_held_was_skipped() -> None:
    due = {"order": "m1-1", "act": "urge", "late_s": 59.0}
    assert told(with_facts(sound(), "supervision", due=[due])) == []
    late = with_facts(sound(), "supervision", due=[{**due, "late_s": 61.0}])
    assert told(late) == [("clock-skipped", "supervision", "m1-1 urge")]
    assert told(changed(late, "supervision", misfiled=["next_at"])) == told(late)


def test_a_clock_rests_while_a_message_of_its_case_waits() -> None:
    late = with_facts(sound(), "supervision", due=[{"order": "m1-1", "act": "urge", "late_s": 61.0}])
    assert told(with_row(late, "supervision")) == []


def test_a_clock_marked_as_done_without_its_step_was_skipped() -> None:
    undone = with_facts(sound(), "supervision", undone=[{"order": "m1-1", "act": "overdue"}])
    assert told(undone) == [("clock-skipped", "supervision", "m1-1 overdue")]
    assert told(changed(undone, "supervision", version=4)) == told(undone)


def test_evaluations_are_once_a_matter_and_round_and_were_said() -> None:
    for service in ("feedback", "supervision"):
        doubled = with_facts(sound(), service, evaluations=["m1", "m1"])
        assert told(doubled) == [("evaluation-doubled", service, "m1")]
    assert told(with_facts(sound(), "feedback", evaluations=[])) == [("evaluation-missing", "feedback", "m1")]
    assert told(with_facts(sound(), "feedback", evaluations=["m1", "m2"])) == [
        ("evaluation-unsaid", "feedback", "m2")
    ]


def test_an_earlier_rounds_evaluations_are_past() -> None:
    assert told(with_facts(sound(), "feedback", evaluations=[], round=2)) == []


def test_messages_are_those_that_were_asked_for() -> None:
    asked = {"id": "dispatch:order-given:m1-1", "state": "delivered"}
    other = {"id": "dispatch:other", "state": "delivered"}
    name = asked["id"]
    assert told(with_facts(sound(), "notify", messages=[])) == [("message-lost", "notify", name)]
    assert told(with_facts(sound(), "notify", messages=[asked, asked])) == [
        ("message-doubled", "notify", name)
    ]
    assert told(with_facts(sound(), "notify", messages=[asked, other])) == [
        ("message-unasked", "notify", "dispatch:other")
    ]


def test_a_case_stands_at_one_stage_and_is_found_by_what_it_is() -> None:
    assert told(changed(sound(), "intake", misfiled=["stage"])) == [("stage", "intake", "stage")]
    assert told(changed(sound(), "notify", misfiled=["tasks"])) == [("misfiled", "notify", "tasks")]
    lost = with_facts(changed(sound(), "notify", misfiled=["references"]), "notify", messages=[])
    assert [kind for kind, _, _ in told(lost)] == ["message-lost"]


# -- journal and volume ------------------------------------------------------------------


def test_the_journal_has_every_event_as_it_was_said() -> None:
    rows = sound().documents["intake"].facts["journal"]
    altered = [{**row, "digest": "other"} if row["id"] == "dispatch-1" else row for row in rows]
    lost = [row for row in rows if row["id"] != "dispatch-1"]
    forged = [*rows, {"id": "forged", "source": "notify", "sequence": 9, "digest": ""}]
    assert told(with_facts(sound(), "intake", journal=altered)) == [
        ("journal-altered", "intake", "dispatch-1")
    ]
    assert told(with_facts(sound(), "intake", journal=lost)) == [("journal-missing", "intake", "dispatch-1")]
    assert told(with_facts(sound(), "intake", journal=forged)) == [("unsaid", "intake", "forged")]


def test_a_volume_holds_and_its_head_is_the_one_that_was_said() -> None:
    for volume in (
        {"head": "abc", "heads": ["abc"], "parts": 1, "intact": False},
        {"head": "other", "heads": ["other"], "parts": 1, "intact": True},
    ):
        assert told(with_facts(sound(), "intake", volume=volume)) == [("volume", "intake", "")]


def test_an_altered_row_explains_a_chain_that_does_not_hold() -> None:
    rows = sound().documents["intake"].facts["journal"]
    altered = [{**rows[0], "digest": "other"}, *rows[1:]]
    broken = {"head": "abc", "heads": ["abc"], "parts": 1, "intact": False}
    assert told(with_facts(sound(), "intake", journal=altered, volume=broken)) == [
        ("journal-altered", "intake", "intake-1")
    ]
