from proof.expectations import Expectation

FAULTS = {
    "page-scrolls-sideways": Expectation(
        {
            "test_login_page_fits_and_is_quiet[phone]": "px too wide",
            "test_login_page_fits_and_is_quiet[tablet]": "px too wide",
            "test_page_fits_and_is_quiet[panel-phone]": "px too wide",
            "test_page_fits_and_is_quiet[panel-tablet]": "px too wide",
            "test_page_fits_and_is_quiet[contactos-phone]": "px too wide",
            "test_page_fits_and_is_quiet[contactos-tablet]": "px too wide",
        }
    ),
    "page-title-missing": Expectation(
        {
            "test_page_has_title_and_language": "correct <title>",
            "smoke/test_liveness.py::test_frontend_is_served": "<title>Sistema de Automatización de Llamadas</title>",
        }
    ),
    "header-script-throws": Expectation(
        {"test_page_fits_and_is_quiet": "page error"},
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
            "test_login_page_fits_and_is_quiet": "https://cdn.example/inter.css",
            "test_page_fits_and_is_quiet": "https://cdn.example/inter.css",
        }
    ),
    "phone-taps-swallowed": Expectation(
        {
            "test_login_page_fits_and_is_quiet[phone]": "hide what lies over the controls",
            "test_page_fits_and_is_quiet[panel-phone]": "hide what lies over the controls",
            "test_page_fits_and_is_quiet[contactos-phone]": "hide what lies over the controls",
        }
    ),
    "dashboard-loads-over-http": Expectation({"test_page_fits_and_is_quiet": "http://"}),
    "dashboard-counts-finished-calls": Expectation(
        {
            "test_dashboard_shows_the_report": "Total de llamadas",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "Total de llamadas",
        }
    ),
    "dashboard-cards-swapped": Expectation(
        {
            "test_dashboard_shows_the_report": "Llamadas completadas",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "Llamadas completadas",
        }
    ),
    "dashboard-rate-divided-again": Expectation(
        {
            "test_dashboard_shows_the_report": "Tasa de éxito",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": "Tasa de éxito",
        }
    ),
    "page-shows-sample-data": Expectation(
        {
            "test_contacts_page_shows_the_contacts": "to be visible",
            "test_dashboard_shows_the_report": "is this sample data?",
            "regression/test_pages_dashboard.py::test_dashboard_says_the_same_in_any_browser": (
                "on each card its figure of the report"
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
        {"test_contact_is_created_through_the_form": "Application error"},
        collateral={"*test_double_click_creates_one_contact*": "there is no form to click in"},
    ),
    "console-error-on-contacts": Expectation({"test_page_fits_and_is_quiet": "contacts-anal"}),
    "contact-markup-executed": Expectation({"test_markup_in_a_name_is_text": "write names as text"}),
    "contacts-hidden-on-phones": Expectation({"test_contacts_page_shows_the_contacts[phone]": "hidden"}),
    "contact-form-loses-tags": Expectation({"test_contact_is_created_through_the_form": "what does the form send?"}),
}
