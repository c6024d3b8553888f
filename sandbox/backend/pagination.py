"""Query parameters and arithmetic of the listings that are paged by number (contract 2.3)."""

from typing import Annotated

from fastapi import Query

LARGEST_OFFSET = 2**62  # below PostgreSQL's bigint; a page past the end is empty, however far past

PageNumber = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=100)]


def offset(page: int, page_size: int) -> int:
    return min((page - 1) * page_size, LARGEST_OFFSET)


def total_pages(total: int, page_size: int) -> int:
    return -(-total // page_size)
