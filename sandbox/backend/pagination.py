"""Query parameters and arithmetic of the listings that are paged by number (contract 2.3)."""

from typing import Annotated

from fastapi import Query

from sandbox.faults import declare

PAGES_OF_DEFAULT_SIZE = declare(
    "page-count-ignores-page-size",
    "The number of pages is counted with the default page size, whatever size was asked for.",
    part="backend",
    kind="correctness",
    severity=2,
    finding="the last pages of a listing are out of reach",
)

LARGEST_OFFSET = 2**62  # below PostgreSQL's bigint; a page past the end is empty, however far past

DEFAULT_PAGE_SIZE = 10

PageNumber = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=100)]


def offset(page: int, page_size: int) -> int:
    return min((page - 1) * page_size, LARGEST_OFFSET)


def total_pages(total: int, page_size: int) -> int:
    return -(-total // (DEFAULT_PAGE_SIZE if PAGES_OF_DEFAULT_SIZE.on else page_size))
