"""Intake by HTTP: taking down, looking at cases, the complainant's progress query."""

from huiyin.chassis.web import Blueprint
from services.intake.use_cases.house import House
from services.intake.web.afterwards import correcting, receiving
from services.intake.web.alike import likening
from services.intake.web.archive import archiving
from services.intake.web.circle import encircling
from services.intake.web.custody import keeping
from services.intake.web.desk import drafting, keeping_book
from services.intake.web.disclosing import disclosing
from services.intake.web.enclosures import enclosing, returning, safekeeping
from services.intake.web.files import filing, quarantining
from services.intake.web.knowledge import knowing
from services.intake.web.looking import looking
from services.intake.web.passing import passing
from services.intake.web.progress import progress
from services.intake.web.records import recording
from services.intake.web.rules import rules
from services.intake.web.sorting import sorting
from services.intake.web.suggesting import suggesting
from services.intake.web.taking import taking
from services.intake.web.telephony import telephony

_PARTS = (
    taking,
    sorting,
    likening,
    drafting,
    keeping_book,
    correcting,
    receiving,
    looking,
    filing,
    encircling,
    keeping,
    disclosing,
    passing,
    progress,
    telephony,
    enclosing,
    safekeeping,
    returning,
    quarantining,
    archiving,
    recording,
    knowing,
    suggesting,
    rules,
)


def blueprint(house: House) -> Blueprint:
    """Intake's addresses."""
    desk = Blueprint("intake", __name__, description="登记、查询、档案")
    for part in _PARTS:
        part(desk, house)
    return desk
