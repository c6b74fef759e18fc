"""Rows of complaints in other people's files: CSV or XLSX in, typed fields by a mapping out."""

from huiyin.rows.files import open_table
from huiyin.rows.mapping import FIELDS, Field, Map, load_map
from huiyin.rows.row import Row, read_rows
from huiyin.rows.table import Cell, Line, Table, WrongFile

__all__ = [
    "FIELDS",
    "Cell",
    "Field",
    "Line",
    "Map",
    "Row",
    "Table",
    "WrongFile",
    "load_map",
    "open_table",
    "read_rows",
]
