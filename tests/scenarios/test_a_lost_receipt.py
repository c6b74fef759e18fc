"""Who lost the receipt has the progress link sent to the registered telephone, and follows it."""

import re

import httpx
import pytest

from deploy.local.platform import Platform
from huiyin.chassis.trust import NO_CA
from tests.scenarios.driver import Driver

#: Nobody's but this scenario's: a telephone may ask three times an hour.
PHONE = "19900000031"


def _sent(platform: Platform) -> list[str]:
    """The links that went to the telephone."""
    taken = httpx.get(platform.sms_gateway, verify=NO_CA).json()["messages"]
    texts = [sms["text"] for sms in taken if sms["to"] == PHONE]
    return [link for text in texts for link in re.findall(r"https://huiyin\.example(/progress/\S+)", text)]


@pytest.mark.clause("S3-26", "E-33")
def test_the_link_comes_by_sms_to_whoever_names_number_and_telephone(
    platform: Platform, mayors_line: Driver
) -> None:
    number = mayors_line.registered(party={"phone": PHONE})
    door = f"{platform.url('intake')}/progress/links"
    answers = [
        httpx.post(door, json={"number": named, "phone": phone}, verify=NO_CA)
        for named, phone in ((number, PHONE), (number, "19900000032"), ("SZ-D-20240927-000099-00", PHONE))
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    (link,) = mayors_line.until(lambda: _sent(platform))
    told = httpx.get(f"{platform.url('intake')}{link}", verify=NO_CA).json()
    assert told["number"] == number
    (said,) = [row for row in mayors_line.said(number, "message.requested") if "progress_link" in str(row)]
    assert link.rpartition("/")[2] not in str(mayors_line.journal(number))
    assert PHONE not in str(said)
