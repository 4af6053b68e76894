"""YAML as another way to write JSON: no dates, and no `yes` and `no` for true and false.

Apart from the rest, since most definitions are JSON and the parser takes its time to load.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_OTHER_TYPES = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHER_TYPES]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def load_yaml(text: str) -> Any:
    """The value of a YAML text. Raises ValueError where it is none."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as wrong:
        raise ValueError(str(wrong)) from None
