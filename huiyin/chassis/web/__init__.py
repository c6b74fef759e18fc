"""The web every service stands on: access, bodies, causes, problems and documents."""

from huiyin.chassis.web.access import ViewAccess, access_list, public, staff
from huiyin.chassis.web.app import create_app
from huiyin.chassis.web.audit import audit_desk
from huiyin.chassis.web.bodies import accepts
from huiyin.chassis.web.causes import request_actor, request_cause
from huiyin.chassis.web.history import history_desk
from huiyin.chassis.web.ledger import ledger_desk
from huiyin.chassis.web.masters import masters_desk
from huiyin.chassis.web.problems import answer
from huiyin.chassis.web.rates import client_address, uncounted
from huiyin.chassis.web.records import Record, audited
from huiyin.chassis.web.schemas import Blueprint, QuerySchema, Schema
from huiyin.chassis.web.vault import vault_desk
from huiyin.chassis.web.waiting import waiting_desk

__all__ = [
    "Blueprint",
    "QuerySchema",
    "Record",
    "Schema",
    "ViewAccess",
    "accepts",
    "access_list",
    "answer",
    "audit_desk",
    "audited",
    "client_address",
    "create_app",
    "history_desk",
    "ledger_desk",
    "masters_desk",
    "public",
    "request_actor",
    "request_cause",
    "staff",
    "uncounted",
    "vault_desk",
    "waiting_desk",
]
