"""The shape of the question by which rules a case is decided."""

from marshmallow import fields

from huiyin.chassis.web import QuerySchema
from services.intake.schemas.values import ID


class RulesOf(QuerySchema):
    """Whose rules: a case's, or without a case those that hold for new ones."""

    case = fields.String(load_default=None, validate=ID)
