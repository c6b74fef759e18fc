"""What is noted of a case after it was taken down: corrections, visitors' incidents, findings, consent."""

from typing import Any, get_args

from flask import Response

from huiyin.chassis.web import Blueprint, Schema, answer, request_actor, request_cause, staff
from huiyin.contracts.events import MatterPart
from services.intake.schemas.afterwards import (
    Fabrication,
    MatterCorrection,
    PoliceFirstContact,
    PressConsent,
    VisitorIncident,
    VisitorMeasure,
)
from services.intake.use_cases import corrections, findings, visitors
from services.intake.use_cases.house import House


def correcting(desk: Blueprint, house: House) -> None:
    """Where what was taken down is corrected."""

    @desk.post("/cases/<number>/matters/<matter>/corrections")
    @desk.arguments(MatterCorrection)
    @staff("operator", "records")
    def correct_matter(body: dict[str, Any], number: str, matter: str) -> Response:
        """更正事项的内容、要求、对象或地点，原内容封存 (correct the words; what was before is kept)"""
        given = {part: body[part] for part in get_args(MatterPart) if part in body}
        done = corrections.correct(
            house, number, matter, given, body["based_on"], body["reason"], request_cause()
        )
        return answer((200, done))

    @desk.get("/cases/<number>/corrections")
    @staff("operator", "supervisor", "records", "auditor")
    def list_corrections(number: str) -> Response:
        """更正记录：何人何时因何更正，更正前的内容 (every correction, with the words before it)"""
        return answer((200, {"corrections": corrections.listed(house, number, request_actor())}))

    @desk.post("/cases/<number>/findings")
    @desk.arguments(Fabrication)
    @staff("supervisor", "leader")
    def find_fabrication(body: dict[str, Any], number: str) -> Response:
        """登记经人工认定的捏造、歪曲或冒名 (a person found that facts or a name were made up)"""
        return answer((201, findings.find(house, number, **body, cause=request_cause())))

    @desk.get("/cases/<number>/findings")
    @staff("operator", "supervisor", "leader", "records")
    def list_findings(number: str) -> Response:
        """认定记录 (what was found)"""
        return answer((200, {"findings": findings.listed(house, number, request_actor())}))

    @desk.post("/cases/<number>/parties/<party>/consent")
    @desk.arguments(Schema)
    @staff("operator", "callback")
    def give_consent(_body: dict[str, Any], number: str, party: str) -> Response:
        """利害关系人同意向代为反映的人告知结果 (the interested person lets the reporter be told)"""
        return answer((200, findings.consent(house, number, party, request_cause())))

    @desk.post("/cases/<number>/parties/<party>/press-consent")
    @desk.arguments(PressConsent)
    @staff("operator", "callback")
    def consent_to_press(body: dict[str, Any], number: str, party: str) -> Response:
        """当事人同意向媒体提供其身份，或撤回 (whether a party lets the press learn who it is)"""
        return answer(
            (200, findings.consent_to_press(house, number, party, body["consents"], request_cause()))
        )


def receiving(desk: Blueprint, house: House) -> None:
    """Where visitors' incidents are noted."""

    @desk.post("/cases/<number>/incidents")
    @desk.arguments(VisitorIncident)
    @staff("operator", "supervisor")
    def note_incident(body: dict[str, Any], number: str) -> Response:
        """登记来访异常，并报告领导；有威胁的先联系公安 (an incident; of a threat the police learn first)"""
        return answer((201, visitors.note(house, number, **body, cause=request_cause())))

    @desk.post("/cases/<number>/incidents/<incident>/police")
    @desk.arguments(PoliceFirstContact)
    @staff("operator", "supervisor")
    def tell_police(body: dict[str, Any], number: str, incident: str) -> Response:
        """登记已联系公安派出所 (the police station was contacted)"""
        done = visitors.tell_police(house, number, incident, body["station"], request_cause())
        return answer((200, done))

    @desk.post("/cases/<number>/incidents/<incident>/measure")
    @desk.arguments(VisitorMeasure)
    @staff("operator", "supervisor")
    def take_measure(body: dict[str, Any], number: str, incident: str) -> Response:
        """登记处置方式：劝离或公安处置 (persuaded to leave, or public security notified)"""
        done = visitors.take_measure(house, number, incident, body["measure"], request_cause())
        return answer((200, done))

    @desk.get("/cases/<number>/incidents")
    @staff("operator", "supervisor", "leader", "records")
    def list_incidents(number: str) -> Response:
        """来访异常 (the incidents of a case)"""
        return answer((200, {"incidents": visitors.listed(house, number, request_actor())}))
