"""Plug-ins are files in a folder: adding one means adding a file, there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def module_names(package: ModuleType) -> tuple[str, ...]:
    """The full names of the modules in a package's folder, sorted; names that begin with `_` are private to it."""
    found = pkgutil.iter_modules(package.__path__, package.__name__ + ".")
    return tuple(sorted(info.name for info in found if not info.name.rpartition(".")[2].startswith("_")))


def modules_of(package: ModuleType) -> tuple[ModuleType, ...]:
    """The modules in a package's folder, imported, in the order of their names."""
    return tuple(importlib.import_module(name) for name in module_names(package))
