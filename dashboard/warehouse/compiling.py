"""Compile statements for an engine that SQLAlchemy does not execute them on, each shape once.

It must give the text and the parameters that compiling anew would give.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Dialect, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import LRUCache

KEPT_AT_MOST: Final = 1000
"""Shapes of statements that are kept; the product asks some two hundred."""


class Compiler:
    """Texts of statements with positional parameters.

    Statements of one shape differ in their values alone. As SQLAlchemy's engines do, the compiled
    shape is kept under the statement's cache key, and the values are put into it.

    Parameters
    ----------
    dialect : sqlalchemy.Dialect
        With numbered parameters; ``IN`` lists are written out for their length.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._kept: LRUCache[Any, SQLCompiler] = LRUCache(KEPT_AT_MOST)

    def compile(self, statement: Select[Any]) -> tuple[str, list[Any]]:
        """Compile a statement.

        Parameters
        ----------
        statement : sqlalchemy.Select
            What to ask.

        Returns
        -------
        text : str
            For the engine.
        parameters : list
            Values, the first for ``$1``.
        """
        key = statement._generate_cache_key()  # noqa: SLF001 -- there is no public name for it
        if key is None:  # a statement that holds a table of values has no shape
            return self._expanded(self._compiled(statement), None)
        compiled = self._kept.get(key.key)
        if compiled is None:
            compiled = self._kept[key.key] = self._compiled(statement, cache_key=key)
        return self._expanded(compiled, key.bindparams)

    def _compiled(self, statement: Select[Any], **named: Any) -> SQLCompiler:
        compiled = statement.compile(dialect=self._dialect, **named)
        assert isinstance(compiled, SQLCompiler)
        return compiled

    def _expanded(self, compiled: SQLCompiler, bound: Any) -> tuple[str, list[Any]]:
        values = compiled.construct_params(extracted_parameters=bound, escape_names=False)
        state = compiled.construct_expanded_state(values, escape_names=False)
        return state.statement, [state.parameters[name] for name in state.positiontup or ()]
