"""Reads the YAML files of an office strictly: a key written twice is an error, never a silent loss."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from huiyin.chassis.errors import WrongSetting


class _StrictLoader(yaml.CSafeLoader):
    """SafeLoader, in C, that refuses duplicate keys, which plain YAML overwrites silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key}: written twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def label(path: Path) -> str:
    """The file as errors name it: its folder and its name."""
    return f"{path.parent.name}/{path.name}"


def read_yaml(path: Path) -> Any:
    """The content of the file; WrongSetting names the file when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - it is a SafeLoader  # nosec B506
    except OSError as gone:
        raise WrongSetting(f"{label(path)}: cannot be read: {gone.strerror}") from gone
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise WrongSetting(f"{label(path)}: line {line}: {broken.problem}") from broken
    except (UnicodeDecodeError, yaml.YAMLError) as broken:
        raise WrongSetting(f"{label(path)}: {broken}") from broken
