"""Intake by HTTP: taking down, looking at cases, the complainant's progress query."""

from huiyin.chassis.web import Blueprint
from services.intake.use_cases.house import House
from services.intake.web.custody import keeping
from services.intake.web.files import filing
from services.intake.web.looking import looking
from services.intake.web.progress import progress
from services.intake.web.taking import taking


def blueprint(house: House) -> Blueprint:
    """Intake's addresses."""
    desk = Blueprint("intake", __name__, description="登记、查询、档案")
    for part in (taking, looking, filing, keeping, progress):
        part(desk, house)
    return desk
