from proof.expectations import Expectation

FAULTS = {
    "stale-cookie-loops": Expectation({"test_stale_cookie_is_no_session": "page-redirects-without-end"}),
    "expired-session-shows-an-error": Expectation({"test_expired_session_ends_at_sign_in": "expired-session-not-ended"}),
    "expired-session-loops": Expectation({"test_expired_session_ends_at_sign_in": "page-redirects-without-end"}),
    "contacts-kept-for-the-next-person": Expectation(
        {
            "test_next_person_sees_what_is_theirs": "phones-kept-for-next-user",
            "test_expired_session_ends_at_sign_in[/contacts]": "expired-session-not-ended",
        },
        collateral={
            "regression/test_pages_contacts.py::test_failure_is_told_in_the_products_words": (
                "the API is not asked again: no failure is noticed"
            ),
            "regression/test_pages_contacts.py::test_internal_error_is_not_shown": "as above",
        },
    ),
}
