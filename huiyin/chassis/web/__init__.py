"""The web every service stands on: access, bodies, causes, problems and documents."""

from huiyin.chassis.web.access import ViewAccess, access_list, public, staff
from huiyin.chassis.web.app import create_app
from huiyin.chassis.web.bodies import accepts
from huiyin.chassis.web.causes import request_actor, request_cause
from huiyin.chassis.web.history import history_desk
from huiyin.chassis.web.ledger import ledger_desk
from huiyin.chassis.web.masters import masters_desk
from huiyin.chassis.web.problems import OnRefusal, answer
from huiyin.chassis.web.schemas import Blueprint, QuerySchema, Schema
from huiyin.chassis.web.vault import vault_desk
from huiyin.chassis.web.waiting import waiting_desk

__all__ = [
    "Blueprint",
    "OnRefusal",
    "QuerySchema",
    "Schema",
    "ViewAccess",
    "accepts",
    "access_list",
    "answer",
    "create_app",
    "history_desk",
    "ledger_desk",
    "masters_desk",
    "public",
    "request_actor",
    "request_cause",
    "staff",
    "vault_desk",
    "waiting_desk",
]
