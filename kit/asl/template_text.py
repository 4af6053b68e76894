"""YAML with CloudFormation's short forms: `!Sub x` is `{"Fn::Sub": "x"}`, `!Ref x` is `{"Ref": "x"}`.

Apart from the rest, since few sources are templates and the parser takes its time to load.
"""

from __future__ import annotations

from typing import Any

import yaml

from kit.asl.yaml_text import _Loader


class _TemplateLoader(_Loader):
    pass


def _short_form(loader: _TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.MappingNode):
        argument: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.ScalarNode)
        argument = loader.construct_scalar(node)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": argument}


_TemplateLoader.add_multi_constructor("!", _short_form)


def load_template(text: str) -> Any:
    """The value of a template in YAML. Raises ValueError where it is none."""
    try:
        return yaml.load(text, Loader=_TemplateLoader)
    except yaml.YAMLError as wrong:
        raise ValueError(str(wrong)) from None
