"""Case numbers: readable, unique, with check digits (S0-06, E-43).

`MYL-C-20240927-000012-35`: office code, channel letter, date of acceptance, serial of the
office's day, and two check digits by ISO 7064 Mod 97-10, which find every single slip of the
tongue or pen and nearly every swap of neighbours.
"""

import re
from datetime import date

from stdnum.iso7064 import mod_97_10

_SHAPE = re.compile(r"[A-Z]{2,4}-[A-Z]-\d{8}-\d{6,}-\d{2}")


def compose(office_code: str, channel_code: str, day: date, serial: int) -> str:
    """The number of the office's `serial`-th case of the day."""
    body = f"{office_code}-{channel_code}-{day:%Y%m%d}-{serial:06d}"
    return f"{body}-{mod_97_10.calc_check_digits(_compact(body))}"


def is_number(text: str) -> bool:
    """Whether the text is a number of ours, without a slip."""
    return _SHAPE.fullmatch(text) is not None and bool(mod_97_10.is_valid(_compact(text)))


def _compact(number: str) -> str:
    return number.replace("-", "")
