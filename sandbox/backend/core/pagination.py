"""Query parameters and arithmetic of the listings that are paged by number (contract 2.3)."""

from typing import Annotated

from fastapi import Query

from sandbox.backend.core.field_types import bounded_unless
from sandbox.faults import declare

PAGES_OF_DEFAULT_SIZE = declare(
    "page-count-ignores-page-size",
    "The number of pages is counted with the default page size, whatever size was asked for.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the last pages of a listing are out of reach",
    excludes=("page-count-one-too-many",),
)
ONE_PAGE_TOO_MANY = declare(
    "page-count-one-too-many",
    "The number of pages is the quotient plus one, which is one too many where the rows fill the last page.",
    part="backend",
    kind="correctness",
    severity=3,
    finding="the last page of a listing is empty, for some numbers of rows only",
)
SIZE_UNBOUNDED = declare(
    "page-size-unbounded",
    "The upper bound of page sizes was lifted for an export and never put back.",
    part="backend",
    kind="performance",
    severity=2,
    finding="page_size=101 is served, and so is a million",
    rulings=("R-22",),
)

LARGEST_OFFSET = 2**62  # below PostgreSQL's bigint; a page past the end is empty, however far past

DEFAULT_PAGE_SIZE = 10

PageNumber = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=100), bounded_unless(SIZE_UNBOUNDED, "less_than_equal")]


def offset(page: int, page_size: int) -> int:
    return min((page - 1) * page_size, LARGEST_OFFSET)


def total_pages(total: int, page_size: int) -> int:
    if page_size != DEFAULT_PAGE_SIZE and PAGES_OF_DEFAULT_SIZE.on:
        return -(-total // DEFAULT_PAGE_SIZE)
    if total % page_size == 0 and ONE_PAGE_TOO_MANY.on:
        return total // page_size + 1
    return -(-total // page_size)
