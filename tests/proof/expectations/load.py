"""What only many users at once bring to light."""

from tests.proof.expected import Expected

FEW = "a few seconds of load prove no share of one in a thousand"

FAULTS = {
    "sheds-load": Expected(
        {
            "load/test_success_criteria.py::test_availability": "availability",
            "load/test_success_criteria.py::test_error_rate": "error",
        }
    ),
    "one-in-twelve-waits": Expected(
        {"load/test_success_criteria.py::test_slow_tail": "95"},
        collateral={"load/test_success_criteria.py::*": FEW},
    ),
    "one-at-a-time": Expected(
        {
            "load/test_success_criteria.py::test_mean_response_time": "mean",
            "load/test_success_criteria.py::test_slow_tail": "95",
        },
        collateral={"load/test_success_criteria.py::*": FEW},
    ),
}
