"""The knowledge base by HTTP: looking up, writing, proposing."""

from typing import Any, Final

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_actor, request_cause, staff
from huiyin.contracts.roles import Role
from services.intake.schemas.knowledge import Between, Decision, Entry, Question, Revision
from services.intake.use_cases import knowledge, reading_up
from services.intake.use_cases.house import House

#: Everybody who answers or handles; no citizen, because some entries are for staff only (E-128).
_READERS: Final[tuple[Role, ...]] = (
    "operator",
    "dispatcher",
    "leader",
    "unit",
    "supervisor",
    "callback",
    "records",
    "rulebook",
)


def knowing(desk: Blueprint, house: House) -> None:
    """Where policies are looked up and kept."""

    @desk.get("/knowledge")
    @desk.arguments(Question, location="query")
    @staff(*_READERS, walls=False)
    def search_knowledge(query: dict[str, Any]) -> Response:
        """查政策知识库（q 为任意词语） (entries that hold these words, best first)"""
        skip, limit = query.pop("skip"), query.pop("limit")
        asked = reading_up.Asked(**query)
        return answer((200, reading_up.search(house, request_actor(), asked, skip, limit)))

    @desk.get("/knowledge/<entry>")
    @staff(*_READERS, walls=False)
    def show_knowledge(entry: str) -> Response:
        """一条政策：现行内容、效力、来源 (an entry as it stands today)"""
        return answer((200, reading_up.show(house, entry, request_actor())))

    @desk.get("/knowledge/<entry>/versions")
    @staff(*_READERS, walls=False)
    def list_versions(entry: str) -> Response:
        """一条政策的全部版本 (every version, first to last)"""
        return answer((200, {"versions": reading_up.versions(house, entry, request_actor())}))

    @desk.get("/knowledge/<entry>/comparison")
    @desk.arguments(Between, location="query")
    @staff(*_READERS, walls=False)
    def compare_versions(query: dict[str, Any], entry: str) -> Response:
        """比较两个版本 (what changed between two versions)"""
        return answer((200, reading_up.compare(house, entry, request_actor(), query["old"], query["new"])))

    @desk.post("/knowledge")
    @desk.arguments(Entry)
    @staff("rulebook", "unit", walls=False)
    def write_entry(body: dict[str, Any]) -> Response:
        """新增条目；责任单位提交的为建议，待采纳 (a new entry; a unit's is a proposal)"""
        wording, why = body["wording"], body["why"]
        done = knowledge.write(house, body["entry"], body["owner"], wording, why, request_cause())
        return answer((201, done))

    @desk.post("/knowledge/<entry>/versions")
    @desk.arguments(Revision)
    @staff("rulebook", "unit", walls=False)
    def revise_entry(body: dict[str, Any], entry: str) -> Response:
        """修订条目；责任单位提交的为建议，待采纳 (a new version; a unit's is a proposal)"""
        return answer((201, knowledge.revise(house, entry, body["wording"], body["why"], request_cause())))

    @desk.post("/knowledge/<entry>/proposals/<proposal>/decision")
    @desk.arguments(Decision)
    @staff("rulebook", walls=False)
    def decide_proposal(body: dict[str, Any], entry: str, proposal: str) -> Response:
        """采纳或不采纳修订建议 (take a proposal, or refuse it with a reason)"""
        return answer((200, knowledge.decide(house, entry, proposal, **body, cause=request_cause())))
