"""A rulebook that contradicts itself is refused, the key named: each line against the others."""

from dataclasses import replace
from typing import Any

import pytest

from huiyin.chassis.rulebook import Rulebook, Term
from huiyin.chassis.rulebook.checks import contradictions
from huiyin.chassis.rulebook.conduct import Report
from huiyin.chassis.rulebook.limits import Criteria
from tests.unit.offices import rulebook

MAYORS, CENTRE, COUNTY, CITY, PETITIONS = (
    rulebook(name)
    for name in ("mayors-line", "community-centre", "county-hotline", "city-hotline", "petition-office")
)
YEAR, MINUTE, DAY = (Term(amount=n, unit=u) for n, u in ((12, "month"), (1, "minute"), (1, "day")))  # type: ignore[arg-type]


def changed(book: Rulebook, section: str, **keys: Any) -> Rulebook:
    return replace(book, **{section: replace(getattr(book, section), **keys)})


def kind(book: Rulebook, name: str, **keys: Any) -> Rulebook:
    kinds = book.classification.kinds
    return changed(book, "classification", kinds={**kinds, name: replace(kinds[name], **keys)})


def law(book: Rulebook, **keys: Any) -> Rulebook:
    laws = book.legal_class
    return replace(book, legal_class={**laws, "consumer": replace(laws["consumer"], **keys)})


def keys(book: Rulebook) -> set[str]:
    return {key for key, _ in contradictions(book)}


PRAISELESS = changed(
    CITY, "classification", kinds={k: v for k, v in CITY.classification.kinds.items() if k != "praise"}
)


@pytest.mark.parametrize("book", [MAYORS, CENTRE, COUNTY, CITY, PETITIONS], ids=lambda book: book.office.id)
def test_no_bundled_office_contradicts_itself(book: Rulebook) -> None:
    assert contradictions(book) == []


@pytest.mark.parametrize(
    ("book", "key"),
    [
        (
            changed(MAYORS, "classification", difficulties={}),
            "classification.difficulties.ordinary",
        ),
        (kind(MAYORS, "complaint", dispatched=False), "classification.kinds.complaint"),
        (changed(MAYORS, "intake", on_the_spot=False), "classification.kinds.help.on_the_spot"),
        (
            kind(MAYORS, "report", dispatched=False, on_the_spot=True),
            "classification.kinds.report.accusing",
        ),
        (changed(MAYORS, "deadline", target=YEAR), "deadline.target"),
        (changed(CITY, "deadline", target=DAY), "deadline.target"),
        (
            changed(
                CENTRE,
                "deadline",
                leader_assigned=replace(CENTRE.deadline.leader_assigned, complex=DAY),  # type: ignore[type-var]
            ),
            "deadline.leader_assigned.complex",
        ),
        (changed(CENTRE, "deadline", cap=DAY), "deadline.classes.complex"),
        (changed(COUNTY, "extension", cap=YEAR), "extension.cap"),
        (changed(MAYORS, "extension", not_for=()), "legal_class.consumer.extendable"),
        (law(CENTRE, term=Term(amount=8, unit="wd")), "legal_class.consumer.term"),
        (law(CENTRE, term=None), "legal_class.consumer.term"),
        (law(CENTRE, start="accepted"), "legal_class.consumer.start"),
        (law(CENTRE, extendable=True), "legal_class.consumer.extendable"),
        (changed(COUNTY, "overdue", new_limit=DAY), "overdue.new_limit"),
        (changed(PETITIONS, "urge", form="none"), "urge.form"),
        (changed(CITY, "urge", before=Term(amount=3, unit="day")), "urge.before"),
        (changed(MAYORS, "dispatch", gate_flags=("hot",)), "dispatch.gate_flags"),
        (changed(MAYORS, "dispatch", submission_first=True), "dispatch.submission_first"),
        (changed(CENTRE, "multi_unit", policy="submit"), "multi_unit.policy"),
        (changed(CENTRE, "dispute", policy="submit"), "dispute.policy"),
        (changed(CITY, "emergency", lines=()), "emergency.lines"),
        (changed(CENTRE, "emergency", report_to=()), "emergency.report_to"),
        (changed(PETITIONS, "confidential", default=("everything", "marked")), "confidential.default"),
        (changed(PETITIONS, "publish", enabled=True), "publish.enabled"),
        (changed(PETITIONS, "site_visit", media="may_join"), "site_visit.media"),
        (
            changed(MAYORS, "accusation", staff_override="organisation_approval"),
            "accusation.staff_override",
        ),
        (changed(CITY, "excluded_channels", channels={}), "excluded_channels.channels"),
        (changed(COUNTY, "out_of_scope", follow_up=True), "out_of_scope.follow_up"),
        (changed(COUNTY, "reply", referral_counts=True), "reply.referral_counts"),
        (changed(COUNTY, "reply", exempt=("anonymous_letter",)), "reply.exempt.anonymous_letter"),
        (changed(PRAISELESS, "callback", exempt=("praise",)), "callback.exempt.praise"),
        (changed(CENTRE, "callback", exempt=("excluded_channel",)), "callback.exempt.excluded_channel"),
        (changed(CENTRE, "reply", exempt=("unnamed_report",)), "reply.exempt.unnamed_report"),
        (changed(MAYORS, "notify", media=("sms", "call", "mail")), "intake.channels.letter.reply_media"),
        (changed(MAYORS, "notify", media=("sms", "call", "mail")), "callback.letter_after"),
        (
            changed(
                CITY,
                "intake",
                channels={n: replace(c, reply_media=()) for n, c in CITY.intake.channels.items()},
            ),
            "intake.channels.web.reply_media",
        ),
        (changed(CITY, "letter", excerpt_for_leaders=True), "letter.excerpt_for_leaders"),
        (changed(PETITIONS, "archive", destroy=True), "archive.retention_years"),
        (
            changed(CITY, "reports", issued=(Report(kind="news", period="day", recipients=()),)),
            "reports.issued.news.recipients",
        ),
        (changed(CITY, "terms", immediately=DAY), "terms.immediately"),
        (changed(CITY, "terms", quickly=YEAR), "terms.quickly"),
        (
            changed(CITY, "terms", criteria={"hot": Criteria(cases=3, within=None, any_of=())}),
            "terms.criteria.hot",
        ),
        (
            changed(CITY, "terms", criteria={"hot": Criteria(cases=None, within=None, any_of=())}),
            "terms.criteria.hot",
        ),
        (changed(CITY, "roles", escalation_chain=()), "roles.escalation_chain"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_line_against_another_is_refused_by_its_key(book: Rulebook, key: str) -> None:
    assert key in keys(book)


@pytest.mark.parametrize(
    ("book", "named_by"),
    [
        (MAYORS, "extension.approver"),
        (CENTRE, "overdue.explain_to"),
        (CITY, "review.owner"),
        (COUNTY, "roles.escalation_chain"),
        (PETITIONS, "reports.issued.special_report"),
    ],
)
def test_a_role_that_a_rule_names_must_be_held(book: Rulebook, named_by: str) -> None:
    """E-126: a rule would have nobody to turn to."""
    told = [
        words
        for key, words in contradictions(changed(book, "roles", mandatory=()))
        if key == "roles.mandatory"
    ]
    assert any(named_by in words for words in told)


def test_an_office_that_takes_no_anonymous_demands_exempts_none() -> None:
    refused = keys(changed(MAYORS, "anonymous", accept=False))
    assert {"reply.exempt.anonymous_without_contact", "callback.exempt.anonymous_letter"} <= refused
