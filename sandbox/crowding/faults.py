"""What can go wrong when many users come at once."""

from functools import partial

from sandbox.faults import declare

fault = partial(declare, part="edge")

SLOW_FIRST_BYTE = fault(
    "slow-first-byte",
    "The proxy keeps each answer back until the authorisation service has a place free, and at busy times it has none.",
    kind="performance",
    severity=2,
    finding="the first byte comes most of a second late under load, and the log of the backend shows milliseconds",
)
MIXES_ANSWERS_UP = fault(
    "mixes-answers-up",
    "Requests share the buffer that their answers are written to, and at busy times one in ten gets what another asked for.",
    kind="correctness",
    severity=1,
    finding="an answer with 200 carries the data of somebody else's request",
)
CLOSES_CONNECTIONS = fault(
    "closes-connections",
    "Keep-alive was switched off in the proxy to save memory at busy times: each request pays for a connection and a handshake.",
    kind="performance",
    severity=3,
    finding="the connection is closed after each answer under load",
)
SHEDS_LOAD = fault(
    "sheds-load",
    "The proxy's limit of connections was left at the value of a first try: whoever comes while another is served gets a 503.",
    kind="availability",
    severity=1,
    finding="requests fail with 503 as soon as several people work at once",
)
ONE_AT_A_TIME = fault(
    "one-at-a-time",
    "A blocking call in the event loop of the only worker: requests are served one after the other.",
    kind="performance",
    severity=1,
    finding="answers take seconds under load and milliseconds for a single user",
)
SOME_WAIT = fault(
    "one-in-twelve-waits",
    "One of twelve workers swaps: whoever gets it waits, and the average hardly moves.",
    kind="performance",
    severity=2,
    finding="one answer in twelve takes most of a second, while the mean is far below its limit",
)
REPORTS_BREAK = fault(
    "reports-break-when-busy",
    "The database cancels the queries of the reports when others want to work, and the reports make a 500 of it.",
    kind="availability",
    severity=1,
    finding="one endpoint always fails under load, and is too small a share of the traffic to be seen in the total",
)
LIMITS_ITS_OWN_LOAD = fault(
    "limits-its-own-load",
    "The rate limit was left at the value of a first try, and the one that is announced is another.",
    kind="configuration",
    severity=2,
    finding="requests are refused with 429 long before the announced limit is used up",
)
SHEDS_WITH_RETRY_AFTER = fault(
    "sheds-with-retry-after",
    "Too few workers: at busy times every third request is told to come back in five seconds.",
    kind="availability",
    severity=1,
    finding="one request in three fails with 503 under load; its Retry-After helps nobody who waits for a page",
)
GIVES_UP_UNDER_LOAD = fault(
    "gives-up-under-load",
    "The threads of the pool wait for each other after a rush, and only quiet lets them go.",
    kind="availability",
    severity=1,
    finding="after a few seconds of load everything fails with 500, until the load has been gone for ten seconds",
)
GETS_SLOWER = fault(
    "gets-slower",
    "What each request of a busy time leaves in a list is never taken out, and every later one walks through all of it.",
    kind="performance",
    severity=2,
    finding="answers take longer the longer the load lasts, and a short measurement sees nothing",
)
STALLS_ONCE_A_MINUTE = fault(
    "stalls-once-a-minute",
    "Memory is cleared up for two seconds once a minute, and everything stands still meanwhile.",
    kind="performance",
    severity=2,
    finding="once a minute nothing is answered for two seconds",
)
