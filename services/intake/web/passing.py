"""Passing a case on to another office of this platform."""

from typing import Any

from flask import Response

from huiyin.chassis.web import Blueprint, answer, request_cause, staff
from services.intake.schemas.passing import Passing
from services.intake.use_cases import passing as use_cases
from services.intake.use_cases.house import House


def passing(desk: Blueprint, house: House) -> None:
    """Where a case goes on to another office."""

    @desk.post("/cases/<number>/passing")
    @desk.arguments(Passing)
    @staff("operator", "dispatcher")
    def pass_on(body: dict[str, Any], number: str) -> Response:
        """转往另一机构：原收件时间不变，由其另行编号计时 (pass a case on to another office)"""
        done = use_cases.pass_on(house, number, body["wanted"], body["reason"], request_cause())
        return answer((202, done))
