"""The bundled sample complaints fit their offices' rulebooks and are varied enough to be of use."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from huiyin.chassis.rulebook import Rulebook, load_offices

DEPLOY = Path(__file__).parents[3] / "deploy"
OFFICES = load_offices(DEPLOY / "offices")
SAMPLES: list[dict[str, Any]] = [
    sample
    for path in sorted((DEPLOY / "local" / "samples").glob("*.yaml"))
    for sample in yaml.safe_load(path.read_text(encoding="utf-8"))
]
LEAST = {"mayors-line": 150, "community-centre": 70}


def book(sample: dict[str, Any]) -> Rulebook:
    return OFFICES[sample["office"]].rulebook


def complainant(sample: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(party for party in sample["parties"] if party["role"] == "complainant")
    return found


def count(office: str, key: str) -> Counter[str]:
    return Counter(sample[key] for sample in SAMPLES if sample["office"] == office)


@pytest.mark.parametrize("office", LEAST)
def test_every_office_has_its_share_of_samples(office: str) -> None:
    assert sum(sample["office"] == office for sample in SAMPLES) >= LEAST[office]


def test_no_two_samples_are_alike() -> None:
    for key in ("id", "text"):
        assert max(Counter(sample[key] for sample in SAMPLES).values()) == 1
    openings = Counter(sample["text"][:12] for sample in SAMPLES)
    assert max(openings.values()) == 1


def test_every_text_is_as_long_as_a_real_complaint() -> None:
    assert all(40 <= len(sample["text"]) <= 200 for sample in SAMPLES)
    assert all(len(sample["wish"]) >= 4 for sample in SAMPLES)


def test_every_sample_fits_the_rulebook_of_its_office() -> None:
    for sample in SAMPLES:
        rules = book(sample)
        assert sample["channel"] in rules.intake.channels, sample["id"]
        assert sample["difficulty"] in rules.classification.difficulties, sample["id"]
        assert sample.get("legal_class") in {None, *rules.legal_class}, sample["id"]
        for matter in sample["matters"]:
            assert matter["kind"] in rules.classification.kinds, sample["id"]
            assert matter["category"] in rules.categories, sample["id"]
            assert matter["area"] in rules.areas, sample["id"]


def test_every_named_complainant_has_the_required_fields() -> None:
    for sample in SAMPLES:
        party = complainant(sample)
        if not party["anonymous"]:
            missing = [name for name in book(sample).required_fields(sample["channel"]) if name not in party]
            assert not missing, (sample["id"], missing)


def test_anonymous_people_carry_no_name_and_no_address() -> None:
    anonymous = [party for sample in SAMPLES for party in sample["parties"] if party["anonymous"]]
    assert len(anonymous) >= 15
    assert all({"name", "address", "work_unit"}.isdisjoint(party) for party in anonymous)


def test_no_number_or_address_could_be_somebodys() -> None:
    for party in (party for sample in SAMPLES for party in sample["parties"]):
        assert re.fullmatch(r"1990000\d{4}", party.get("phone", "19900000000"))
        assert party.get("email", "a@mail.example").endswith(".example")


@pytest.mark.parametrize("office", LEAST)
def test_all_channels_and_kinds_of_the_office_are_shown(office: str) -> None:
    rules = OFFICES[office].rulebook
    assert count(office, "channel").keys() == rules.intake.channels.keys()
    mine = [sample for sample in SAMPLES if sample["office"] == office]
    kinds = {matter["kind"] for sample in mine for matter in sample["matters"]}
    assert kinds == rules.classification.kinds.keys()


def test_answers_on_the_spot_are_given_only_to_kinds_that_allow_them() -> None:
    answered = [sample for sample in SAMPLES if "answer" in sample]
    assert len(answered) >= 15
    for sample in answered:
        kinds = book(sample).classification.kinds
        assert all(kinds[matter["kind"]].on_the_spot for matter in sample["matters"]), sample["id"]


@pytest.mark.parametrize("office", LEAST)
def test_gaps_ambiguities_and_assisting_units_all_occur(office: str) -> None:
    rules = OFFICES[office].rulebook
    found: Counter[str] = Counter()
    for sample in SAMPLES:
        for matter in sample["matters"] if sample["office"] == office else ():
            entries = rules.candidates(matter["category"], matter["area"])
            found["gap"] += not entries and rules.classification.kinds[matter["kind"]].dispatched
            found["ambiguous"] += len(entries) > 1
            found["assisting"] += len(entries) == 1 and bool(entries[0].assisting)
    assert found["gap"] >= 3
    assert found["ambiguous"] >= 3
    assert found["assisting"] >= 5


def test_two_matters_consumers_and_letters_occur_often_enough() -> None:
    assert sum(len(sample["matters"]) > 1 for sample in SAMPLES) >= 15
    assert sum(sample.get("legal_class") == "consumer" for sample in SAMPLES) >= 15
    letters = [sample for sample in SAMPLES if sample["channel"] == "letter"]
    assert sum("address" in complainant(sample) for sample in letters) >= 8
