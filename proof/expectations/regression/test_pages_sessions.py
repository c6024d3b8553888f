from proof.expectations import Expectation

FAULTS = {
    "stale-cookie-loops": Expectation({"test_stale_cookie_is_no_session": "ERR_TOO_MANY_REDIRECTS"}),
    "expired-session-shows-an-error": Expectation(
        {"test_expired_session_ends_at_sign_in": "treat a 401 of the API as the end of the session"}
    ),
    "expired-session-loops": Expectation({"test_expired_session_ends_at_sign_in": "to come to rest"}),
    "contacts-kept-for-the-next-person": Expectation(
        {
            "test_next_person_sees_what_is_theirs": "does the browser keep answers beyond signing out?",
            "test_expired_session_ends_at_sign_in[/contacts]": "Then the browser keeps answers",
        },
        collateral={
            "regression/test_pages_contacts.py::test_failure_is_told_in_the_products_words": (
                "the API is not asked again: no failure is noticed"
            )
        },
    ),
}
