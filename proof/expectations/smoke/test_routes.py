"""Faults of whole routes. What fails beside them uses these routes, and what cannot look needs what they serve."""

from collections.abc import Mapping
from types import MappingProxyType

from proof.expectations import Expectation

Places = tuple[str, ...]
# Checks that use the routes of an area among others, and those that stand on them.
OF_ALL = (
    "pre_deploy/test_errors.py::*",
    "pre_deploy/test_hardening.py::*",
    "pre_deploy/test_limits.py::*",
    "pre_deploy/test_logging.py::*",
    "pre_deploy/test_permissions.py::*",
    "regression/test_metrics_rules.py::*",
    "regression/test_paging_rules.py::*",
    "regression/test_privacy.py::*",
    "smoke/test_edge.py::*",
    "smoke/test_lists.py::*",
    "smoke/test_logs.py::*",
    "smoke/test_pages.py::*",
    "smoke/test_response_times.py::*",
    "smoke/test_round_trips.py::*",
)
PANEL = (  # whose figures come from reports and campaigns
    "regression/test_pages_dashboard.py::*",
    "smoke/test_pages.py::test_controls_can_be_reached",
    "smoke/test_pages.py::test_dashboard_shows_the_report",
    "smoke/test_pages.py::test_page_fits_the_screen",
)
SECOND_READER = "smoke/test_edge.py::test_second_reader_gets_an_answer_of_their_own"
MASKS = "regression/test_privacy.py::test_viewer_sees_masks_only"
OF_CONTACTS = (
    "integration/test_call_lines.py::*",
    "integration/test_registration.py::test_newcomer_only_looks",
    "pre_deploy/test_logging.py::*",
    "regression/test_privacy.py::*",
    "smoke/test_round_trips.py::*",
    SECOND_READER,
    "regression/test_call_rules.py::*",
    "regression/test_contact_lists.py::*",
    "regression/test_contact_rules.py::*",
    "regression/test_import_export.py::*",
    "regression/test_pages_contacts.py::*",
    "regression/test_pages_sessions.py::*",
    "regression/test_webhook_rules.py::*",
    "smoke/test_access.py::*",
    "smoke/test_identities.py::*",
    "smoke/test_webhooks.py::*",
    "smoke/test_edge.py::test_metrics_count_what_happens",
    "regression/test_fields.py::*[contact*",
    "regression/test_listing_rules.py::*[*/api/contacts/*",
    "regression/test_list_changes.py::*",
    "regression/test_paging_rules.py::*",
    "smoke/test_pages.py::test_markup_in_a_name_is_text",
)
OF_CAMPAIGNS = (
    *PANEL,
    "regression/test_fields.py::*[campaign*",
    "regression/test_listing_rules.py::*[*/api/campaigns/*",
    "pre_deploy/test_authentication.py::test_scheme_is_read_in_any_case",
    "integration/test_call_lines.py::*",
    "smoke/test_lists.py::test_pages_of_campaigns_do_not_overlap",
    "smoke/test_round_trips.py::*",
    SECOND_READER,
    "regression/test_call_rules.py::*",
    "regression/test_campaign_rules.py::*",
    "regression/test_report_rules.py::*",
    "regression/test_webhook_rules.py::*",
    "smoke/test_access.py::*",
    "smoke/test_reports.py::*",
    "smoke/test_webhooks.py::*",
)
OF_CALLS = (
    "regression/test_listing_rules.py::*",
    "regression/test_privacy.py::*",
    SECOND_READER,
    "integration/test_call_lines.py::*",
    "regression/test_call_rules.py::*",
    "regression/test_import_export.py::*",
    "regression/test_report_rules.py::*",
    "regression/test_webhook_rules.py::*",
    "smoke/test_reports.py::*",
    "smoke/test_webhooks.py::*",
)
OF_REPORTS = (
    "regression/test_listing_rules.py::*[*/api/reports/*",
    MASKS,
    *PANEL,
    SECOND_READER,
    "regression/test_call_rules.py::*",
    "regression/test_import_export.py::*",
    "regression/test_report_rules.py::*",
    "smoke/test_reports.py::*",
)
# What begins with a list, and what compares a page with the report.
LISTED = (
    "regression/test_paging_rules.py::*",
    "smoke/test_lists.py::test_pages_of_campaigns_do_not_overlap",
    "smoke/test_pages.py::test_dashboard_shows_the_report",
)
OF_CACHES = ("smoke/test_caches.py::*", SECOND_READER, "smoke/test_liveness.py::test_health_agrees_with_redis")
OF_EXPORTS = (
    "regression/test_import_export.py::*",
    "regression/test_pages_contacts.py::*",
    "regression/test_contact_lists.py::*",
)
OF_CALL_DETAIL = (
    MASKS,
    "regression/test_call_rules.py::*",
    "regression/test_webhook_rules.py::*",
    "integration/test_call_lines.py::*",
)


def because(why: str, *areas: Places) -> Mapping[str, str]:
    """Each of these checks, for this reason; and whatever falls over it elsewhere."""
    return {"*": why} | dict.fromkeys([place for area in (OF_ALL, *areas) for place in area], why)


