from proof.expectations import Expectation

FAULTS = {
    "login-wants-eight-characters": Expectation({"test_six_characters_are_enough": "the rule of 8 is for new passwords"}),
    "login-takes-any-length": Expectation({"test_field_says_what_is_wrong[five characters]": "before anything is sent"}),
    "field-errors-not-tied": Expectation({"test_field_says_what_is_wrong": "aria-describedby"}),
}
