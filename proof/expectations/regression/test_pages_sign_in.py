from proof.expectations import Expectation

FAULTS = {
    "login-wants-eight-characters": Expectation({"test_six_characters_are_enough": "sign-in-short-password-not-sent"}),
    "login-takes-any-length": Expectation({"test_field_says_what_is_wrong[five characters]": "sign-in-field-message-missing"}),
    "field-errors-not-tied": Expectation({"test_field_message_is_tied_to_its_field": "sign-in-field-message-not-tied"}),
}
