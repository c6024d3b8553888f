"""The texts of the seed data: invented people, campaigns and conversations, in Spanish."""

from dataclasses import dataclass

FIRST_NAMES = (
    "María", "José", "Carmen", "Antonio", "Lucía", "Francisco", "Sofía", "Manuel", "Elena", "Javier", "Paula", "Diego",
    "Marta", "Sergio", "Laura", "Andrés", "Irene", "Pablo", "Nuria", "Álvaro", "Inés", "Íñigo", "Begoña", "Óscar", "Rocío",
)  # fmt: skip
SURNAMES = (
    "García López", "Fernández Ruiz", "Martínez Gil", "Sánchez Mora", "Pérez Núñez", "Gómez Ibáñez", "Muñoz Vidal",
    "Díaz Peña", "Álvarez Soto", "Romero Cano", "Navarro Rey", "Torres Arias", "Ramírez Vega", "Serrano León", "Castaño Puig",
)  # fmt: skip
TAGS = ("cliente", "potencial", "premium", "newsletter", "renovación", "soporte")
NOTES = ("Prefiere que le llamen por la tarde.", "Pidió información por correo.", "Cliente desde 2021.", "No llamar los viernes.")


@dataclass(frozen=True)
class CampaignSeed:
    """`outcomes` are the statuses of its ten calls, oldest first."""

    name: str
    description: str
    status: str
    campaign_type: str
    script: str
    key_points: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class ListSeed:
    name: str
    description: str
    members: slice  # of the fifty contacts


LISTS = (
    ListSeed("Clientes activos", "Clientes con contrato en vigor.", slice(20)),
    ListSeed("Clientes potenciales", "Personas que pidieron información.", slice(20, 40)),
    ListSeed("Renovaciones de este trimestre", "Contratos que vencen pronto.", slice(10, 50, 2)),
)

CAMPAIGNS = (
    CampaignSeed(
        "Captación de otoño",
        "Presentación de la tarifa nueva a clientes potenciales.",
        "active",
        "sales",
        "Hola {name}, le llamamos para presentarle nuestra tarifa de otoño.",
        ("Precio fijo durante un año", "Sin permanencia"),
        ("completed",) * 4 + ("failed", "busy", "no_answer", "in_progress", "pending", "scheduled"),
    ),
    CampaignSeed(
        "Encuesta de satisfacción",
        "Tres preguntas sobre la atención recibida.",
        "paused",
        "survey",
        "Hola {name}, ¿podría dedicarnos dos minutos para valorar nuestra atención?",
        ("Del uno al diez", "Agradecer siempre"),
        ("completed",) * 3 + ("failed", "error", "no_answer", "cancelled", "pending", "scheduled", "scheduled"),
    ),
    CampaignSeed(
        "Bienvenida a clientes",
        "Primera llamada a quienes acaban de contratar.",
        "draft",
        "educational",
        "Hola {name}, bienvenido. Queremos explicarle cómo sacar partido a su servicio.",
        ("Área de clientes", "Teléfono de soporte"),
        ("scheduled",) * 8 + ("pending",) * 2,
    ),
    CampaignSeed(
        "Renovación de contratos",
        "Contratos que vencían el trimestre pasado.",
        "completed",
        "retention",
        "Hola {name}, su contrato vence pronto y tenemos una propuesta para usted.",
        ("Descuento por fidelidad",),
        ("completed",) * 7 + ("failed", "busy", "no_answer"),
    ),
    CampaignSeed(
        "Seguimiento de incidencias",
        "Comprobar que las averías quedaron resueltas.",
        "cancelled",
        "support",
        "Hola {name}, le llamamos para saber si su incidencia quedó resuelta.",
        ("Pedir disculpas", "Ofrecer un técnico"),
        ("completed",) * 4 + ("error",) + ("cancelled",) * 5,
    ),
)

DIALOGUE = (
    ("Hola, dígame.", "Buenos días. Le llamo por la propuesta que le enviamos."),
    ("Sí, estoy interesado.", "Estupendo. ¿Le viene bien que un compañero le llame mañana?"),
    ("Mañana por la tarde, mejor.", "Anotado. Muchas gracias por su tiempo."),
)
