"""What people see in the browser."""

from tests.proof.expected import Expected

FAULTS = {
    "page-scrolls-sideways": Expected(
        {
            "smoke/test_pages.py::test_login_page_fits_and_is_quiet[tableta]": "px too wide",
            "smoke/test_pages.py::test_page_fits_and_is_quiet[panel-tableta]": "px too wide",
        }
    ),
    "console-error-on-contacts": Expected(
        {"smoke/test_pages.py::test_page_fits_and_is_quiet[contactos-escritorio]": "contacts-anal"}
    ),
    "supabase-auth-down": Expected(
        {
            "smoke/test_pages.py::test_wrong_password_is_told": "Credenciales inválidas",
            "integration/test_supabase.py::test_identity_signs_in": "name resolution failed",
        }
    ),
    "login-forgets-the-way-back": Expected(
        {
            "smoke/test_pages.py::test_anonymous_visitor_is_sent_to_sign_in[/contacts]": "/login?redirect=",
            "smoke/test_pages.py::test_sign_in_leads_where_one_was_going": "Contactos",
        }
    ),
    "page-shows-sample-data": Expected(
        {
            "smoke/test_pages.py::test_contacts_page_shows_the_contacts": "to be visible",
            "smoke/test_pages.py::test_dashboard_shows_the_report": "is this sample data?",
        }
    ),
}
