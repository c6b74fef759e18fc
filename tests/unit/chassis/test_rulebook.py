"""Rulebooks: what the two offices say, and that whatever is wrong is refused by file and key."""

import shutil
from pathlib import Path

import pytest

from huiyin.chassis.errors import WrongSetting
from huiyin.chassis.rulebook import OfficeFolder, Rulebook, Template, Term, dump, load_offices, restore
from huiyin.chassis.rulebook.shape import keys, unread_keys

OFFICES = Path(__file__).parents[3] / "deploy" / "offices"


@pytest.fixture(scope="module")
def offices() -> dict[str, OfficeFolder]:
    return load_offices(OFFICES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "offices"
    shutil.copytree(OFFICES, target)
    return target


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(WrongSetting) as wrong:
        load_offices(folder)
    return str(wrong.value)


@pytest.mark.clause("X-01", "X-04", "S4-34")
def test_the_mayors_line_has_one_limit_from_the_assignment(offices: dict[str, OfficeFolder]) -> None:
    mayor = offices["mayors-line"].rulebook
    assert mayor.limit_of("ordinary") == mayor.limit_of("difficult") == Term(amount=7, unit="wd")
    assert mayor.deadline.start == "assigned"


@pytest.mark.parametrize(
    ("difficulty", "limit"),
    [
        pytest.param("ordinary", Term(amount=15, unit="wd"), marks=pytest.mark.clause("X-01", "S2-31")),
        pytest.param("complex", Term(amount=2, unit="month"), marks=pytest.mark.clause("X-02", "S2-32")),
        pytest.param("legacy", Term(amount=3, unit="month"), marks=pytest.mark.clause("X-02", "S2-33")),
    ],
)
def test_the_centre_has_a_limit_for_each_difficulty_from_the_acceptance(
    offices: dict[str, OfficeFolder], difficulty: str, limit: Term
) -> None:
    centre = offices["community-centre"].rulebook
    assert centre.limit_of(difficulty) == limit
    assert centre.deadline.start == "accepted"


@pytest.mark.clause("XI-04", "S2-63")
def test_ordinary_letters_of_the_centre_run_from_receipt_by_the_unit(
    offices: dict[str, OfficeFolder],
) -> None:
    letter = offices["community-centre"].rulebook.deadline.by_channel["letter"]
    assert (letter.term, letter.start, letter.classes) == (
        Term(amount=15, unit="wd"),
        "unit_received",
        ("ordinary",),
    )


@pytest.mark.clause("X-06", "S4-37")
def test_only_the_mayors_line_grants_more_time(offices: dict[str, OfficeFolder]) -> None:
    mayor, centre = (offices[name].rulebook for name in ("mayors-line", "community-centre"))
    assert mayor.extension.allowed
    assert mayor.extension.cap == Term(amount=30, unit="wd")
    assert not centre.extension.allowed


@pytest.mark.clause("X-08", "X-09", "S2-35")
def test_only_the_centre_urges_before_and_lets_a_leader_read_first(offices: dict[str, OfficeFolder]) -> None:
    mayor, centre = (offices[name].rulebook for name in ("mayors-line", "community-centre"))
    assert mayor.urge.before is None
    assert centre.urge.before == Term(amount=3, unit="day")
    assert (mayor.dispatch.leader_gate, centre.dispatch.leader_gate) == ("none", "all")


@pytest.mark.clause("X-07", "S4-42")
def test_past_the_limit_the_offices_act_differently(offices: dict[str, OfficeFolder]) -> None:
    assert "explain_to_assigner" in offices["community-centre"].rulebook.overdue.actions
    assert "written_supervision" in offices["mayors-line"].rulebook.overdue.actions


@pytest.mark.clause("X-34", "E-19")
def test_consumer_complaints_have_seven_days_that_nobody_extends(offices: dict[str, OfficeFolder]) -> None:
    consumer = offices["mayors-line"].rulebook.legal_class["consumer"]
    assert consumer.term == Term(amount=7, unit="wd")
    assert consumer.start == "unit_received"
    assert not consumer.extendable


@pytest.mark.clause("S2-42", "S4-44", "E-105")
def test_the_six_criteria_are_judged_and_the_mayors_two_before_them(offices: dict[str, OfficeFolder]) -> None:
    six = ["facts", "characterisation", "policy", "formalities", "met", "persuasion"]
    centre = offices["community-centre"].rulebook.review.criteria
    mayor = offices["mayors-line"].rulebook.review.criteria
    assert [criterion.id for criterion in centre] == six
    assert [criterion.id for criterion in mayor] == ["serious", "to_requirements", *six]
    assert [c.id for c in centre if c.may_be_not_applicable] == ["met", "persuasion"]


@pytest.mark.clause("X-17", "S2-15", "S4-21")
def test_required_fields_are_the_offices_and_the_channels(offices: dict[str, OfficeFolder]) -> None:
    centre = offices["community-centre"].rulebook
    assert centre.required_fields("visit") == ("name", "work_unit", "occupation", "address")
    assert "phone" in offices["mayors-line"].rulebook.required_fields("call")


@pytest.mark.clause("S4-19", "S3-43")
def test_the_nearest_catalogue_entry_is_chosen(offices: dict[str, OfficeFolder]) -> None:
    book = offices["mayors-line"].rulebook
    units = {
        area: [entry.unit for entry in book.candidates("city_order/stalls", area)]
        for area in ("990103001", "990101001", "990101002")
    }
    assert units == {
        "990103001": ["urban_management"],
        "990101001": ["zhonggu"],
        "990101002": ["chenzhong_street"],
    }


@pytest.mark.clause("E-60")
def test_the_catalogues_hold_a_gap_and_an_ambiguous_pair(offices: dict[str, OfficeFolder]) -> None:
    mayor, centre = (offices[name].rulebook for name in ("mayors-line", "community-centre"))
    assert mayor.candidates("animals/stray", "990101001") == ()
    assert len(mayor.candidates("environment/construction_noise", "990101001")) == 2
    assert centre.candidates("pets/dogs", "990102002001") == ()
    assert len(centre.candidates("culture/noise", "990102002001")) == 2


def test_a_category_prefix_ends_at_a_slash(offices: dict[str, OfficeFolder]) -> None:
    entry = next(e for e in offices["mayors-line"].rulebook.catalogue if e.category == "health")
    assert entry.fits("health/hospital", "990101")
    assert not entry.fits("healthy/hospital", "990101")


@pytest.mark.parametrize(
    ("office", "entries", "units"), [("mayors-line", 40, 15), ("community-centre", 25, 8)]
)
def test_the_catalogues_are_large_enough_to_be_of_use(
    offices: dict[str, OfficeFolder], office: str, entries: int, units: int
) -> None:
    catalogue = offices[office].rulebook.catalogue
    assert len(catalogue) >= entries
    assert len(offices[office].units) >= units
    assert len({entry.category for entry in catalogue}) >= 12
    assert any(entry.assisting for entry in catalogue)


@pytest.mark.clause("E-126")
def test_every_mandatory_role_is_held(offices: dict[str, OfficeFolder]) -> None:
    for office in offices.values():
        held = {role for person in office.people.values() for role in person.roles}
        assert held >= set(office.rulebook.roles.mandatory)


@pytest.mark.clause("E-122")
def test_a_kept_version_comes_back_with_the_same_content_and_hash(offices: dict[str, OfficeFolder]) -> None:
    for office in offices.values():
        again = restore(dump(office.rulebook))
        assert again == office.rulebook
        assert again.hash == office.rulebook.hash
        assert len(again.hash) == 64


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rulebook.yaml", "amount: 7, unit: wd} # X-01", "amount: 8, unit: wd} # X-01"),
        ("catalogue.yaml", "unit: water_company", "unit: water_affairs"),
    ],
)
def test_the_hash_changes_with_the_rules_and_with_the_catalogue(
    folder: Path, offices: dict[str, OfficeFolder], file: str, old: str, new: str
) -> None:
    edit(folder / "mayors-line" / file, old, new)
    changed = load_offices(folder)
    assert changed["mayors-line"].rulebook.hash != offices["mayors-line"].rulebook.hash
    assert changed["community-centre"].rulebook.hash == offices["community-centre"].rulebook.hash


