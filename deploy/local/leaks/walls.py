"""The walls that are put round cases: as they are taken down, in mid-course, or once they are archived.

Each names somebody where its act takes words. A case gets the wall of its turn, so that walls and courses
meet as they stand here. Where nobody is above the accused, an accusation leaves on paper (E-71).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deploy.local.desks import Desks
from deploy.local.leaks.planting import Crowd
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.client.line import Json, Refused, until
from huiyin.contracts.roles import Role

#: Whoever serves in an accused unit finds no case: then another of these is asked.
_TOLD_THE_CIRCLE: Final[tuple[Role, ...]] = ("auditor", "custodian", "supervisor", "dispatcher", "leader")

#: What the matter says of it at registration; the unit is the one that would get the order.
Told = Callable[[OfficeFolder, str], Json]
Act = Callable[[Desks, str, Crowd], None]


def _nothing_told(_folder: OfficeFolder, _unit: str) -> Json:
    return {}


def _nothing(_desks: Desks, _number: str, _crowd: Crowd) -> None:
    pass


@dataclass(frozen=True)
class Wall:
    """What is told at registration, done when units have replied, done in the archive."""

    name: str
    told: Told = _nothing_told
    midway: Act = _nothing
    archived: Act = _nothing


NO_WALL: Final = Wall("none")


# -- at registration ---------------------------------------------------------------------------


def _accuses_staff(folder: OfficeFolder, _unit: str) -> Json:
    """Somebody of the office, who is not the one that takes it down."""
    return {"accused": {"people": [folder.holders("operator")[1].subject], "units": []}}


def _accuses_member(folder: OfficeFolder, unit: str) -> Json:
    """Somebody who serves in the unit that would get the order."""
    subject = next(p.subject for p in folder.holders("unit") if p.unit == unit)
    return {"accused": {"people": [subject], "units": []}}


def _accuses_unit(_folder: OfficeFolder, unit: str) -> Json:
    return {"accused": {"people": [], "units": [unit]}}


def _confidential(_folder: OfficeFolder, _unit: str) -> Json:
    return {"confidential": True}


# -- in mid-course -----------------------------------------------------------------------------


def _accused_late(desks: Desks, number: str, _crowd: Crowd) -> None:
    """Of a unit that has the order, and has replied (E-73)."""
    body = {"matter": "m1", "people": [], "units": [_lead(desks, number)]}
    desks.role("supervisor").post("intake", f"/cases/{number}/circle/accused", body)


def _confidential_late(desks: Desks, number: str, _crowd: Crowd) -> None:
    """The complainant asks for it (E-80)."""
    desks.role("operator").post("intake", f"/cases/{number}/circle/confidentiality", {"matter": "m1"})


def _recused_late(desks: Desks, number: str, _crowd: Crowd) -> None:
    """The unit that has the order declares a conflict; one of the call-back desk does so, too (E-75)."""
    desks.unit(_lead(desks, number)).post("intake", f"/cases/{number}/circle/recusals", {})
    body = {"people": [], "units": [_lead(desks, number)]}
    desks.role("supervisor").post("intake", f"/cases/{number}/circle/recusals", body)


def _approved(desks: Desks, number: str, crowd: Crowd) -> None:
    """The organisation consents to a transfer; where no approval lifts the ban, nobody can ask for it."""
    path, unit = f"/cases/{number}/circle", circle_of(desks, number)[0]["accused"]["units"][0]
    leader = desks.member(desks.folder.holders("leader")[1].subject)
    try:
        asked = desks.role("dispatcher").post(
            "intake", f"{path}/approval-requests", {"matter": "m1", "unit": unit}
        )
        text = f"同意移送一次。{crowd.named('approval')}"
        leader.post("intake", f"{path}/approvals", {"request": asked["request"], "text": text})
    except Refused:
        if desks.folder.rulebook.accusation.override != "none":
            raise


def _identity_granted(desks: Desks, number: str, crowd: Crowd) -> None:
    """One request is granted and used, one is refused, one waits."""
    path, custodian = f"/cases/{number}/identity-requests", desks.role("custodian")
    asked = {}
    for asker in (desks.role("callback"), desks.role("supervisor"), desks.role("dispatcher")):
        reason = f"须当面核实。{crowd.named('identity request')}"
        asked[asker.role] = asker.post("intake", path, {"reason": reason})["id"]
    grant = {"hours": 720, "note": f"同意。{crowd.named('identity grant')}"}
    custodian.post("intake", f"{path}/{asked['callback']}/grant", grant)
    refusal = {"note": f"不同意。{crowd.named('identity refusal')}"}
    custodian.post("intake", f"{path}/{asked['supervisor']}/refusal", refusal)
    custodian.get("intake", "/identity-requests")
    desks.role("callback").get("intake", f"/cases/{number}/identity")


def _corrected(desks: Desks, number: str, crowd: Crowd) -> None:
    """Another one was meant: name and contact of a party are corrected (E-35)."""
    person, operator = crowd.next("corrected contact"), desks.role("operator")
    case = operator.get("intake", f"/cases/{number}")
    party = case["parties"][0]["id"]
    told = {"name": person.name, "phone": person.mobile, "email": person.email, "address": person.address}
    told["based_on"] = case["revision"]
    crowd.parties[number].append(person)
    operator.post("intake", f"/cases/{number}/parties/{party}/contact", told)


def _restricted(desks: Desks, number: str, crowd: Crowd) -> None:
    """At a person's request the view is restricted (E-35)."""
    why = f"应本人要求。{crowd.named('restriction')}"
    desks.role("custodian").post("intake", f"/cases/{number}/restriction", {"why": why})


