"""Taking down: registrations, takeovers, withdrawals."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_cause, staff
from services.intake.schemas.taking import Correction, Registration, Takeover, Withdrawal, form_of
from services.intake.use_cases import acts, calls, contact, progress
from services.intake.use_cases.house import House


def taking(desk: Blueprint, house: House) -> None:
    """Where complaints are taken down."""

    @desk.post("/cases")
    @desk.arguments(Registration)
    @staff("operator")
    def register(body: dict[str, Any]) -> Response:
        """登记一件诉求 (take down and number a complaint)"""
        form = form_of(body, house.now())
        return answer((201, progress.receipt(house, calls.register(house, form, request_cause()))))

    @desk.post("/takeovers")
    @desk.arguments(Takeover)
    @staff("records")
    def take_over(body: dict[str, Any]) -> Response:
        """接管旧系统在办诉求 (take over a case that runs in an older system)"""
        form = form_of(body, house.now())
        taken = acts.take_over(house, form, body["taken_over"], request_cause())
        return answer((201, progress.receipt(house, taken)))

    @desk.post("/cases/<number>/parties/<party>/contact")
    @desk.arguments(Correction)
    @staff("operator")
    def correct_contact(body: dict[str, Any], number: str, party: str) -> Response:
        """更正当事人的姓名或联系方式，原内容封存 (correct a contact; what was before is kept sealed)"""
        based_on = body.pop("based_on")
        return answer((200, contact.correct(house, number, party, body, based_on, request_cause())))

    @desk.post("/cases/<number>/withdrawal")
    @desk.arguments(Withdrawal)
    @staff("operator")
    def withdraw(body: dict[str, Any], number: str) -> Response:
        """诉求人撤回；涉及险情、检举或公共利益的继续办理 (the complainant withdraws; some cases go on)"""
        return answer((200, acts.withdraw(house, number, **body, cause=request_cause())))
