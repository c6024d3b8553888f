from proof.expectations import Expectation

POWERFUL = Expectation(
    {
        "test_registration_gives_no_power": "registration-gives-rights",
        "test_newcomer_signs_in_without_power": "registration-gives-rights",
    },
    blocked={"test_newcomer_only_looks": "the newcomer has another role than the one that it is about"},
)
FAULTS = {
    "registration-takes-short-passwords": Expectation({"test_short_password_is_refused": "request-not-served"}),
    "registration-of-taken-email-fails": Expectation({"test_taken_email_is_refused": "taken-email-not-refused"}),
    "registration-takes-a-role": POWERFUL,
    "registration-gives-operator": POWERFUL,
    "self-registered-may-write": Expectation({"test_newcomer_only_looks": "role-not-enforced"}),
}
