"""What somebody looks for in the words of cases."""

import re
from typing import Any, Final

from services.intake.domain import ngrams
from services.intake.errors import NothingLookedFor

#: A word of so many characters is found by its one pair alone.
_PAIR: Final = 2


def wanted(asked: str) -> dict[str, Any]:
    """What a matter's words must hold: every word of the question, as `ngrams.holds` says it.

    The pairs lead there under the index; of a longer word the text itself must hold it, too.
    """
    words = ngrams.terms(asked)
    if not words:
        raise NothingLookedFor("请输入要查找的字词。", {"q": "没有可查找的字词"})
    pairs, singles = ngrams.wanted(asked)
    conditions: list[dict[str, Any]] = [{"grams": {"$all": sorted(pairs)}}] if pairs else []
    conditions += [{"grams": {"$regex": f"^{re.escape(one)}"}} for one in sorted(singles)]
    conditions += [{"text": {"$regex": re.escape(word)}} for word in words if len(word) > _PAIR]
    return {"$and": conditions}
