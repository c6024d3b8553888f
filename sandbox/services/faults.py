"""What can happen to the database and to Redis."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="platform")

DATABASE_DOWN = fault(
    "database-down",
    "PostgreSQL is gone: it was stopped for maintenance and nobody started it again",
    kind="availability",
    severity=1,
    finding="/health answers 503 and names database; the API answers 5xx without internal text within 2 s",
    everywhere=True,
)
REDIS_DOWN = fault(
    "redis-down",
    "Redis is gone: the service was stopped or ran out of memory and was killed",
    kind="availability",
    severity=1,
    finding="/health answers 503 and names redis; caches and limits do not take requests down with them",
    everywhere=True,
)