def served(
    *routes: str, why: str, using: Places = (), needing: Places = (), also: Mapping[str, str] = MappingProxyType({})
) -> Expectation:
    """Each of these routes answers 5xx: checks that are `using` them fail, and those that are `needing` them cannot look.

    `also`: checks that find something else in these answers -> its cause.
    """
    kills = {f"test_route_is_served[{route}]": "route-answers-5xx" for route in routes}
    return Expectation(
        kills | dict(also), first=tuple(kills), collateral=because(why, using, needing), blocked=dict.fromkeys(needing, why)
    )


def refused(*routes: str, using: Places) -> Expectation:
    """These routes refuse the token that opens the others."""
    why = "the router lets nobody in"
    kills = {f"test_token_opens_every_route[{route}]": "token-opens-not-every-router" for route in routes}
    return Expectation(kills, first=tuple(kills), collateral=because(why, using), blocked=dict.fromkeys(using, why))


FAULTS = {
    "token-refused-by-contacts": refused("contactos", "listas de contactos", "exportación de contactos", using=OF_CONTACTS),
    "token-refused-by-campaigns": refused("campañas", "campaña", using=OF_CAMPAIGNS),
    "token-refused-by-calls": refused("llamadas", "métricas de llamadas", using=OF_CALLS),
    "token-refused-by-reports": refused("rendimiento", "historial de llamadas", using=OF_REPORTS),
    "token-refused-by-cache": refused("caché", using=OF_CACHES),
    "token-refused-by-audio-cache": refused("caché de audio", using=OF_CACHES),
    "contact-column-not-migrated": Expectation(
        {
            "test_route_is_served[contactos]": "route-answers-5xx",
            "smoke/test_lists.py::test_contacts_come_in_pages": "request-not-served",
        },
        collateral=because("whatever lists contacts gets a 500", OF_CONTACTS),
        blocked=dict.fromkeys(OF_CONTACTS, "no contact can be listed"),
    ),
    "contacts-router-crashes": served(
        "contactos",
        "contacto",
        "búsqueda de contactos",
        "listas de contactos",
        "lista de contactos",
        "exportación de contactos",
        why="whatever needs a contact fails",
        needing=OF_CONTACTS,
    ),
    "campaigns-router-crashes": served("campañas", "campaña", why="whatever needs a campaign fails", needing=OF_CAMPAIGNS),
    "calls-router-crashes": served(
        "llamadas", "llamada", "métricas de llamadas", why="whatever needs calls fails", needing=OF_CALLS
    ),
    "reports-router-crashes": served(
        "rendimiento",
        "rendimiento de campañas",
        "resumen de campaña",
        "historial de llamadas",
        "exportación de llamadas",
        why="whatever needs a report fails",
        needing=(*OF_REPORTS, *LISTED),
    ),
    "caches-router-crashes": served(
        "caché",
        "caché de audio",
        why="whatever reads the caches' statistics fails",
        using=(
            "pre_deploy/test_permissions.py::test_operator_does_not_administer",
            "pre_deploy/test_permissions.py::test_viewer_changes_nothing",
        ),
        needing=OF_CACHES,
    ),
    "contact-detail-crashes": served("contacto", why="whatever opens a contact fails", needing=OF_CONTACTS),
    "campaign-detail-crashes": served("campaña", why="whatever opens a campaign fails", needing=OF_CAMPAIGNS),
    "call-detail-crashes": served("llamada", why="whatever opens a call fails", needing=OF_CALL_DETAIL),
    "contact-search-crashes": served(
        "búsqueda de contactos",
        why="whatever searches for a contact fails",
        using=("regression/test_contact_rules.py::*",),
        needing=(MASKS, "regression/test_listing_rules.py::*[*/search*", "pre_deploy/test_logging.py::*"),
    ),
    "contact-export-crashes": served("exportación de contactos", why="whatever exports contacts fails", needing=OF_EXPORTS),
    "call-export-crashes": served(
        "exportación de llamadas", why="whatever exports calls fails", needing=(*OF_EXPORTS, "smoke/test_reports.py::*")
    ),
    "call-metrics-crash": served(
        "métricas de llamadas",
        why="whatever reads the metrics of calls fails",
        using=("regression/test_call_rules.py::*",),
        needing=("regression/test_report_rules.py::*",),
    ),
    "performance-report-crashes": served(
        "rendimiento", why="whatever needs the report fails, the dashboard included", needing=(*OF_REPORTS, *LISTED)
    ),
    "campaign-summary-crashes": served(
        "resumen de campaña",
        why="whatever reads the summary fails",
        needing=("smoke/test_reports.py::test_campaign_summary_agrees_with_its_calls",),
    ),
    "supabase-service-key-missing": served(
        "contactos",
        "campañas",
        "llamadas",
        "rendimiento",
        why="nothing but sign-in and the caches is there",
        needing=(
            *OF_CONTACTS,
            *OF_CAMPAIGNS,
            *OF_CALLS,
            *OF_REPORTS,
            *LISTED,
            "smoke/test_pages.py::test_markup_in_a_name_is_text",
        ),
        also={"pre_deploy/test_errors.py::test_error_tells_nothing_inside[comillas]": "error-reveals-internals"},
    ),
    "call-history-told-as-unauthorized": Expectation(
        {"test_token_opens_every_route[historial de llamadas]": "route-refuses-good-token"},
        collateral=because("whatever reads the history is refused", OF_REPORTS),
        blocked=dict.fromkeys(("regression/test_privacy.py::*", "regression/test_report_rules.py::*"), "it reads the history"),
    ),
}
