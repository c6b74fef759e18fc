"""The centre supplies its departments with policies and internal guidance, and nobody else (S2-88, E-128)."""

import uuid
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from deploy.local.platform import Site
from huiyin.client.line import Json, Refused
from tests.scenarios.driver import Driver
from tests.scenarios.entries import entry, worded, written

RELIEF = "jzk@baifan.huiyin.example"


def mails_of(site: Site, title: str) -> dict[str, list[str]]:
    """The mails whose subject names a title: recipient → bodies."""
    found: dict[str, list[str]] = {}
    for file in (site.folder / "mails").glob("*.eml"):
        mail = message_from_bytes(Path(file).read_bytes(), policy=default)
        if title in str(mail["Subject"]):
            part = mail.get_body(("plain",))
            found.setdefault(str(mail["To"]), []).append(part.get_content() if part is not None else "")
    return found


def subject_of(name: str) -> str:
    return f"knowledge:community-centre:{name}"


@pytest.mark.clause("S2-88", "E-128")
def test_new_and_changed_guidance_goes_to_its_departments_at_once_also_what_is_internal(
    community_centre: Driver, site: Site
) -> None:
    title = f"救助裁量口径{uuid.uuid4().hex[:8]}"
    wording = {"title": title, "categories": ["relief/allowance"], "audience": "staff_only"}
    at = community_centre.now()
    name = written(community_centre, "relief", text="同一家庭一年内救助一次，急难情形先行批准。", **wording)
    mails = community_centre.until(lambda: mails_of(site, title) or None)
    assert list(mails) == [RELIEF], "whom the matter is for, and nobody else"
    assert "急难情形先行批准" in mails[RELIEF][0]
    listed = community_centre.role("records").get("notify", f"/messages/{subject_of(name)}")["messages"]
    assert [(m["addressee_kind"], m["addressee"], m["template"]) for m in listed] == [
        ("unit", "relief", "guidance_issued")
    ]
    assert datetime.fromisoformat(listed[0]["asked_at"]) - at < timedelta(minutes=1), "promptly"
    for service in ("intake", "feedback"):  # who has no share in it, lets it go
        rows = community_centre.role("admin").get(service, "/waiting")
        assert name not in str(rows)
    revised = worded(**wording, text="同一家庭一年内救助两次。")
    path = f"/knowledge/{name}/versions"
    community_centre.role("rulebook").post("intake", path, {"wording": revised, "why": "上级调整"})
    community_centre.until(lambda: "救助两次" in str(mails_of(site, title)) or None)


@pytest.mark.clause("S2-88", "E-128")
def test_departments_read_policies_and_internal_guidance_and_the_public_neither(
    community_centre: Driver,
) -> None:
    policy = written(community_centre, "relief", title="低保申请材料")
    inner = written(community_centre, "relief", title="低保裁量口径", audience="staff_only")
    for name in (policy, inner):
        assert entry(community_centre, name, "unit", "estate_office")["entry"] == name
    found = community_centre.unit("estate_office").get("intake", "/knowledge", q="低保", limit=200)
    assert {policy, inner} <= {row["entry"] for row in found["entries"]}
    for name in (policy, inner):
        with pytest.raises(Refused) as refused:
            community_centre.line.ask("GET", "intake", f"/knowledge/{name}")
        assert refused.value.status == 401


@pytest.mark.clause("S2-88")
def test_an_owner_is_asked_once_to_renew_what_will_end_and_its_proposal_becomes_a_version(
    community_centre: Driver, site: Site
) -> None:
    title = f"租房补贴办法{uuid.uuid4().hex[:8]}"
    ends = community_centre.now().date().replace(day=1).isoformat()
    far = f"{int(ends[:4]) + 1}{ends[4:]}"
    name = written(community_centre, "estate_office", title=title, categories=["housing"], valid_until=far)
    soon = (community_centre.now().date()).isoformat()
    _revise(community_centre, name, worded(title=title, categories=["housing"], valid_until=soon))
    asked = community_centre.until(lambda: _asked_to_renew(community_centre, name))
    assert [(m["addressee"], m["message"]) for m in asked] == [("estate_office", "renew:2")]
    shown = entry(community_centre, name, "operator")
    assert (shown["standing"], soon in shown["warning"]) == ("expiring", True)
    listed = community_centre.unit("estate_office").get(
        "intake", "/knowledge", owner="estate_office", standing="expiring", limit=200
    )
    assert name in {row["entry"] for row in listed["entries"]}
    wording = worded(title=title, categories=["housing"], valid_until=far, text="续期一年。")
    body = {"wording": wording, "why": "续期"}
    proposed = community_centre.unit("estate_office").post("intake", f"/knowledge/{name}/versions", body)
    assert (proposed["version"], proposed["waiting"]) == (2, ["p1"])
    decision = f"/knowledge/{name}/proposals/p1/decision"
    community_centre.role("rulebook").post("intake", decision, {"taken": True})
    renewed = entry(community_centre, name, "operator")
    assert (renewed["version"], renewed["standing"], renewed["text"]) == (3, "in_force", "续期一年。")
    assert len(_asked_to_renew(community_centre, name) or []) == 1, "once a version"


def _revise(driver: Driver, name: str, wording: Json) -> None:
    body = {"wording": wording, "why": "修订"}
    driver.role("rulebook").post("intake", f"/knowledge/{name}/versions", body)


def _asked_to_renew(driver: Driver, name: str) -> list[Json] | None:
    found = driver.role("records").get("notify", f"/messages/{subject_of(name)}")["messages"]
    return [m for m in found if m["template"] == "guidance_expiring"] or None