def _restricted_midway(desks: Desks, number: str, crowd: Crowd) -> None:
    """Of who wrote a letter; for an SMS, notify asks half an hour of the machine's for the contact."""
    if desks.case(number)["channel"] == "letter":
        _restricted(desks, number, crowd)


# -- in the archive ----------------------------------------------------------------------------


def _opened(desks: Desks, number: str, crowd: Crowd) -> None:
    """A custodian opens who complained."""
    reason = f"核实身份。{crowd.named('custodian')}"
    desks.role("custodian").post("intake", f"/cases/{number}/identity", {"reason": reason})


def _lead(desks: Desks, number: str) -> str:
    """The unit that has the case's first order."""
    unit: str = until(lambda: desks.handling(number)["orders"])[0]["unit"]
    return unit


def circle_of(desks: Desks, number: str) -> list[Json]:
    """The circle of every matter, as the first of the office tells it who is not shut out themselves."""
    for role in _TOLD_THE_CIRCLE:
        try:
            matters: list[Json] = desks.role(role).get("intake", f"/cases/{number}/circle")["matters"]
        except Refused as refused:
            shut_out = refused
        else:
            return matters
    raise shut_out


#: Case by case; beside each the course that it meets (`office.COURSES`).
WALLS: Final[tuple[Wall, ...]] = (
    Wall("confidential at registration", told=_confidential),  # ordinary
    Wall("identity granted", midway=_identity_granted),  # given back
    Wall("accused learned late", midway=_accused_late),  # sent back
    Wall("restricted in mid-course", midway=_restricted_midway),  # more time
    Wall("accused unit and approval", told=_accuses_unit, midway=_approved),  # no more time
    Wall("restricted in mid-course", midway=_restricted_midway),  # late
    Wall("accused of the staff", told=_accuses_staff),  # handled again
    Wall("confidential late", midway=_confidential_late),  # upheld
    Wall("recused late", midway=_recused_late),  # unreachable
    Wall("identity granted", midway=_identity_granted),  # declines
    Wall("opened in the archive", archived=_opened),  # withdrawn
    Wall("restricted in the archive", archived=_restricted),  # on the spot
    Wall("accused person of the unit", told=_accuses_member),  # ordinary
    Wall("contact corrected", midway=_corrected),  # given back
    Wall("recused late", midway=_recused_late),  # sent back
    Wall("accused learned late", midway=_accused_late),  # more time
)
