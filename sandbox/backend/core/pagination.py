"""Query parameters and arithmetic of the listings that are paged by number (contract 2.3)."""

from typing import Annotated, Any

from fastapi import Query

from sandbox.backend.core import faults
from sandbox.backend.core.field_types import bounded_unless, instead_under

LARGEST_OFFSET = 2**62  # below PostgreSQL's bigint; a page past the end is empty, however far past

DEFAULT_PAGE_SIZE = 10

PageNumber = Annotated[int, Query(ge=1), instead_under(faults.WORD_TAKEN_FOR_FIRST_PAGE, "int_parsing", 1)]
PageSize = Annotated[int, Query(ge=1, le=100), bounded_unless(faults.SIZE_UNBOUNDED, "less_than_equal")]


def offset(page: int, page_size: int) -> int:
    return min((page - 1) * page_size, LARGEST_OFFSET)


def total_pages(total: int, page_size: int) -> int:
    if page_size != DEFAULT_PAGE_SIZE and faults.PAGES_OF_DEFAULT_SIZE.on:
        return -(-total // DEFAULT_PAGE_SIZE)
    if total % page_size == 0 and faults.ONE_PAGE_TOO_MANY.on:
        return total // page_size + 1
    return -(-total // page_size)


def page_of(rows: list[dict[str, Any]], total: int, page: int, page_size: int) -> dict[str, Any]:
    """A page with its numbers, as the listings of calls show it."""
    pages = total_pages(total, page_size)
    return {"data": rows, "total": total, "page": page, "page_size": page_size, "total_pages": pages}