def test_comments_and_people_do_not_change_the_hash(folder: Path, offices: dict[str, OfficeFolder]) -> None:
    edit(folder / "mayors-line" / "rulebook.yaml", "# X-01, S4-34", "# another remark")
    edit(folder / "mayors-line" / "people.yaml", "何晓听", "何小听")
    assert load_offices(folder)["mayors-line"].rulebook.hash == offices["mayors-line"].rulebook.hash


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "rulebook.yaml",
            "{amount: 7, unit: wd} # X-01",
            "{amount: seven, unit: wd} # X-01",
            "mayors-line/rulebook.yaml: deadline.general.amount: Not a valid integer",
        ),
        (
            "rulebook.yaml",
            "{amount: 7, unit: wd} # X-01",
            '{amount: "7", unit: wd} # X-01',
            "mayors-line/rulebook.yaml: deadline.general.amount: Not a valid integer",
        ),
        (
            "rulebook.yaml",
            "{amount: 7, unit: wd} # X-01",
            "{amount: 0, unit: wd} # X-01",
            "deadline.general.amount: Must be",
        ),
        (
            "rulebook.yaml",
            "{amount: 7, unit: wd} # X-01",
            "{amount: 7, unit: week} # X-01",
            "deadline.general.unit: Must be one",
        ),
        (
            "rulebook.yaml",
            "start: assigned # X-04, S4-34",
            "start: assigned\n  kept: x",
            "deadline.kept: Unknown field",
        ),
        ("rulebook.yaml", "start: assigned # X-04, S4-34", "# no start", "deadline.start: Missing data"),
        (
            "rulebook.yaml",
            "allowed: true # X-06",
            'allowed: "no" # X-06',
            "extension.allowed: Not a valid boolean",
        ),
        (
            "rulebook.yaml",
            "classes: {} # X-02",
            "classes: {hard: {amount: x, unit: wd}} # X-02",
            "deadline.classes.hard.amount: Not",
        ),
        (
            "rulebook.yaml",
            "classes: {} # X-02",
            "classes: {hard: {amount: 9, unit: wd}} # X-02",
            "deadline.classes.hard: hard is no difficulty",
        ),
        (
            "rulebook.yaml",
            "code: M,",
            "code: D,",
            "intake.channels: The code D stands for more than one channel",
        ),
        ("rulebook.yaml", "code: M,", "code: m,", "intake.channels.mailbox.code: Not one capital letter"),
        (
            "rulebook.yaml",
            "cap: {amount: 30, unit: wd} # X-06",
            "cap: null # X-06",
            "extension.cap: Needed when",
        ),
        (
            "rulebook.yaml",
            "cap: {amount: 30, unit: wd} # X-06",
            "cap: {amount: 7, unit: wd} # X-06",
            "extension.cap: Not longer",
        ),
        ("rulebook.yaml", "approver: supervisor # S4", "approver: null # S4", "extension.approver: Needed"),
        (
            "rulebook.yaml",
            "not_for: [consumer,",
            "not_for: [gold,",
            "extension.not_for.gold: gold is no legal class",
        ),
        ("rulebook.yaml", "new_limit: {amount: 3, unit: wd}", "new_limit: null", "overdue.new_limit: Needed"),
        ("rulebook.yaml", "general: {amount: 7, unit: wd}", "general: null", "deadline.general: Without it"),
        ("rulebook.yaml", "leader_gate: none", "leader_gate: flagged", "dispatch.gate_flags: Needed"),
        ("rulebook.yaml", "gate_flags: []", "gate_flags: [odd]", "dispatch.gate_flags.odd: odd is no flag"),
        ("rulebook.yaml", "{id: to_requirements,", "{id: serious,", "review.criteria: serious stands twice"),
        ("rulebook.yaml", "web: unit}", "fax: unit}", "reply.owner.fax: fax is no channel"),
        (
            "rulebook.yaml",
            "timezone: Asia/Shanghai",
            "timezone: Asia/Nowhere",
            "office.timezone: 'Asia/Nowhere'",
        ),
        ("rulebook.yaml", 'at: "09:00"', 'at: "9 o\'clock"', "urge.at: Not a time of day"),
        ("rulebook.yaml", "id: mayors-line", "id: lord-mayor", "office.id: Not the name of its folder"),
        ("rulebook.yaml", "urge:\n", "urge: {}\nurge:\n", ": urge: written twice"),
        ("rulebook.yaml", "urge:\n", "urge: [\n", "mayors-line/rulebook.yaml: line "),
        ("rulebook.yaml", "code: SZ", "code: BF", "office.code: community-centre uses it too"),
        ("rulebook.yaml", 'from: "21:00"', 'von: "21:00"', "notify.quiet_hours.von: Unknown field"),
        (
            "catalogue.yaml",
            "unit: water_company",
            "unit: nobody",
            "catalogue.yaml: ml-033.unit: nobody is not in units.yaml",
        ),
        (
            "catalogue.yaml",
            "assisting: [water_affairs]",
            "assisting: [ghosts]",
            "ghosts is not in units.yaml",
        ),
        (
            "catalogue.yaml",
            "category: municipal/road",
            "category: municipal/sky",
            "municipal/sky is not in categories.yaml",
        ),
        ("rulebook.yaml", "places: [小区", "places: [小 区", "rulebook.yaml: incident.places: Not a word"),
        ("rulebook.yaml", "places: [小区", 'places: [""', "rulebook.yaml: incident.places: Not a word"),
        ("catalogue.yaml", 'area: "990101"', 'area: "88"', "88 is not in areas.yaml"),
        ("catalogue.yaml", "id: ml-002", "id: ml-001", "catalogue.yaml: ml-001: Stands twice"),
        ("categories.yaml", "animals/stray", "beasts/stray", "categories.beasts/stray: Its upper category"),
        (
            "units.yaml",
            "parent: zhonggu",
            "parent: atlantis",
            "units.yaml: chenzhong_street.parent: atlantis",
        ),
        (
            "units.yaml",
            "leader: ml-leader-1",
            "leader: ml-none",
            "units.yaml: city_government.leader: ml-none",
        ),
        ("units.yaml", "parent: null", "parent: duty_room", "duty_room.parent: It stands above itself"),
        ("units.yaml", "type: superior", "type: club", "units.yaml: units.0.type: Must be one of"),
        (
            "people.yaml",
            "roles: [custodian]",
            "roles: [operator]",
            "people.yaml: roles.custodian: Nobody holds",
        ),
        (
            "people.yaml",
            "roles: [auditor]",
            "roles: [king]",
            "people.yaml: people.14.roles.0: Must be one of",
        ),
        (
            "people.yaml",
            "unit: market_regulation",
            "unit: mars",
            "people.yaml: ml-unit-market-head.unit: mars",
        ),
        ("templates/zh/order_urged.txt", "$slip", "$who", "templates: zh/order_urged.txt: Nobody gives $who"),
        ("templates/en/order_urged.txt", "subject: ", "", "templates/en/order_urged.txt: The first line"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(folder / "mayors-line" / file, old, new)
    assert message in refusal(folder)


def test_urging_without_any_deadline_is_refused(folder: Path) -> None:
    path = folder / "mayors-line" / "rulebook.yaml"
    edit(path, "general: {amount: 7, unit: wd}", "general: null")
    edit(path, "before: null", "before: {amount: 3, unit: day}")
    assert "urge.before: There is no deadline to urge before" in refusal(folder)


@pytest.mark.parametrize("name", ["units.yaml", "people.yaml", "catalogue.yaml", "rulebook.yaml"])
def test_a_missing_file_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / "mayors-line" / name).unlink()
    assert f"mayors-line/{name}: cannot be read" in refusal(folder)


