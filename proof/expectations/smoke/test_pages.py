from proof.expectations import Expectation

PAGES = (
    "regression/test_pages_contacts.py::test_*",
    "regression/test_pages_dashboard.py::test_*",
    "regression/test_pages_sessions.py::test_*",
    "regression/test_pages_sign_in.py::test_*",
    "smoke/test_pages.py::test_*",
    "smoke/test_pages_sign_in.py::test_*",
)
FAULTS = {
    "page-scrolls-sideways": Expectation(
        {
            f"test_page_fits_the_screen[{page}-{on}]": "page-wider-than-screen"
            for page in ("login", "panel", "contactos")
            for on in ("phone", "tablet")
        }
    ),
    "page-title-missing": Expectation(
        {
            "test_page_has_its_title": "frontend-of-another-application",
            "smoke/test_liveness.py::test_frontend_is_served": "frontend-of-another-application",
        }
    ),
    "header-script-throws": Expectation(
        {
            "test_page_is_quiet": "page-script-error",
            "smoke/test_pages_sign_in.py::test_sign_out_ends_the_session": "page-script-error",
            "regression/test_pages_sessions.py::test_next_person_sees_what_is_theirs": "page-script-error",
        },
    ),
    "style-from-another-host": Expectation({"test_page_asks_nobody_else": "page-asks-third-party"}),
    "phone-taps-swallowed": Expectation(
        {f"test_controls_can_be_reached[{page}-phone]": "controls-covered" for page in ("login", "panel", "contactos")}
    ),
    "dashboard-loads-over-http": Expectation({"test_page_is_quiet": "page-blocked-by-policy"}),
    "dashboard-counts-finished-calls": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser": "dashboard-figures-wrong",
        }
    ),
    "dashboard-cards-swapped": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser": "dashboard-figures-wrong",
        }
    ),
    "dashboard-rate-divided-again": Expectation(
        {
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser": "dashboard-figures-wrong",
        }
    ),
    "page-shows-sample-data": Expectation(
        {
            "test_contacts_page_shows_the_contacts": "pages-contacts-not-shown",
            "test_dashboard_shows_the_report": "dashboard-figures-wrong",
            "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser": "dashboard-figures-wrong",
        },
        first=(
            "test_dashboard_shows_the_report",
            "test_contacts_page_shows_the_contacts",
            "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser",
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
        collateral={
            "*test_double_click_creates_one_contact*": "there is no form to click in",
            "regression/test_pages_contacts.py::test_saving_is_told": "as above",
        },
        blocked={"regression/test_pages_contacts.py::test_fields_of_the_form_have_labels": "there is no form"},
    ),
    "console-error-on-contacts": Expectation({"test_page_is_quiet": "page-script-missing"}),
    "contact-markup-executed": Expectation({"test_markup_in_a_name_is_text": "markup-in-name-executed"}),
    "contacts-hidden-on-phones": Expectation({"test_contacts_page_shows_the_contacts[phone]": "pages-contacts-not-shown"}),
    "contact-form-loses-tags": Expectation({"test_contact_is_created_through_the_form": "contact-form-loses-input"}),
    "contacts-script-throws": Expectation(
        {
            "test_page_is_quiet": "page-script-error",
            "test_contacts_page_shows_the_contacts": "page-script-error",
            "test_markup_in_a_name_is_text": "page-script-error",
        },
        collateral={"*_pages_*": "the script of the list is dead, and so is what stands on it"},
    ),
    "front-page-fails": Expectation(
        {
            "test_page_is_the_one_asked_for": "page-not-served",
            "test_page_is_quiet": "page-not-served",
            "test_dashboard_has_its_cards": "page-not-served",
            "test_dashboard_shows_the_report": "page-not-served",
            "test_page_asks_nobody_else[panel]": "page-not-served",
            "test_page_has_one_h1[panel]": "page-not-served",
        },
        collateral={"*_pages*": "whoever comes to the front page sees an error"},
    ),
    "login-page-fails": Expectation(
        {"test_page_is_quiet": "page-not-served"},
        collateral={"*": "nobody comes past the login page"},
        blocked=dict.fromkeys(PAGES, "nobody comes past the login page"),
    ),
    "session-script-missing": Expectation(
        {
            "test_page_is_quiet": "page-script-missing",
            "smoke/test_pages_sign_in.py::test_wrong_password_is_told": "page-script-missing",
        },
        collateral={"*_pages*": "every page is dead"},
        blocked=dict.fromkeys(PAGES, "every page is dead"),
    ),
    "page-policy-forbids-scripts": Expectation(
        {
            "test_page_is_quiet": "page-blocked-by-policy",
            "smoke/test_pages_sign_in.py::test_wrong_password_is_told": "page-blocked-by-policy",
        },
        collateral={"*_pages*": "every page is dead"},
        blocked=dict.fromkeys(PAGES, "every page is dead"),
    ),
    "pages-send-no-token": Expectation(
        {
            "test_page_is_quiet": "page-calls-without-token",
            "test_contacts_page_shows_the_contacts": "page-calls-without-token",
            "test_dashboard_has_its_cards": "page-calls-without-token",
            "test_contact_is_created_through_the_form": "page-calls-without-token",
            "test_markup_in_a_name_is_text": "page-calls-without-token",
        },
        collateral={"*_pages*": "no page gets its data"},
        blocked=dict.fromkeys(
            (
                "regression/test_pages_dashboard.py::test_dashboard_counts_the_same_in_any_browser",
                "test_controls_can_be_reached",
                "test_dashboard_shows_the_report",
                "test_page_fits_the_screen",
            ),
            "no page gets its data",
        ),
    ),
    "pages-call-localhost": Expectation(
        {
            "test_page_is_quiet": "page-calls-another-api",
            "test_contacts_page_shows_the_contacts": "page-calls-another-api",
            "test_dashboard_has_its_cards": "page-calls-another-api",
        },
        collateral={"*_pages*": "no page gets its data"},
    ),
    "pages-load-web-statistics": Expectation({"test_page_asks_nobody_else": "page-asks-third-party"}),
    "pages-without-h1": Expectation({"test_page_has_one_h1": "page-without-one-h1"}),
    "new-contact-fields-unread": Expectation(
        {
            "test_contact_is_created_through_the_form": "page-press-sends-nothing",
            "regression/test_pages_contacts.py::test_double_click_creates_one_contact": "page-press-sends-nothing",
            "regression/test_pages_contacts.py::test_saving_is_told": "page-press-sends-nothing",
        }
    ),
    "menu-leads-nowhere": Expectation({"test_menu_leads_to_pages": "menu-leads-nowhere"}),
}
