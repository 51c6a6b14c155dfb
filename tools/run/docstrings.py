"""Check the docstrings of the public functions, classes and methods of some packages.

The rules are numpydoc's. Its own command reads the source alone: it takes nested functions for
public ones, properties for functions, and knows no parameters of a dataclass.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from numpydoc.validate import validate

SHAPE = frozenset({"GL05", "GL06", "GL07", "GL08", "GL10", "SS01"})  # there, sections in order
PARAMETERS = frozenset({"PR01", "PR02", "PR03", "PR04", "PR07"})  # all there, typed, described
RETURNS = frozenset({"RT01", "RT03", "YD01"})

FUNCTION = SHAPE | PARAMETERS | RETURNS
CLASS = SHAPE | PARAMETERS - {"PR01"}  # fields may be described where they stand
PROPERTY = SHAPE


def modules_of(package: str) -> Iterator[ModuleType]:
    """Import a package and its modules, one after the other; no program's ``__main__``."""
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not found.name.endswith(".__main__"):
            yield importlib.import_module(found.name)


def rules_for(value: Any) -> frozenset[str] | None:
    """Return the rules that a member of a module or class must keep, None if it has none."""
    if isinstance(value, property):
        return PROPERTY
    if isinstance(value, staticmethod | classmethod) or inspect.isfunction(inspect.unwrap(value)):
        return FUNCTION
    return CLASS if inspect.isclass(value) else None


def public_members(module: ModuleType) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the full name and the rules of all that a module defines for others."""
    for name, value in vars(module).items():
        rules = rules_for(value)
        is_own = getattr(value, "__module__", None) == module.__name__
        if name.startswith("_") or rules is None or not is_own:
            continue
        yield f"{module.__name__}.{name}", rules
        for inner, member in vars(value).items() if inspect.isclass(value) else ():
            inner_rules = rules_for(member)
            if inner_rules is not None and not inner.startswith("_"):
                yield f"{module.__name__}.{name}.{inner}", inner_rules


def problems_of(package: str) -> Iterator[str]:
    """Yield one line for every rule that a docstring of the package breaks."""
    for module in modules_of(package):
        for name, rules in public_members(module):
            found = validate(name)
            for code, message in found["errors"]:
                if code in rules:
                    yield f"{found['file']}:{found['file_line']}: {name}: {code} {message}"


def main(packages: list[str]) -> int:
    """Print what is wrong and return 1, or return 0."""
    problems = sorted({problem for package in packages for problem in problems_of(package)})
    print("\n".join([*problems, f"{len(problems)} problems in docstrings"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
