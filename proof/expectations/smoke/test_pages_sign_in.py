from proof.expectations import Expectation

RACE = "whoever is quicker, the browser or the script, decides where one ends"
BEHIND_SIGN_IN = (
    "regression/test_pages_contacts.py::*",
    "regression/test_pages_dashboard.py::*",
    "regression/test_pages_sessions.py::*",
    "smoke/test_pages.py::*",
    "smoke/test_pages_sign_in.py::test_sign_in_never_leads_elsewhere",
    "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session",
)
FAULTS = {
    "login-form-submits-itself": Expectation(
        {
            "test_password_stays_out_of_addresses": "password-in-address",
            "test_wrong_password_is_told": "password-in-address",
            "regression/test_pages_sign_in.py::test_field_says_what_is_wrong": "password-in-address",
        },
        first=("test_password_stays_out_of_addresses",),
        collateral={
            "regression/test_pages_sign_in.py::test_six_characters_are_enough": (
                "the browser leaves before the script has asked Supabase"
            ),
            "test_sign_in_leads_where_one_was_going": RACE,
        },
        blocked=dict.fromkeys(BEHIND_SIGN_IN, RACE),
    ),
    "login-follows-any-redirect": Expectation({"test_sign_in_never_leads_elsewhere": "sign-in-redirects-to-foreign-site"}),
    "login-redirect-checked-by-its-slash": Expectation(
        {"test_sign_in_never_leads_elsewhere[no scheme]": "sign-in-redirects-to-foreign-site"}
    ),
    "login-ignores-the-way-back": Expectation({"test_sign_in_leads_where_one_was_going": "way-back-not-followed"}),
    "login-forgets-the-way-back": Expectation(
        {
            "test_anonymous_visitor_is_sent_to_sign_in": "way-back-not-remembered",
            "test_sign_in_leads_where_one_was_going": "way-back-not-remembered",
        }
    ),
    "login-dead-on-first-click": Expectation({"test_first_press_is_enough": "sign-in-needs-second-press"}),
    "login-shows-the-vendors-error": Expectation(
        {"test_wrong_password_is_told": "wrong-password-not-explained"},
        blocked={"test_wrong_password_is_announced": "the text is another"},
    ),
    "service-key-in-the-page": Expectation({"test_page_carries_the_anonymous_key": "page-shows-privileged-key"}),
    "page-guard-missing": Expectation({"test_anonymous_visitor_is_sent_to_sign_in[/contacts/new]": "page-route-not-guarded"}),
    "new-contact-page-unguarded": Expectation(
        {"test_anonymous_visitor_is_sent_to_sign_in[/contacts/new]": "page-route-not-guarded"}
    ),
    "sign-out-only-leaves-the-page": Expectation(
        {"test_sign_out_ends_the_session": "page-open-after-sign-out"},
        collateral={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": ("the next person is still the one before")
        },
        blocked={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "nobody can sign in after somebody else",
        },
    ),
    "login-fields-unread": Expectation({"test_sign_in_leads_where_one_was_going": "sign-in-sends-nothing"}),
    "sign-in-ends-on-missing-page": Expectation({"test_sign_in_leads_where_one_was_going": "sign-in-ends-on-missing-page"}),
    "sign-in-reloads-the-form": Expectation({"test_sign_in_leads_where_one_was_going": "sign-in-leads-nowhere"}),
    "frontend-of-another-release": Expectation(
        {
            "test_login_page_speaks_as_specified": "login-texts-differ",
            "smoke/test_pages.py::test_page_has_its_title": "frontend-of-another-application",
        },
        collateral={"smoke/test_liveness.py::test_frontend_is_served": "the title is another, too"},
    ),
    "login-left-in-english": Expectation({"test_login_page_speaks_as_specified": "login-texts-differ"}),
    "messages-not-announced": Expectation(
        {
            "test_wrong_password_is_announced": "sign-in-error-not-announced",
            "regression/test_pages_sign_in.py::test_field_message_is_announced": "sign-in-error-not-announced",
        }
    ),
}
