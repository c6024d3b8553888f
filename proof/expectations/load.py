"""What only many users at once bring to light."""

from proof.expected import Expected

CRITERIA = "load/test_success_criteria.py"
BEHAVIOUR = "load/test_behaviour.py"
FEW = "a few seconds of load prove no share of one in a thousand"
BROKEN_TOO = {f"{CRITERIA}::*": "what fails or waits is a failure or a wait for each criterion that counts it"}
SAMPLED = {f"{CRITERIA}::*": FEW}

FAULTS = {
    "sheds-load": Expected(
        {f"{CRITERIA}::test_availability": "503", f"{CRITERIA}::test_error_rate": "503"},
        collateral=BROKEN_TOO | {f"{BEHAVIOUR}::test_target_bears_the_load": "half of the requests may fail at once"},
    ),
    "one-in-twelve-waits": Expected({f"{CRITERIA}::test_slow_tail": "95"}, collateral=SAMPLED),
    "one-at-a-time": Expected(
        {
            f"{BEHAVIOUR}::test_target_bears_the_load": "waited longer",
            f"{CRITERIA}::test_mean_response_time": "mean",
            f"{CRITERIA}::test_slow_tail": "95",
            f"{CRITERIA}::test_slowest_hundredth": "99",
            f"{CRITERIA}::test_waiting_does_not_grow": "first third",
        },
        collateral=BROKEN_TOO | {f"{BEHAVIOUR}::*": "the queue grows until half of the people wait too long"},
    ),
    "reports-break-when-busy": Expected(
        {
            f"{CRITERIA}::test_availability": "GET /api/reports/performance_metrics",
            f"{CRITERIA}::test_error_rate": "GET /api/reports/performance_metrics",
        },
        collateral=SAMPLED,
    ),
    "gets-slower": Expected({f"{CRITERIA}::test_waiting_does_not_grow": "first third"}, collateral=BROKEN_TOO),
    "stalls-once-a-minute": Expected(
        {
            f"{CRITERIA}::test_slow_tail": "no response arrived for 2",  # in so short a run it is a third of the time
            f"{CRITERIA}::test_slowest_hundredth": "no response arrived for 2",
        },
        collateral=BROKEN_TOO | {f"{BEHAVIOUR}::*": "in so short a run the standstill is a third of it"},
    ),
    "limits-its-own-load": Expected(
        {f"{BEHAVIOUR}::test_nobody_is_turned_away_below_the_limit": "429"},
        collateral=SAMPLED | {f"{BEHAVIOUR}::*": "a load that is turned away is stopped, and proves nothing else"},
    ),
    "sheds-with-retry-after": Expected(
        {f"{CRITERIA}::test_availability": "Retry-After", f"{CRITERIA}::test_error_rate": "Retry-After"}, collateral=BROKEN_TOO
    ),
    "slow-first-byte": Expected(
        {f"{CRITERIA}::test_mean_response_time": "before the first byte", f"{CRITERIA}::test_slow_tail": "before the first byte"},
        collateral=BROKEN_TOO,
    ),
    "mixes-answers-up": Expected(
        {
            f"{BEHAVIOUR}::test_answers_belong_to_their_requests": "other content",
            f"{CRITERIA}::test_error_rate": "another request's content",
        },
        collateral=BROKEN_TOO,
    ),
    "closes-connections": Expected({f"{BEHAVIOUR}::test_connections_are_kept": "connections"}, collateral=SAMPLED),
    "gives-up-under-load": Expected(
        {
            f"{BEHAVIOUR}::test_target_bears_the_load": "failed",
            f"{CRITERIA}::test_availability": "500",
            f"{CRITERIA}::test_error_rate": "500",
        },
        collateral=BROKEN_TOO | {f"{BEHAVIOUR}::*": "it is down by then"},
    ),
}
