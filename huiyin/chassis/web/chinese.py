"""What is wrong with a field, said in Chinese to whoever typed it in (S2-14)."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

#: A schema's own words.
OF_SCHEMA: Final[Mapping[str, str]] = {"type": "须为一组字段。", "unknown": "没有这一项。"}
_OF_FIELD: Final[Mapping[str, str]] = {
    "required": "必填。",
    "null": "不能为空。",
    "validator_failed": "填写有误。",
}
_INVALID: Final[tuple[tuple[type[fields.Field[Any]], str], ...]] = (
    (fields.Integer, "须为整数。"),
    (fields.Float, "须为数字。"),
    (fields.Boolean, "须为是或否（true、false）。"),
    (fields.DateTime, "须为带时区的时间，如 2024-09-27T10:00:00+08:00。"),
    (fields.Date, "须为日期，如 2024-09-27。"),
    (fields.List, "须为列表。"),
    (fields.Dict, "须为一组字段。"),
    (fields.String, "须为文字。"),
)


def speak(field: fields.Field[Any]) -> None:
    """Give a field, and the checks on it that have no words of their own, Chinese ones."""
    invalid = next((words for kind, words in _INVALID if isinstance(field, kind)), "填写有误。")
    field.error_messages |= {**_OF_FIELD, "invalid": invalid, "invalid_awareness": invalid}
    if isinstance(field, fields.Nested):
        field.error_messages |= {"type": "须为一组字段。"}
    for check in field.validators:
        _word(check)
    if isinstance(field, fields.List):
        speak(field.inner)


def _word(check: Any) -> None:
    if isinstance(check, validate.Email):
        check.error = "不是电子邮箱地址。"
    elif isinstance(check, validate.OneOf) and check.error == validate.OneOf.default_message:
        check.error = "可用：{choices}。"
    elif isinstance(check, validate.Length | validate.Range) and check.error is None:
        check.error = _bounds(check)


def _bounds(check: validate.Length | validate.Range) -> str:
    what = "长度" if isinstance(check, validate.Length) else ""
    if getattr(check, "equal", None) is not None:
        return f"{what}须为 {{equal}}。"
    low = "" if check.min is None else "不小于 {min}"
    high = "" if check.max is None else "不大于 {max}"
    return f"{what}须{'、'.join(words for words in (low, high) if words)}。"
