"""What a person says of two cases is kept with who said it and why, sealed (V-06)."""

from typing import Any

import pytest
from pymongo.collection import Collection

from huiyin.chassis.steps import Actor
from services.intake.use_cases import linking
from tests.integration.test_intake import FORM, Stand, stand

__all__ = ["stand"]

WHY = "两处水表，各自停水"


@pytest.mark.parametrize("verdict", ["incident", "not_alike"])
def test_the_reason_is_kept_sealed_with_who_gave_it(stand: Stand, verdict: str) -> None:
    first, second = (str(stand.register(FORM).json["number"]) for _ in range(2))  # type: ignore[index]
    body = {"other": first, "verdict": verdict, "why": WHY}
    answer = stand.post(f"/cases/{second}/links", json=body)
    assert answer.status_code in (200, 201), answer.text
    alike = stand.house.cases.get(second).state.alike
    said = alike.link or alike.not_alike[0]
    assert (said.other, said.by) == (first, "ml-operator-1")
    assert stand.house.base.sealer.open(said.why) == WHY
    assert WHY not in stand.kept()


def test_a_case_unlinked_while_issues_are_counted_is_counted_once(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = stand.register(FORM).json["number"]  # type: ignore[index]
    cases, distinct = stand.house.cases.collection, Collection.distinct

    def linked(value: bool) -> None:
        cases.update_one({"number": number}, {"$set": {"linked": value}})

    def unlinked_meanwhile(self: Any, *given: Any, **options: Any) -> Any:
        linked(False)
        return distinct(self, *given, **options)

    linked(True)
    monkeypatch.setattr(Collection, "distinct", unlinked_meanwhile)
    who = Actor(subject="ml-records-1", role="records", office="mayors-line", unit="")
    assert linking.issues(stand.house, who) == 1
