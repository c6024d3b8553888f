from proof.expectations import Expectation

FAULTS = {
    "supabase-auth-down": Expectation(
        {
            "test_wrong_password_is_told": "Credenciales inválidas",
            "test_sign_in_leads_where_one_was_going": "Supabase not answer",
            "integration/test_supabase.py::test_identity_signs_in": "name resolution failed",
        },
        collateral={
            "integration/*": "signs in at Supabase first",
            "pre_deploy/test_limits.py::*": "counts refusals of a sign-in, where there are only outages",
        },
    ),
    "login-form-submits-itself": Expectation(
        {
            "test_password_stays_out_of_addresses": "the form is sent with GET",
            "test_wrong_password_is_told": "handle the press",
            "regression/test_pages_sign_in.py::test_field_says_what_is_wrong": "before anything is sent",
        },
        first=("test_password_stays_out_of_addresses",),
        collateral={
            "regression/test_pages_sign_in.py::test_six_characters_are_enough": (
                "the browser leaves before the script has asked Supabase"
            ),
            "test_sign_in_leads_where_one_was_going": "whoever is quicker, the browser or the script, decides where one ends",
        },
    ),
    "login-follows-any-redirect": Expectation({"test_sign_in_never_leads_elsewhere": "follow a redirect only if"}),
    "login-redirect-checked-by-its-slash": Expectation(
        {"test_sign_in_never_leads_elsewhere[no scheme]": "follow a redirect only if"}
    ),
    "login-ignores-the-way-back": Expectation({"test_sign_in_leads_where_one_was_going": "follow the redirect parameter"}),
    "login-forgets-the-way-back": Expectation(
        {
            "test_anonymous_visitor_is_sent_to_sign_in": "or the way back forgotten?",
            "test_sign_in_leads_where_one_was_going": "follow the redirect parameter",
        }
    ),
    "login-dead-on-first-click": Expectation(
        {
            "test_sign_in_leads_where_one_was_going": "watch the requests of one press: is it lost",
            "test_wrong_password_is_told": "handle the press",
            "regression/test_pages_sign_in.py::test_field_says_what_is_wrong": "handle the press",
            "regression/test_pages_sign_in.py::test_six_characters_are_enough": "handle the press",
        }
    ),
    "login-shows-the-vendors-error": Expectation({"test_wrong_password_is_told": "not the vendor's?"}),
    "service-key-in-the-page": Expectation({"test_page_carries_the_anonymous_key": "service_role"}),
    "page-guard-missing": Expectation(
        {"test_anonymous_visitor_is_sent_to_sign_in[/contacts/new]": "is the page rendered for anonymous visitors"}
    ),
    "new-contact-page-unguarded": Expectation(
        {"test_anonymous_visitor_is_sent_to_sign_in[/contacts/new]": "is the page rendered for anonymous visitors"}
    ),
    "sign-out-only-leaves-the-page": Expectation(
        {"test_sign_out_ends_the_session": "or only leave the page?"},
        collateral={
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": ("the next person is still the one before")
        },
    ),
}
