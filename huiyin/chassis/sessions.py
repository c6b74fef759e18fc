"""Who is let in: a true token that was not revoked, of somebody who is in office as it says."""

from collections.abc import Callable
from datetime import datetime

from huiyin.chassis.errors import Forbidden, NotFound, Unavailable
from huiyin.chassis.revocations import Revocations
from huiyin.chassis.rulebook import OfficeFolder
from huiyin.chassis.steps import Actor
from huiyin.chassis.tokens import Tokens, actor_of


class NotInOffice(Forbidden):
    """A true token of somebody who is not, or no more, what it says (E-84); `who` tried."""

    def __init__(self, who: Actor, detail: str) -> None:
        super().__init__(detail)
        self.who = who


class Sessions:
    """A sign-in says who somebody is; the office's directory says what he may still do (E-84)."""

    def __init__(
        self,
        tokens: Tokens,
        revocations: Revocations,
        office: Callable[[str], OfficeFolder],
        office_now: Callable[[], datetime],
    ) -> None:
        self._tokens, self._revocations = tokens, revocations
        self._office, self._now = office, office_now

    def verify(self, bearer: str) -> Actor:
        """The member of staff, of the unit that the directory says; Unauthenticated or Forbidden."""
        claims = self._tokens.claims(bearer)
        self._revocations.check(claims)
        return self._in_office(actor_of(claims))

    def problem(self) -> str | None:
        """Why nobody can be let in now; a readiness check."""
        try:
            self._revocations.load()
        except Unavailable as wrong:
            return wrong.detail
        return self._tokens.problem()

    def _in_office(self, who: Actor) -> Actor:
        try:
            person = self._office(who.office).member(who.subject, self._now())
        except NotFound:
            person = None
        if person is None:
            raise NotInOffice(who, "您不在本机构人员名录中，或已离任。请机构管理员核对名录。")
        if who.role not in person.roles or who.unit not in ("", person.unit):
            raise NotInOffice(who, "名录中您的角色或单位与登录信息不符，可能已调整。请重新登录或联系管理员。")
        return Actor(subject=who.subject, role=who.role, office=who.office, unit=person.unit)
