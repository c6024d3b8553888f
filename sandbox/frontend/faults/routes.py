"""What the server of the pages can do wrong."""

from functools import partial

from sandbox.faults import declare
from sandbox.frontend.faults.edits import (
    BEHIND_SIGN_IN,
    IN_CONTACTS,
    IN_DATA,
    IN_THE_DASHBOARD,
    IN_THE_FORM,
    IN_THE_SIGN_IN,
)

fault = partial(declare, part="frontend", kind="frontend")

PAGE_SCROLLS_SIDEWAYS = fault(
    "page-scrolls-sideways",
    "The layout has a fixed width of 1240 px, so that phones and tablets must scroll sideways.",
    severity=2,
    finding="the page is wider than the screen of a phone",
)
CONSOLE_ERROR_ON_CONTACTS = fault(
    "console-error-on-contacts",
    "/contacts loads a script that was not shipped with the build.",
    severity=1,
    finding="the browser console of /contacts shows an error",
)
LOGIN_PAGE_LANG_EN = fault(
    "login-page-lang-en",
    "/login is declared as English, so that screen readers pronounce its Spanish wrongly.",
    severity=3,
    finding="<html lang> of /login is not es",
)
GUARD_MISSING = fault(
    "page-guard-missing",
    "Pages are served to anonymous visitors; only their data calls fail.",
    kind="authorization",
    severity=2,
    rulings=("R-26",),
    finding="an anonymous visitor sees a page instead of /login",
)
WAY_BACK_FORGOTTEN = fault(
    "login-forgets-the-way-back",
    "The page guard sends to /login and does not say where the visitor was going.",
    severity=3,
    rulings=("R-26",),
    excludes=("page-guard-missing",),
    finding="after signing in everybody ends at the dashboard",
)
NEW_CONTACT_UNGUARDED = fault(
    "new-contact-page-unguarded",
    "The page for a new contact was added later, and nobody put it behind the guard.",
    kind="authorization",
    severity=2,
    rulings=("R-26",),
    excludes=("page-guard-missing",),
    finding="an anonymous visitor sees the form for a new contact instead of /login",
)
NEW_CONTACT_BROKEN = fault(
    "new-contact-page-broken",
    "The page for a new contact fails while it is rendered, and the error page is sent with status 200.",
    severity=1,
    finding="/contacts/new answers 200 and shows an error",
    hides=IN_THE_FORM,
)
STALE_COOKIE_LOOPS = fault(
    "stale-cookie-loops",
    "/login takes any session cookie for a session and sends its owner away, to a page that finds it expired.",
    severity=1,
    rulings=("R-26",),
    finding="whoever comes back after a while gets too many redirects",
)
SERVICE_KEY_SHOWN = fault(
    "service-key-in-the-page",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY was set to the service key, which works everywhere.",
    kind="authorization",
    severity=1,
    finding="every visitor is given the key that passes all row-level security",
)
SAMPLE_DATA = fault(
    "page-shows-sample-data",
    "The build still contains the sample data of the design.",
    kind="data",
    severity=1,
    finding="the pages show invented contacts and numbers",
    hides=(*IN_CONTACTS, *IN_THE_DASHBOARD, "contacts-script-throws"),  # loaded in place of the page's own script
)
FRONT_PAGE_FAILS = fault(
    "front-page-fails",
    "The dashboard fails while it is rendered.",
    severity=1,
    finding="the dashboard answers 500",
    hides=IN_THE_DASHBOARD,
)
LOGIN_PAGE_FAILS = fault(
    "login-page-fails",
    "The login page fails while it is rendered.",
    severity=1,
    finding="/login answers 500, and nobody can sign in",
    hides=(
        *IN_THE_SIGN_IN,
        *BEHIND_SIGN_IN,
        "frontend-of-another-release",
        "login-form-submits-itself",
        "login-left-in-english",
        "login-page-lang-en",
        "messages-not-announced",
        "page-policy-forbids-scripts",
        "page-scrolls-sideways",
        "page-title-missing",
        "pages-load-web-statistics",
        "pages-without-h1",
        "phone-taps-swallowed",
        "service-key-in-the-page",
        "session-script-missing",
        "style-from-another-host",
    ),
)
API_OF_DEVELOPMENT = fault(
    "pages-call-localhost",
    "NEXT_PUBLIC_API_URL was not set for the build, so the pages call the API of a developer's machine.",
    severity=1,
    finding="the pages call http://localhost:8000",
    hides=(*IN_DATA, "pages-send-no-token"),
)
NOT_SHIPPED = ("/calls", "/reports")
MENU_LEADS_NOWHERE = fault(
    "menu-leads-nowhere",
    "The menu was shipped with entries whose pages come with the next release.",
    severity=2,
    finding="Llamadas and Reportes in the menu lead to a page that does not exist",
)