def test_a_missing_template_is_refused_by_name(folder: Path) -> None:
    (folder / "mayors-line" / "templates" / "en" / "case_registered.txt").unlink()
    assert "mayors-line/templates: en/case_registered.txt: Missing" in refusal(folder)


@pytest.mark.parametrize(
    ("office", "file", "old", "new", "refused"),
    [
        (
            "community-centre",
            "rulebook.yaml",
            'from: "09:00", to: "17:00"',
            'from: "22:00", to: "06:00"',
            "intake.hours.visit: An opening ends on the day it begins",
        ),
        (
            "community-centre",
            "rulebook.yaml",
            '[{from: "09:00", to: "17:00", days: working}]',
            "[]",
            "intake.hours.visit: It would never be looked at",
        ),
        (
            "community-centre",
            "rulebook.yaml",
            "visit: window,",
            "visit: relief,",
            "intake.windows.visit: Nobody takes complaints down in relief",
        ),
        (
            "city-hotline",
            "people.yaml",
            "roles: [admin], unit: hotline",
            "roles: [admin], unit: service_department",
            "ci-admin-1.roles: admin is held in hotline alone",
        ),
        (
            "city-hotline",
            "people.yaml",
            "roles: [admin], unit: hotline",
            "roles: [admin, rulebook], unit: hotline",
            "ci-admin-1.roles: rulebook is held in service_department alone",
        ),
    ],
)
def test_hours_windows_and_the_places_of_roles_are_checked(
    folder: Path, office: str, file: str, old: str, new: str, refused: str
) -> None:
    """X-20, S2-01, S3-11, S3-52."""
    edit(folder / office / file, old, new)
    assert refused in refusal(folder)


