"""What people see in the browser."""

from proof.expected import Expected

PAGES, ENTRY = "smoke/test_pages.py::", "smoke/test_pages_sign_in.py::"
FORM, CONTACTS = "regression/test_pages_sign_in.py::", "regression/test_pages_contacts.py::"
SESSIONS, DASHBOARD = "regression/test_pages_sessions.py::", "regression/test_pages_dashboard.py::"

LOGIN_FITS, FITS = f"{PAGES}test_login_page_fits_and_is_quiet", f"{PAGES}test_page_fits_and_is_quiet"
REPORT, IN_ANY_BROWSER = f"{PAGES}test_dashboard_shows_the_report", f"{DASHBOARD}test_dashboard_says_the_same_in_any_browser"
SHOWN = f"{PAGES}test_contacts_page_shows_the_contacts"
CREATED = f"{PAGES}test_contact_is_created_through_the_form"
SENT_TO_SIGN_IN = f"{ENTRY}test_anonymous_visitor_is_sent_to_sign_in"
WAY_BACK, ELSEWHERE = f"{ENTRY}test_sign_in_leads_where_one_was_going", f"{ENTRY}test_sign_in_never_leads_elsewhere"
TOLD, NEXT_PERSON = f"{ENTRY}test_wrong_password_is_told", f"{SESSIONS}test_next_person_sees_what_is_theirs"
EXPIRED, DELETED = f"{SESSIONS}test_expired_session_ends_at_sign_in", f"{CONTACTS}test_contact_is_deleted_only_when_confirmed"
FIELD, SIX = f"{FORM}test_field_says_what_is_wrong", f"{FORM}test_six_characters_are_enough"


def only(check: str, words: str, **collateral: str) -> Expected:
    """One check sees it; keywords are the parts of the name of a check that may fail, too, and why."""
    return Expected({check: words}, collateral={f"*{name}*": why for name, why in collateral.items()})


EVERY_PAGE = {
    "page-scrolls-sideways": Expected(
        {
            f"{LOGIN_FITS}[phone]": "px too wide",
            f"{LOGIN_FITS}[tablet]": "px too wide",
            f"{FITS}[panel-phone]": "px too wide",
            f"{FITS}[panel-tablet]": "px too wide",
            f"{FITS}[contactos-phone]": "px too wide",
            f"{FITS}[contactos-tablet]": "px too wide",
        }
    ),
    "page-title-missing": Expected(
        {
            f"{PAGES}test_page_has_title_and_language": "correct <title>",
            "smoke/test_liveness.py::test_frontend_is_served": "<title>Sistema de Automatización de Llamadas</title>",
        }
    ),
    "header-script-throws": Expected(
        {FITS: "page error"},
        collateral={
            f"{ENTRY}test_sign_out_ends_the_session": "the menu behind the avatar is dead, and it is where one signs out",
            NEXT_PERSON: "nobody can sign out for the next person",
        },
    ),
    "style-from-another-host": Expected({LOGIN_FITS: "https://cdn.example/inter.css", FITS: "https://cdn.example/inter.css"}),
    "phone-taps-swallowed": Expected(
        {
            f"{LOGIN_FITS}[phone]": "hide what lies over the controls",
            f"{FITS}[panel-phone]": "hide what lies over the controls",
            f"{FITS}[contactos-phone]": "hide what lies over the controls",
        }
    ),
}

THE_DASHBOARD = {
    "dashboard-loads-over-http": only(FITS, "http://"),
    "dashboard-never-rests": Expected(
        {f"{DASHBOARD}test_dashboard_comes_to_rest": "to come to rest"},
        collateral={
            f"{FITS}[panel-*": "waits for the dashboard to come to rest, and sees it when the machine is quick enough",
            REPORT: "as above",
            IN_ANY_BROWSER: "as above",
            f"{EXPIRED}*": "as above",
            f"{ENTRY}test_sign_out_ends_the_session": "as above",
            NEXT_PERSON: "as above",
        },
    ),
    "dashboard-counts-finished-calls": Expected(dict.fromkeys((REPORT, IN_ANY_BROWSER), "Total de llamadas")),
    "dashboard-cards-swapped": Expected(dict.fromkeys((REPORT, IN_ANY_BROWSER), "Llamadas completadas")),
    "dashboard-rate-divided-again": Expected(dict.fromkeys((REPORT, IN_ANY_BROWSER), "Tasa de éxito")),
    "dashboard-mean-read-as-spanish": Expected(
        {f"{IN_ANY_BROWSER}[en-US]": "Llamadas por día", f"{IN_ANY_BROWSER}[es-MX]": "Llamadas por día"}
    ),
    "dashboard-follows-the-browsers-language": only(f"{IN_ANY_BROWSER}[en-US]", "does the page follow the browser's language?"),
    "page-shows-sample-data": Expected(
        {SHOWN: "to be visible", REPORT: "is this sample data?", IN_ANY_BROWSER: "on each card its figure of the report"},
        first=(REPORT, SHOWN, IN_ANY_BROWSER),
        collateral={
            f"{PAGES}test_markup_in_a_name_is_text": "the script of the list is not there, and so nothing in it works",
            f"{CONTACTS}*": "as above",
            f"{EXPIRED}*": "invented data need no session",
            NEXT_PERSON: "as above",
        },
    ),
}

