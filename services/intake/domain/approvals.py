"""An organisation's approval of one transfer to the accused's own unit: asked for, then given by another."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bson import Binary

from huiyin.chassis import walls
from huiyin.chassis.rulebook import OfficeFolder, Rulebook
from huiyin.contracts.circle import Approval, MatterCircle
from services.intake.domain.case import Case, TransferRequest
from services.intake.domain.circle import Outcome, changed, known
from services.intake.errors import AlreadyApproved, AlreadyAsked, ApproverTouched, NoOverride, NoSuchRequest


def ask(
    case: Case, matter: str, unit: str, asker: str, book: Rulebook, office: OfficeFolder, at: datetime
) -> Outcome:
    """Somebody asks for one transfer to the accused's own unit: they never approve it themselves (E-74)."""
    _require_override(case.circle.of(known(case, matter)), unit, book, office)
    waits = (one for one in case.transfer_requests if not one.approval)
    if any((one.matter, one.unit, one.asker) == (matter, unit, asker) for one in waits):
        raise AlreadyAsked("您对该事项的移送申请正在等待批准，请勿重复申请。")
    number = len(case.transfer_requests) + 1
    asked = TransferRequest(id=f"request-{number}", matter=matter, unit=unit, asker=asker, asked_at=at)
    return replace(case, transfer_requests=(*case.transfer_requests, asked)), []


@dataclass(frozen=True, kw_only=True)
class Consent:
    """An organisation's consent to what was requested, as its approver gives it."""

    request: str
    approver: str
    text: Binary


def approve(case: Case, consent: Consent, book: Rulebook, office: OfficeFolder, at: datetime) -> Outcome:
    """A stored approval lifts the ban for one transfer; nobody touched by it may give it (S2-25, E-74)."""
    asked = transfer_request(case, consent.request)
    shut = case.circle.of(asked.matter)
    _require_override(shut, asked.unit, book, office)
    _require_untouched(shut, asked, consent.approver, office)
    if asked.approval:
        raise AlreadyApproved("该申请已经批准；再次移送须另行申请。")
    if any(one.unit == asked.unit and not one.order for one in shut.approvals):
        raise AlreadyApproved("该事项向这一单位的移送已经批准，尚未使用。")
    number = sum(len(one.approvals) for one in case.circle.matters) + 1
    today = at.astimezone(ZoneInfo(book.office.timezone)).date()
    approval = Approval(
        id=f"approval-{number}", unit=asked.unit, approver=consent.approver, approved_on=today
    )

    def approved(of: MatterCircle) -> MatterCircle:
        return replace(of, approvals=(*of.approvals, approval))

    granted = replace(asked, approval=approval.id)
    kept = replace(
        case,
        transfer_requests=tuple(granted if one == asked else one for one in case.transfer_requests),
        approval_texts={**case.approval_texts, approval.id: consent.text},
    )
    return changed(kept, (asked.matter,), approved, "approved", at)


def transfer_request(case: Case, request: str) -> TransferRequest:
    """The request for a transfer under its id."""
    found = next((one for one in case.transfer_requests if one.id == request), None)
    if found is None:
        raise NoSuchRequest(f"该诉求没有编号为 {request} 的移送申请。")
    return found


def _require_override(shut: MatterCircle, unit: str, book: Rulebook, office: OfficeFolder) -> None:
    """X-14, XI-05: whether any approval lifts the ban; against the office's own staff often none does."""
    staff = any(set(office.people[one].roles) != {"unit"} for one in shut.accused if one in office.people)
    allowed = book.accusation.staff_override if staff else book.accusation.override
    if allowed == "none":
        raise NoOverride("本机构规则不允许以批准解除对被反映单位的禁令。")
    shut_units = {*shut.accused_units, *walls.related_units(shut, office)}
    if unit not in shut_units:
        raise NoOverride("这一单位不是被反映单位或其相关单位，不需要批准。")


def _require_untouched(
    shut: MatterCircle, asked: TransferRequest, approver: str, office: OfficeFolder
) -> None:
    person = office.people.get(approver)
    touched = {*shut.accused_units, *walls.related_units(shut, office), asked.unit}
    if approver == asked.asker:
        raise ApproverTouched("申请人不能批准自己的申请。")
    if person is None or person.unit in touched or approver in (*shut.accused, *shut.recused):
        raise ApproverTouched("被反映人、被反映单位及相关单位的人员不能批准。")