def test_all_errors_of_a_file_are_told_at_once(folder: Path) -> None:
    path = folder / "mayors-line" / "rulebook.yaml"
    edit(path, "{amount: 7, unit: wd} # X-01", "{amount: seven, unit: week} # X-01")
    edit(path, "start: assigned # X-04, S4-34", "start: someday # X-04")
    assert len(refusal(folder).splitlines()) == 3


def test_a_template_fills_in_its_parameters_and_names_one_that_is_missing(
    offices: dict[str, OfficeFolder],
) -> None:
    template = offices["mayors-line"].template("case_registered", "zh")
    subject, body = template.render({"addressee": "柳先生", "number": "SZD2024-1", "office": "值班室"})
    assert subject == "诉求已登记"
    assert "SZD2024-1" in body
    with pytest.raises(KeyError, match="number"):
        template.render({"addressee": "柳先生", "office": "值班室"})


def test_an_unknown_language_falls_back_to_the_first_of_the_office(offices: dict[str, OfficeFolder]) -> None:
    office = offices["mayors-line"]
    assert office.template("case_registered", "fr") == office.template("case_registered", "zh")
    assert office.template("case_registered", "en") != office.template("case_registered", "zh")


def test_a_template_knows_its_parameters() -> None:
    assert Template("$number", "to $addressee\n").params == {"number", "addressee"}


