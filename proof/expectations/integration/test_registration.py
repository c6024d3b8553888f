from proof.expectations import Expectation

FAULTS = {
    "registration-takes-a-role": Expectation(
        {"test_registration_gives_no_power": "registration-gives-rights", "test_newcomer_only_looks": "registration-gives-rights"}
    ),
    "registration-gives-operator": Expectation(
        {"test_registration_gives_no_power": "registration-gives-rights", "test_newcomer_only_looks": "registration-gives-rights"}
    ),
    "self-registered-may-write": Expectation({"test_newcomer_only_looks": "accepted-from-wrong-caller"}),
}
