"""Telephony: what the call centre tells, the operator's form, hand-overs, emergencies, limits of callers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request

from huiyin.chassis.steps import Actor
from huiyin.chassis.web import (
    Blueprint,
    Schema,
    answer,
    public,
    request_actor,
    request_cause,
    staff,
    uncounted,
)
from services.intake.errors import WrongSignature
from services.intake.providers.signature import SIGNATURE_HEADER, TIME_HEADER, is_fresh, is_right
from services.intake.schemas import telephony as schemas
from services.intake.schemas.values import Page
from services.intake.use_cases import call_desk, calls, emergencies, hand_overs, misuse
from services.intake.use_cases.house import House

F = TypeVar("F", bound=Callable[..., Any])


def telephony(desk: Blueprint, house: House) -> None:
    """Where calls come in, and where danger is told of."""
    _call_centre(desk, house)
    _calls(desk, house)
    _emergencies(desk, house)
    _misuse(desk, house)


def _call_centre(desk: Blueprint, house: House) -> None:
    @desk.post("/call-centre/events")
    @_signed(house)
    @desk.arguments(schemas.CallWord)
    @public
    @uncounted
    def hear_call(body: dict[str, Any]) -> Response:
        """话务台事件（须签名） (a signed word of the call centre)"""
        house.base.rulebooks.office(body["office"])
        centre = Actor(subject="gateway:calls", role="gateway", office=body["office"])
        cause = request_cause(who=centre, key=body["id"])
        return answer((200, calls.hear(house, body["told"], cause)))


def _calls(desk: Blueprint, house: House) -> None:
    @desk.get("/calls")
    @desk.arguments(Page, location="query")
    @staff("operator", "supervisor")
    def list_calls(query: dict[str, Any]) -> Response:
        """本机构来电，不含号码 (the office's calls, newest first, without numbers)"""
        return answer((200, call_desk.calls(house, request_actor(), query["skip"], query["limit"])))

    @desk.get("/calls/<call>")
    @staff("operator", "supervisor", "leader")
    def show_call(call: str) -> Response:
        """一通来电及其转接情况 (a call, its hand-overs and recordings, without its number)"""
        return answer((200, calls.shown(calls.find(house, call, request_actor()))))

    @desk.get("/calls/<call>/form")
    @staff("operator")
    def open_form(call: str) -> Response:
        """来电弹屏：预填的登记表 (a registration as far as the call fills it; recorded)"""
        return answer((200, call_desk.form(house, call, request_actor())))

    @desk.post("/calls/<call>/hand-overs")
    @desk.arguments(schemas.HandOver)
    @staff("operator")
    def hand_over(body: dict[str, Any], call: str) -> Response:
        """紧急转接 110、119、120、122 (hand the caller over to an emergency line; registered by itself)"""
        where = (body["area"], body["place"])
        done = hand_overs.ask(house, call, body["line"], body["words"], where, request_cause())
        return answer((202, done))

    @desk.post("/calls/<call>/hand-overs/<hand_over>/settlement")
    @desk.arguments(schemas.Settlement)
    @staff("operator", "supervisor", "leader")
    def settle_hand_over(body: dict[str, Any], call: str, hand_over: str) -> Response:
        """登记转接结果（已用其他方式接通，或不再需要） (how a hand-over ended, by a person's word)"""
        done = hand_overs.settle(house, call, hand_over, body["taken"], body["how"], request_cause())
        return answer((200, done))


def _emergencies(desk: Blueprint, house: House) -> None:
    @desk.post("/cases/<number>/emergency")
    @desk.arguments(schemas.Raised)
    @staff("operator", "dispatcher", "leader", "supervisor")
    def raise_emergency(body: dict[str, Any], number: str) -> Response:
        """来信、来帖中发现险情：按紧急事件处置 (danger found in a case: the line is rung, all gates open)"""
        done = emergencies.raise_(house, number, body["line"], body["words"], request_cause())
        return answer((200, done))

    @desk.post("/cases/<number>/verification")
    @desk.arguments(schemas.Verified)
    @staff("operator", "supervisor")
    def verify_emergency(body: dict[str, Any], number: str) -> Response:
        """登记紧急事件核实结果 (whether an emergency is real)"""
        return answer((200, emergencies.verify(house, number, body["real"], request_cause())))

    @desk.post("/cases/<number>/reading")
    @desk.arguments(Schema)
    @staff("operator", "dispatcher", "leader", "supervisor")
    def mark_read(_body: dict[str, Any], number: str) -> Response:
        """已阅看来件 (somebody has read what came in)"""
        return answer((200, emergencies.read(house, number, request_cause())))

    @desk.get("/unread")
    @desk.arguments(Page, location="query")
    @staff("operator", "dispatcher", "leader", "supervisor")
    def list_unread(query: dict[str, Any]) -> Response:
        """尚无人阅看的来件 (what came in writing and nobody has read)"""
        return answer((200, emergencies.unread(house, request_actor(), query["skip"], query["limit"])))


def _misuse(desk: Blueprint, house: House) -> None:
    @desk.get("/misuse")
    @staff("supervisor", "leader", walls=False)
    def list_misuse() -> Response:
        """疑似滥用线路的号码标记 (numbers, by their marks, that call too often; a person decides)"""
        return answer((200, {"callers": misuse.proposed(house, request_actor())}))

    @desk.post("/callers/<caller>/incidents")
    @desk.arguments(schemas.Recorded)
    @staff("operator", "supervisor", "leader", walls=False)
    def record_incident(body: dict[str, Any], caller: str) -> Response:
        """登记滥用线路及劝导、报告、报警情况 (malicious calling is recorded, with what was done)"""
        done = misuse.record(house, caller, body["measure"], body["words"], request_cause())
        return answer((201, done))

    @desk.post("/callers/<caller>/limits")
    @desk.arguments(schemas.Limited)
    @staff("supervisor", "leader", walls=False)
    def limit_caller(body: dict[str, Any], caller: str) -> Response:
        """决定限制一个号码，须写明理由和期限 (limit a number, with reason and end)"""
        done = misuse.limit(house, caller, body["reason"], body["until"], request_cause())
        return answer((201, done))

    @desk.post("/callers/<caller>/limits/<limit>/lifting")
    @desk.arguments(schemas.Lifted)
    @staff("supervisor", "leader", walls=False)
    def lift_limit(body: dict[str, Any], caller: str, limit: str) -> Response:
        """提前解除限制 (lift a limit before its end)"""
        return answer((200, misuse.lift(house, caller, limit, body["reason"], request_cause())))


def _signed(house: House) -> Callable[[F], F]:
    """Only what the call centre signed, and signed now; counted when it is not."""

    def mark(view: F) -> F:
        @wraps(view)
        def checked(*given: Any, **named: Any) -> Any:
            moment, raw = request.headers.get(TIME_HEADER, ""), request.get_data(cache=True)
            path = request.full_path if request.query_string else request.path
            signed = request.headers.get(SIGNATURE_HEADER, "")
            right = is_right(house.settings.call_centre_secret, signed, request.method, path, moment, raw)
            if not (right and is_fresh(moment, house.base.machine_clock.now())):
                house.counts.unsigned.inc()
                raise WrongSignature(
                    "the request is not signed with the shared secret, or was signed too long ago"
                )
            return view(*given, **named)

        return checked  # type: ignore[return-value]

    return mark
