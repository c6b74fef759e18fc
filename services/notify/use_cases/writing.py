"""Writes a message at the moment it is sent or shown: identity and texts are fetched, never kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from huiyin.chassis.askers import open_sealed
from huiyin.chassis.asking import Refused
from huiyin.chassis.errors import Unavailable, no_such
from huiyin.chassis.rulebook import Template
from huiyin.chassis.steps import Actor
from huiyin.contracts.events import Medium
from huiyin.contracts.questions import CONTACT, GUIDANCE, HIDDEN, REPLY_TEXT, RESTRICTED, Question
from services.notify.domain import wording
from services.notify.domain.addressees import person_of, unit_of
from services.notify.domain.correspondence import Correspondence, Message
from services.notify.errors import NotDisclosed, NotWritable, Restricted
from services.notify.providers import Outgoing
from services.notify.use_cases.house import House

_CONTACT_FIELDS: Final = {"sms": "phone", "call": "phone", "mail": "email", "letter": "address"}


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who gets a message, and where; in memory only."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)
    #: To the progress of the case, where the message is to bring it.
    link: str = field(default="", repr=False)

    def by(self, medium: Medium) -> str:
        """Where the medium reaches them; empty when it does not."""
        found: str = getattr(self, _CONTACT_FIELDS[medium])
        return found


def contact(
    house: House,
    correspondence: Correspondence,
    message: Message,
    request: str,
    who: Actor | None = None,
) -> Contact:
    """The addressee's contact, for a person or to send it by machine: a party's comes from intake."""
    if message.addressee_kind != "party":
        return _unit_contact(house, correspondence, message)
    sealed = _ask(
        house,
        CONTACT,
        number=correspondence.number,
        party=message.addressee,
        purpose=f"deliver:{message.template}",
        request=request,
        asker="notify",
        **({"who": asdict(who)} if who else {}),
    )
    try:
        opened = open_sealed(house.key, sealed)
    except ValueError as wrong:
        raise Unavailable("联系方式无法解封，请管理员核对 notify 的密钥。") from wrong
    return Contact(**{one.name: str(opened.get(one.name) or "") for one in fields(Contact)})


def outgoing(house: House, correspondence: Correspondence, message: Message) -> Outgoing | None:
    """The message ready to leave; nothing when the medium does not reach the addressee after all."""
    attempt = message.current()
    found = contact(house, correspondence, message, attempt.reference)
    to = found.by(attempt.medium)
    if not to:
        return None
    subject, body = write(house, correspondence, message, found)
    return Outgoing(reference=attempt.reference, to=to, subject=subject, body=body)


def write(house: House, correspondence: Correspondence, message: Message, to: Contact) -> tuple[str, str]:
    """Subject and body in the office's words, in the addressee's language."""
    language = _language(house, correspondence, message)
    try:
        template = house.base.rulebooks.office(correspondence.office).template(message.template, language)
        params = _params(house, correspondence, message, to, language)
        return _worded(house, correspondence, message, template, params, language)
    except KeyError as missing:
        raise NotWritable(f"消息模板 {message.template} 不存在，或缺少参数 {missing}。") from missing


def _worded(
    house: House,
    correspondence: Correspondence,
    message: Message,
    template: Template,
    params: dict[str, str],
    language: str,
) -> tuple[str, str]:
    if message.current().medium != "sms":
        return template.render(params)
    book = house.base.rulebooks.version(correspondence.rulebook)
    signature, longest = book.notify.sms.signature, book.notify.sms.max_characters
    text = wording.sms(template, params, language=language, signature=signature, max_characters=longest)
    return "", text


def _params(
    house: House, correspondence: Correspondence, message: Message, to: Contact, language: str
) -> dict[str, str]:
    book = house.base.rulebooks.version(correspondence.rulebook)
    if _is_withheld(correspondence, message):
        told: Mapping[str, str] = wording.withheld(language)
    else:
        told = {"text": _texts(house, correspondence.number, message)} if message.text_of else {}
    return {
        **message.params,
        **told,
        **({"link": to.link} if to.link else {}),
        "addressee": wording.addressed(to.name, language),
        "office": book.office.name_en if language == "en" else book.office.name,
        "number": correspondence.number,
    }


def _is_withheld(correspondence: Correspondence, message: Message) -> bool:
    """Whether no content may stand in it: an SMS of a case of which anything is guarded (E-78)."""
    return message.current().medium == "sms" and any(one.guarded for one in correspondence.circle.matters)


def _texts(house: House, number: str, message: Message) -> str:
    names = (name.strip() for name in message.text_of.split(";"))
    return "\n".join(_text(house, number, name, message.addressee_kind) for name in names if name)


def _text(house: House, number: str, name: str, reader: str) -> str:
    kind, _, rest = name.partition(":")
    if kind == "guidance" and rest.isdecimal():
        guidance: str = _ask(house, GUIDANCE, subject=number, version=int(rest), reader=reader)
        return guidance
    order, _, reply = rest.rpartition(":")
    if kind != "reply" or not order or not reply.isdecimal():
        raise NotWritable(f"不认识的文本 {name}。")
    text: str = _ask(house, REPLY_TEXT, number=number, order=order, reply=int(reply))
    return text


def _ask(house: House, question: Question, **arguments: Any) -> Any:
    """The answer; Unavailable when there is none now, NotDisclosed or, for good, Restricted when refused.

    A person whom intake shuts out is told as everywhere else: there is no such case.
    """
    try:
        return house.base.asker.ask(question, **arguments)
    except Refused as refused:
        if refused.why == HIDDEN and "who" in arguments:
            raise no_such(arguments["number"]) from refused
        if refused.why == RESTRICTED:
            raise Restricted("应诉求人要求，其联系方式已限制使用，消息不再发送。") from refused
        raise NotDisclosed(f"{question.answerer} 服务拒绝提供，请联系管理员。") from refused


def _language(house: House, correspondence: Correspondence, message: Message) -> str:
    """A party's own language; the office's first for units and staff."""
    if message.addressee_kind == "party":
        return correspondence.language
    return house.base.rulebooks.office(correspondence.office).rulebook.office.languages[0]


def _unit_contact(house: House, correspondence: Correspondence, message: Message) -> Contact:
    folder = house.base.rulebooks.office(correspondence.office)
    language = _language(house, correspondence, message)
    if message.addressee_kind == "outside":
        name = wording.outside(message.addressee, language)
        return Contact(name=name, phone="", email="", address=name)
    unit = unit_of(correspondence, message, folder, house.now())
    if unit is None:
        return Contact(name="", phone="", email="", address="")
    person = person_of(correspondence, message, folder, house.now())
    name = person.name if person else (unit.name_en if language == "en" else unit.name)
    return Contact(name=name, phone=unit.phone, email=unit.email or "", address=unit.name)
