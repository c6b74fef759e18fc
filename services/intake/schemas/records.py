"""The shapes of the seven records: which one, of whom, from when until when."""

from marshmallow import fields, validate
from webargs.fields import DelimitedList

from services.intake.schemas.values import ID, Page


class RecordPeriod(Page):
    """Of one department or of the office, from `since` on and before `until`; letters and visits by default.

    `form=page` answers a page to be printed.
    """

    unit = fields.String(load_default=None, validate=ID)
    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    channels = DelimitedList(
        fields.String(validate=ID), load_default=("letter", "visit"), validate=validate.Length(min=1, max=20)
    )
    form = fields.String(load_default="rows", validate=validate.OneOf(("rows", "page")))