THE_WAY_IN = {
    "supabase-auth-down": Expected(
        {
            TOLD: "Credenciales inválidas",
            WAY_BACK: "Supabase not answer",
            "integration/test_supabase.py::test_identity_signs_in": "name resolution failed",
        },
        collateral={
            "integration/*": "signs in at Supabase first",
            "pre_deploy/test_limits.py::*": "counts refusals of a sign-in, where there are only outages",
        },
    ),
    "login-form-submits-itself": Expected(
        {
            f"{ENTRY}test_password_stays_out_of_addresses": "the form is sent with GET",
            TOLD: "handle the press",
            FIELD: "before anything is sent",
        },
        first=(f"{ENTRY}test_password_stays_out_of_addresses",),
        collateral={
            SIX: "the browser leaves before the script has asked Supabase",
            WAY_BACK: "whoever is quicker, the browser or the script, decides where one ends",
        },
    ),
    "login-follows-any-redirect": only(ELSEWHERE, "follow a redirect only if"),
    "login-redirect-checked-by-its-slash": only(f"{ELSEWHERE}[no scheme]", "follow a redirect only if"),
    "login-ignores-the-way-back": only(WAY_BACK, "follow the redirect parameter"),
    "login-forgets-the-way-back": Expected(
        {SENT_TO_SIGN_IN: "or the way back forgotten?", WAY_BACK: "follow the redirect parameter"}
    ),
    "login-dead-on-first-click": Expected(
        {
            WAY_BACK: "watch the requests of one press: is it lost",
            TOLD: "handle the press",
            FIELD: "handle the press",
            SIX: "handle the press",
        },
    ),
    "login-shows-the-vendors-error": only(TOLD, "not the vendor's?"),
    "login-wants-eight-characters": only(SIX, "the rule of 8 is for new passwords"),
    "login-takes-any-length": only(f"{FIELD}[five characters]", "before anything is sent"),
    "field-errors-not-tied": only(FIELD, "aria-describedby"),
    "service-key-in-the-page": only(f"{ENTRY}test_page_carries_the_anonymous_key", "service_role"),
}

SESSIONS_AND_GUARDS = {
    "page-guard-missing": only(f"{SENT_TO_SIGN_IN}[/contacts/new]", "is the page rendered for anonymous visitors"),
    "new-contact-page-unguarded": only(f"{SENT_TO_SIGN_IN}[/contacts/new]", "is the page rendered for anonymous visitors"),
    "new-contact-page-broken": only(
        CREATED,
        "Application error",
        test_double_click_creates_one_contact="there is no form to click in",
    ),
    "stale-cookie-loops": only(f"{SESSIONS}test_stale_cookie_is_no_session", "ERR_TOO_MANY_REDIRECTS"),
    "expired-session-shows-an-error": only(EXPIRED, "treat a 401 of the API as the end of the session"),
    "expired-session-loops": only(EXPIRED, "to come to rest"),
    "sign-out-only-leaves-the-page": Expected(
        {f"{ENTRY}test_sign_out_ends_the_session": "or only leave the page?"},
        collateral={NEXT_PERSON: "the next person is still the one before"},
    ),
}

THE_CONTACTS = {
    "console-error-on-contacts": only(FITS, "contacts-anal"),
    "contact-markup-executed": only(f"{PAGES}test_markup_in_a_name_is_text", "write names as text"),
    "contacts-kept-for-the-next-person": Expected(
        {
            NEXT_PERSON: "does the browser keep answers beyond signing out?",
            f"{EXPIRED}[/contacts]": "Then the browser keeps answers",
        },
        collateral={f"{CONTACTS}test_failure_is_told_in_the_products_words": "the API is not asked again: no failure is noticed"},
    ),
    "contacts-second-page-is-the-first": only(
        f"{CONTACTS}test_second_page_shows_the_next_contacts", "which `skip` does the page send?"
    ),
    "contacts-search-ignored": Expected(
        {
            f"{CONTACTS}test_search_shows_only_what_matches": "does the page send what was typed",
            f"{CONTACTS}test_search_without_a_hit_says_so": "Then the search is not sent",
        }
    ),
    "contacts-hidden-on-phones": Expected(
        {f"{SHOWN}[phone]": "hidden"},
    ),
    "contact-form-loses-tags": only(CREATED, "what does the form send?"),
    "contact-created-twice": only(f"{CONTACTS}test_double_click_creates_one_contact", "2 contacts"),
    "contact-deleted-on-cancel": only(f"{DELETED}[Cancelar-200]", "the answer to its question"),
    "contacts-show-the-raw-error": only(f"{CONTACTS}test_failure_is_told_in_the_products_words", "leave the API's to the log"),
    "contacts-empty-list-blank": only(f"{CONTACTS}test_search_without_a_hit_says_so", "say that nothing was found"),
    "missing-contact-blank": only(f"{CONTACTS}test_missing_contact_is_told", "handle the API's 404"),
    "export-named-by-local-date": only(f"{CONTACTS}test_export_is_named_by_its_day", "ISO 8601"),
    "contacts-left-in-english": only(
        f"{CONTACTS}test_list_speaks_spanish_and_names_its_buttons", "no button named ['Nuevo Contacto']"
    ),
    "contact-buttons-nameless": Expected(
        dict.fromkeys(
            (f"{CONTACTS}test_list_speaks_spanish_and_names_its_buttons", DELETED), "give icon buttons their aria-label"
        )
    ),
}

FAULTS = EVERY_PAGE | THE_DASHBOARD | THE_WAY_IN | SESSIONS_AND_GUARDS | THE_CONTACTS
