from proof.expectations import Expectation

FAULTS = {
    "registration-takes-a-role": Expectation(
        {"test_registration_gives_no_power": "the roles ['admin']", "test_newcomer_only_looks": "the roles ['admin']"}
    ),
    "registration-gives-operator": Expectation(
        {"test_registration_gives_no_power": "the roles ['operator']", "test_newcomer_only_looks": "the roles ['operator']"}
    ),
    "self-registered-may-write": Expectation({"test_newcomer_only_looks": "a newcomer may not create contacts"}),
}
