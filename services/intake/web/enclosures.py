"""Enclosures: money and original certificates in letters, or brought by visitors."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, Schema, answer, request_actor, request_cause, staff
from services.intake.domain.enclosure import EnclosedForm
from services.intake.domain.returning import Sent
from services.intake.schemas.enclosures import (
    CertifiedCopy,
    Confirmation,
    CopyRequest,
    Custody,
    Enclosed,
    GivingBack,
    Incident,
    IncidentDecision,
    KeeperChange,
    Recount,
    ReturnedMail,
    ToFinance,
)
from services.intake.use_cases import enclosures, enclosures_shown
from services.intake.use_cases.house import House
from services.intake.web.printing import slip


def enclosing(desk: Blueprint, house: House) -> None:
    """Where what came is registered and counted."""

    @desk.post("/cases/<number>/enclosures")
    @desk.arguments(Enclosed)
    @staff("operator", "records")
    def enclose(body: EnclosedForm, number: str) -> Response:
        """逐件登记随信或来访人带来的现金和证件原件 (register each sum and original certificate)"""
        return answer((201, enclosures.enclose(house, number, body, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/recount")
    @desk.arguments(Recount)
    @staff("operator", "records")
    def recount(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """两人清点不一致时重新清点 (count anew; the earlier count is kept)"""
        lines = tuple(body["lines"])
        return answer((200, enclosures.count_anew(house, number, enclosure, lines, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/confirmation")
    @desk.arguments(Confirmation)
    @staff("operator", "records")
    def confirm(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """第二人逐项清点复核 (a second person counts every line)"""
        lines = tuple(body["lines"])
        return answer((200, enclosures.confirm(house, number, enclosure, lines, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/gift")
    @desk.arguments(Schema)
    @staff("operator", "records")
    def mark_gift(_body: dict[str, Any], number: str, enclosure: str) -> Response:
        """系礼金、礼品或贿赂：立即报告负责人 (a gift or bribe: the director is told at once)"""
        return answer((200, enclosures.mark_gift(house, number, enclosure, request_cause())))

    @desk.get("/cases/<number>/enclosures/<enclosure>/receipt")
    @staff("operator", "records")
    def print_receipt(number: str, enclosure: str) -> Response:
        """凭证回执，可打印，留痕 (the voucher's slip, to be printed; recorded)"""
        return slip(enclosures_shown.receipt(house, number, enclosure, request_actor()))


def safekeeping(desk: Blueprint, house: House) -> None:
    """Where it is kept."""

    @desk.get("/enclosures")
    @desk.arguments(Custody, location="query")
    @staff("operator", "leader", "supervisor", "records", "custodian", "auditor")
    def list_custody(query: dict[str, Any]) -> Response:
        """保管中的附物和在管天数 (what is in custody, with its age)"""
        return answer((200, enclosures_shown.in_custody(house, request_actor(), **query)))

    @desk.post("/cases/<number>/enclosures/<enclosure>/handover")
    @desk.arguments(KeeperChange)
    @staff("operator", "records", "custodian")
    def hand_over(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """移交他人保管，待接收人确认 (hand over; the receiver confirms)"""
        return answer((200, enclosures.offer(house, number, enclosure, body["to"], request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/reception")
    @desk.arguments(Schema)
    @staff("operator", "records", "custodian")
    def receive(_body: dict[str, Any], number: str, enclosure: str) -> Response:
        """接收人确认已收到 (the receiver confirms)"""
        return answer((200, enclosures.receive(house, number, enclosure, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/incidents")
    @desk.arguments(Incident)
    @staff("operator", "records", "custodian")
    def report(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """登记遗失、毁损或危险；危险的须先联系公安 (loss, damage, danger: police contacted first)"""
        return answer((201, enclosures.report(house, number, enclosure, body, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/incidents/<incident>/outcome")
    @desk.arguments(IncidentDecision)
    @staff("leader")
    def decide(body: dict[str, Any], number: str, enclosure: str, incident: str) -> Response:
        """负责人对事故作出处理 (the director closes an incident)"""
        done = enclosures.decide(house, number, enclosure, incident, **body, cause=request_cause())
        return answer((200, done))

    @desk.post("/cases/<number>/enclosures/<enclosure>/lines/<line>/copy-requests")
    @desk.arguments(CopyRequest)
    @staff("unit")
    def ask_copy(body: dict[str, Any], number: str, enclosure: str, line: str) -> Response:
        """承办单位申请核对无误的复印件；原件不外借 (a unit asks for a certified copy; the original stays)"""
        reason = body["reason"]
        return answer((201, enclosures.ask_copy(house, number, enclosure, line, reason, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/lines/<line>/certified-copy")
    @desk.arguments(CertifiedCopy)
    @staff("operator", "records", "custodian")
    def certify(body: dict[str, Any], number: str, enclosure: str, line: str) -> Response:
        """保管人证明已放行的文件与原件核对无误 (the keeper certifies a released copy)"""
        file = body["file"]
        return answer((200, enclosures.certify(house, number, enclosure, line, file, request_cause())))


def returning(desk: Blueprint, house: House) -> None:
    """Where it goes back."""

    @desk.post("/cases/<number>/enclosures/<enclosure>/returns")
    @desk.arguments(GivingBack)
    @staff("operator", "records", "custodian")
    def give_back(body: Sent, number: str, enclosure: str) -> Response:
        """退还，登记挂号邮件编号 (return it, with the number of the registered mail)"""
        return answer((201, enclosures.give_back(house, number, enclosure, body, request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/returned-mail")
    @desk.arguments(ReturnedMail)
    @staff("operator", "records", "custodian")
    def come_back(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """邮件退回，重新妥善保管 (the mail came back: safe custody again)"""
        return answer((200, enclosures.came_back(house, number, enclosure, **body, cause=request_cause())))

    @desk.post("/cases/<number>/enclosures/<enclosure>/finance")
    @desk.arguments(ToFinance)
    @staff("operator", "records", "custodian")
    def hand_to_finance(body: dict[str, Any], number: str, enclosure: str) -> Response:
        """无法退还的，保管期满移交财务 (what cannot be returned goes to finance after its time)"""
        done = enclosures.to_finance(house, number, enclosure, body["receipt"], request_cause())
        return answer((200, done))
