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


WRITER = {"name": "柏守拙", "address": "回音市钟鼓区石桥弄1-2号", "work_unit": "晨钟印刷厂"}


def _proposed(stand: Stand, **typed: str) -> list[tuple[str, str]]:
    """What is proposed to an operator who types other words about the same place."""
    body = {
        "text": "夜里烟味呛人，窗都开不了。",
        "category": "environment/fumes",
        "area": "990101001",
        **typed,
    }
    answer = stand.post("/likeness", json=body)
    assert answer.status_code == 200, answer.text
    return [(one["other"], one["kind"]) for one in answer.json["proposals"]]  # type: ignore[index]


@pytest.mark.clause("E-36")
def test_who_wrote_without_a_phone_is_found_by_name_and_address_as_the_operator_types(stand: Stand) -> None:
    letter = stand.register({**FORM, "channel": "letter", "parties": [WRITER]})
    number = letter.json["number"]  # type: ignore[index]
    assert _proposed(stand, name=" 柏守拙", address="回音市钟鼓区 石桥弄１－２号") == [(number, "repeat")]
    assert _proposed(stand, name="柏守拙", address="回音市钟鼓区石桥弄12号") == []
    assert _proposed(stand, name="柏守成", address=WRITER["address"]) == []
    assert _proposed(stand, name="柏守拙") == []


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