def test_every_key_of_every_section_is_listed_with_its_readers() -> None:
    listed = keys()
    assert len(listed) > 120
    assert {"deadline.general", "urge.before", "legal_class", "catalogue", "review.criteria"} <= listed.keys()
    assert unread_keys() == [key for key, readers in listed.items() if not readers]


def test_a_rulebook_cannot_be_changed(offices: dict[str, OfficeFolder]) -> None:
    book: Rulebook = offices["mayors-line"].rulebook
    with pytest.raises(AttributeError):
        book.deadline.start = "accepted"  # type: ignore[misc]


def test_a_template_that_nobody_sends_is_refused_by_name(folder: Path) -> None:
    templates = folder / "mayors-line" / "templates" / "zh"
    (templates / "case_registred.txt").write_text("subject: x\n\ny\n", encoding="utf-8")
    assert "mayors-line/templates: zh/case_registred.txt: Nobody sends it" in refusal(folder)


@pytest.mark.parametrize("role", ["operator", "leader", "supervisor", "custodian"])
@pytest.mark.clause("E-126")
def test_an_office_in_which_nobody_holds_a_mandatory_role_is_refused(folder: Path, role: str) -> None:
    people = folder / "county-hotline" / "people.yaml"
    text = people.read_text(encoding="utf-8")
    people.write_text(text.replace(f"roles: [{role}]", "roles: [unit]"), encoding="utf-8")
    assert f"county-hotline/people.yaml: roles.{role}: Nobody holds this mandatory role (E-126)" in refusal(
        folder
    )
