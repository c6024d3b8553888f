from proof.expectations import Expectation


def served(*routes: str, collateral: str) -> Expectation:
    """Each of these routes answers 5xx, and so fails whatever uses them."""
    kills = {f"test_route_is_served[{route}]": "route-answers-5xx" for route in routes}
    return Expectation(kills, first=tuple(kills), collateral={"*": collateral})


def refused(*routes: str) -> Expectation:
    """These routes refuse the token that opens the others."""
    kills = {f"test_token_opens_every_route[{route}]": "token-opens-not-every-router" for route in routes}
    return Expectation(kills, first=tuple(kills), collateral={"*": "whatever uses the router is refused"})


FAULTS = {
    "token-refused-by-contacts": refused("contactos", "listas de contactos", "exportación de contactos"),
    "token-refused-by-campaigns": refused("campañas", "campaña"),
    "token-refused-by-calls": refused("llamadas", "métricas de llamadas"),
    "token-refused-by-reports": refused("rendimiento", "historial de llamadas"),
    "token-refused-by-cache": refused("caché"),
    "token-refused-by-audio-cache": refused("caché de audio"),
    "contacts-router-crashes": served(
        "contactos",
        "contacto",
        "búsqueda de contactos",
        "listas de contactos",
        "lista de contactos",
        "exportación de contactos",
        collateral="whatever needs a contact fails",
    ),
    "campaigns-router-crashes": served("campañas", "campaña", collateral="whatever needs a campaign fails"),
    "calls-router-crashes": served("llamadas", "llamada", "métricas de llamadas", collateral="whatever needs calls fails"),
    "reports-router-crashes": served(
        "rendimiento",
        "rendimiento de campañas",
        "resumen de campaña",
        "historial de llamadas",
        "exportación de llamadas",
        collateral="whatever needs a report fails",
    ),
    "caches-router-crashes": served("caché", "caché de audio", collateral="whatever reads the caches' statistics fails"),
    "contact-detail-crashes": served("contacto", collateral="whatever opens a contact fails"),
    "campaign-detail-crashes": served("campaña", collateral="whatever opens a campaign fails"),
    "call-detail-crashes": served("llamada", collateral="whatever opens a call fails"),
    "contact-search-crashes": served("búsqueda de contactos", collateral="whatever searches for a contact fails"),
    "contact-export-crashes": served("exportación de contactos", collateral="whatever exports contacts fails"),
    "call-export-crashes": served("exportación de llamadas", collateral="whatever exports calls fails"),
    "call-metrics-crash": served("métricas de llamadas", collateral="whatever reads the metrics of calls fails"),
    "performance-report-crashes": served("rendimiento", collateral="whatever needs the report fails, the dashboard included"),
    "campaign-summary-crashes": served("resumen de campaña", collateral="whatever reads the summary fails"),
    "supabase-service-key-missing": served(
        "contactos", "campañas", "llamadas", "rendimiento", collateral="nothing but sign-in and the caches is there"
    ),
    "call-history-told-as-unauthorized": Expectation(
        {"test_token_opens_every_route[historial de llamadas]": "route-refuses-good-token"},
        collateral={"*": "whatever reads the history fails"},
    ),
}
