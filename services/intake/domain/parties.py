"""Who complains: people, legal persons and organisations, what they give, and how they are reached."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from huiyin.chassis.rulebook import Rulebook
from huiyin.contracts.events import CaseRole, Medium

Problem = tuple[str, str]
PartyKind = Literal["citizen", "legal_person", "organisation"]
#: Why somebody is helped, or reached in writing only (E-34).
Need = Literal["minor", "deaf", "speech", "blind", "language", "other"]

#: Of a legal person or organisation these are asked instead (E-26, S3-01); it is its own work unit.
_OF_ORGANISATION: Final[Mapping[str, str | None]] = {
    "occupation": "contact_person",
    "address": "registered_address",
    "work_unit": None,
}
_NOT_OF_CITIZEN: Final = ("contact_person", "registered_address")
#: Who cannot be spoken to by telephone (E-34).
_WRITTEN_ONLY: Final[frozenset[Need]] = frozenset({"deaf", "speech"})
#: Who cannot speak for themselves without somebody (E-34).
_HELPED: Final[frozenset[Need]] = frozenset({"minor", "language"})


@dataclass(frozen=True, kw_only=True)
class PartyForm:
    """One party as it told of itself; `identity` holds what was given, `not_given` what was refused.

    `consents`: the interested person lets what is private to them go to who reports for them (E-27).
    """

    role: CaseRole
    anonymous: bool
    identity: Mapping[str, str]
    kind: PartyKind = "citizen"
    not_given: Sequence[str] = ()
    needs: Sequence[Need] = ()
    consents: bool = False


def required(party: PartyForm, channel: str, book: Rulebook) -> list[str]:
    """What this party must be asked on this channel (X-17, E-26)."""
    asked = [name for name in book.required_fields(channel) if name != "time"]
    if party.kind == "citizen":
        return asked
    return [own for name in asked if (own := _OF_ORGANISATION.get(name, name))]


def problems(party: PartyForm, channel: str, book: Rulebook) -> Iterator[Problem]:
    """What of a party the rulebook does not take (X-16, X-17, S1-33, S2-15, S4-21, E-24, E-26, E-34)."""
    open_to_all = book.taking.ways[channel].open_to_all
    if party.anonymous and not (book.anonymous.accept or open_to_all):
        yield "anonymous", "本机构不受理匿名诉求"
    yield from of_kind(party.kind, party.identity)
    for name in party.not_given:
        if given(party.identity, name):
            yield "not_given", f"{name} 已填写，不能同时列为未提供"
    if _HELPED & set(party.needs) and not party.identity.get("helper_name") and not open_to_all:
        yield "helper_name", "未成年人或语言不通的诉求人，须登记协助人"
    if party.anonymous or party.role != "complainant" or open_to_all:
        return
    for name in required(party, channel, book):
        yield from _field(party, name, book)


def _field(party: PartyForm, name: str, book: Rulebook) -> Iterator[Problem]:
    """A field that is not there: refused to give, or forgotten to ask (E-24)."""
    if given(party.identity, name):
        return
    if name not in party.not_given:
        yield name, "本渠道必填；诉求人不愿提供的，请在 not_given 中列明"
    elif not book.anonymous.not_given_accepted:
        yield name, "本机构要求提供，不能登记为未提供"


def of_kind(kind: PartyKind, identity: Collection[str]) -> Iterator[Problem]:
    """What people have and organisations have not, and the other way round (E-26)."""
    foreign = _NOT_OF_CITIZEN if kind == "citizen" else ("occupation", "address")
    for name in foreign:
        if name in identity:
            yield name, "个人不登记此项" if kind == "citizen" else "法人和其他组织不登记此项"


def given(identity: Mapping[str, str], name: str) -> bool:
    """Whether this, or for `contact` any way to reach the party, was told."""
    if name == "contact":
        return any(reach(identity)[way] for way in ("phone", "email", "address"))
    return bool(identity.get(name))


def reach(identity: Mapping[str, str]) -> dict[str, str]:
    """How a party is reached: name, phone, email, address; by a helper who has the only telephone."""
    return {
        "name": identity.get("name", ""),
        "phone": identity.get("phone") or identity.get("helper_phone", ""),
        "email": identity.get("email", ""),
        "address": identity.get("address") or identity.get("registered_address", ""),
    }


def media_of(identity: Mapping[str, str], needs: Sequence[Need] = ()) -> tuple[Medium, ...]:
    """The media that reach somebody who gave this; who cannot hear is never rung up (E-34)."""
    ways: dict[Medium, str] = {"sms": "phone", "call": "phone", "mail": "email", "letter": "address"}
    found = reach(identity)
    silent = bool(_WRITTEN_ONLY & set(needs)) and "phone" in identity
    return tuple(medium for medium, name in ways.items() if found[name] and not (silent and medium == "call"))


def group_problems(
    parties: Sequence[PartyForm], interest: str, channel: str, book: Rulebook
) -> Iterator[Problem]:
    """Groups speak through few; on behalf of another means that the other is noted (E-27, E-28, S3-23)."""
    if book.taking.ways[channel].open_to_all:
        return
    speakers = sum(party.role == "representative" for party in parties)
    if speakers > book.taking.representatives:
        yield "parties", f"代表不得超过 {book.taking.representatives} 人，其余请登记为诉求人"
    if interest == "others" and not any(party.role == "interested" for party in parties):
        yield "parties", "代他人反映的，须登记利害关系人（role 为 interested）"
