from proof.expectations import Expectation

FAULTS = {
    "page-scrolls-sideways": Expectation(
        {
            "test_login_page_fits_and_is_quiet[phone]": "page-wider-than-screen",
            "test_login_page_fits_and_is_quiet[tablet]": "page-wider-than-screen",
            "test_page_fits_and_is_quiet[panel-phone]": "page-wider-than-screen",
            "test_page_fits_and_is_quiet[panel-tablet]": "page-wider-than-screen",
            "test_page_fits_and_is_quiet[contactos-phone]": "page-wider-than-screen",
            "test_page_fits_and_is_quiet[contactos-tablet]": "page-wider-than-screen",
        }
    ),
    "page-title-missing": Expectation(
        {
            "test_page_has_title_and_language": "title-or-language-wrong",
            "smoke/test_liveness.py::test_frontend_is_served": "frontend-of-another-application",
        }
    ),
    "header-script-throws": Expectation(
        {"test_page_fits_and_is_quiet": "page-console-not-quiet"},
        collateral={
            "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session": (
                "the menu behind the avatar is dead, and it is where one signs out"
            ),
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": (
                "nobody can sign out for the next person"
            ),
        },
    ),
    "style-from-another-host": Expectation(
        {
            "test_login_page_fits_and_is_quiet": "page-console-not-quiet",
            "test_page_fits_and_is_quiet": "page-console-not-quiet",
        }
    ),
    "phone-taps-swallowed": Expectation(
        {
            "test_login_page_fits_and_is_quiet[phone]": "controls-covered",
            "test_page_fits_and_is_quiet[panel-phone]": "controls-covered",
            "test_page_fits_and_is_quiet[contactos-phone]": "controls-covered",
        }
    ),
    "dashboard-loads-over-http": Expectation({"test_page_fits_and_is_quiet": "page-console-not-quiet"}),
    "dashboard-counts-finished-calls": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "dashboard-figures-follow-locale",
        }
    ),
    "dashboard-cards-swapped": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "dashboard-figures-follow-locale",
        }
    ),
    "dashboard-rate-divided-again": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "dashboard-figures-follow-locale",
        }
    ),
    "page-shows-sample-data": Expectation(
        {
            "test_contacts_page_shows_the_contacts": "page-expectation",
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": (
                "dashboard-figures-follow-locale"
            ),
        },
        first=(
            "test_dashboard_shows_the_report",
            "test_contacts_page_shows_the_contacts",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser",
        ),
        collateral={
            "test_markup_in_a_name_is_text": "the script of the list is not there, and so nothing in it works",
            "regression/test_pages_contacts.py::*": "as above",
            "regression/test_pages_sessions.py::test_expired_session_ends_at_sign_in*": "invented data need no session",
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "as above",
        },
    ),
    "new-contact-page-broken": Expectation(
        {"test_contact_is_created_through_the_form": "contact-form-missing"},
        collateral={"*test_double_click_creates_one_contact*": "there is no form to click in"},
    ),
    "console-error-on-contacts": Expectation({"test_page_fits_and_is_quiet": "page-console-not-quiet"}),
    "contact-markup-executed": Expectation({"test_markup_in_a_name_is_text": "markup-in-name-executed"}),
    "contacts-hidden-on-phones": Expectation({"test_contacts_page_shows_the_contacts[phone]": "page-expectation"}),
    "contact-form-loses-tags": Expectation({"test_contact_is_created_through_the_form": "contact-form-loses-input"}),
}
