"""`python -m tests.redaction`: what the redactor finds of planted identities, and how fast it is."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from services.intake.domain.redaction import find, redact
from tests.redaction import judged
from tests.redaction.identities import KINDS
from tests.redaction.measuring import (
    DEVELOPMENT,
    HELD_OUT,
    Figures,
    cut_into,
    look_alikes,
    measure,
    orders,
    plant,
)

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
FILES: Final = {"messages": ("body",), "replies": ("body", "reply"), "hotline_city": ("body", "reply")}


def main() -> None:
    """Print the tables, those on real texts only where these are."""
    development, held_out = measure(plant(*DEVELOPMENT)), measure(plant(*HELD_OUT))
    tables = {"dev": development, "held-out": held_out}
    real = real_texts()
    if real:
        tables["real texts"] = measure(plant(*HELD_OUT, carriers=carriers(real)), judged.read())
    _print_recall(tables)
    _print_left("orders left", orders)
    _print_left("look-alikes", look_alikes)
    if real:
        _print_own(carriers(real))
    _print_speed(real)


def real_texts() -> list[str]:
    """The texts of real complaints and replies beside the project, or none."""
    texts: list[str] = []
    for name, columns in FILES.items():
        file = DATA / f"{name}.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as rows:
                texts += [row[column] for row in csv.DictReader(rows) for column in columns if row[column]]
    return texts


def carriers(texts: list[str]) -> list[str]:
    """Real texts to plant into: the last sentence is closed, so that no word runs into what is planted."""
    return [text.strip() + "。" for text in texts[::20]]


def _print_recall(tables: dict[str, Figures]) -> None:
    _print_row("kind", list(tables))
    for kind in KINDS:
        _print_row(kind, [_share(f.found[kind], f.planted[kind]) for f in tables.values()])
    _print_row("precision", [_share(f.right, f.marks) for f in tables.values()])


def _print_row(name: str, cells: list[str]) -> None:
    print(f"{name:<14}" + "".join(f"{cell:>20}" for cell in cells))


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part / max(1, whole):7.1%}"


def _print_speed(real: list[str]) -> None:
    texts = real[::40] or [planted.text for planted in plant(*DEVELOPMENT, rounds=50)]
    began = perf_counter()
    for text in texts:
        redact(text, ["林黛青", "19900000001"])
    took = perf_counter() - began
    print(
        f"\n每千字 {took * 1e6 / sum(map(len, texts)):.1f} 毫秒 (ms a 1,000 characters; {len(texts)} texts)"
    )


def _print_left(name: str, made: Callable[[int, int], Sequence[str]]) -> None:
    """How many of the sentences are left as they are."""
    halves = [made(*half) for half in (DEVELOPMENT, HELD_OUT)]
    _print_row(name, [_share(len(texts) - len(cut_into(texts)), len(texts)) for texts in halves])


def _print_own(texts: list[str]) -> None:
    """What is cut of real texts by themselves, by verdict; what nobody judged yet, to be judged."""
    verdicts = judged.read()
    counted = verdicts.counted(texts)
    print(f"\n真实文本 {len(texts)} 篇自身的标记 (marks in real texts as they are):")
    print("  " + "、".join(f"{verdict} {count}" for verdict, count in counted.most_common()))
    for text in texts:
        for cut in find(text):
            if (cut.mark, cut.start, cut.end) not in verdicts.of(text):
                row = f"{judged.digest(text)},{cut.mark},{cut.start},{cut.end},"
                print(f"  {row} {text[max(0, cut.start - 20) : cut.end + 10]}")


if __name__ == "__main__":
    main()
