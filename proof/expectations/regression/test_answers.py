from proof.expectations import Expectation

FAULTS = {
    "contact-change-answers-success-only": Expectation(
        {"test_answers_to_changes_are_as_agreed[PUT /api/contacts/{id}]": "body-not-as-agreed"},
        collateral={"*": "who goes on with the changed contact has none"},
    ),
}
