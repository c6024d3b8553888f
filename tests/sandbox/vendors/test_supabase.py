"""Supabase's stand-in answers the official SDK and plain requests the way Supabase does."""

import ssl
import uuid
from collections.abc import Iterator
from typing import Any, Protocol

import httpx
import jwt
import pytest


class Sandbox(Protocol):
    """What this file uses of the fixture."""

    profile: dict[str, str]

    def control(self, *faults: str) -> Any: ...


class Vendors:
    """SDK clients on one https client that trusts the sandbox's authority."""

    def __init__(self, profile: dict[str, str]) -> None:
        self.profile = profile
        self.http = httpx.Client(verify=ssl.create_default_context(cafile=profile["LV_CA_FILE"]), timeout=15)
        self.emails: list[str] = []

    def supabase(self, key: str = "SUPABASE_KEY") -> Any:
        from supabase import ClientOptions, create_client  # noqa: PLC0415 - slow to import

        options = ClientOptions(httpx_client=self.http, postgrest_client_retry=False, auto_refresh_token=False)
        return create_client(self.profile["SUPABASE_URL"], self.profile[key], options)

    def service(self) -> Any:
        return self.supabase("SUPABASE_SERVICE_KEY")

    def signed_in(self, role: str) -> Any:
        client = self.supabase()
        name = f"LV_{role.upper()}"
        client.auth.sign_in_with_password({"email": self.profile[f"{name}_EMAIL"], "password": self.profile[f"{name}_PASSWORD"]})
        return client

    def new_email(self) -> str:
        self.emails.append(f"vendors-{uuid.uuid4().hex}@example.com")
        return self.emails[-1]

    def forget_accounts(self) -> None:
        service = self.service()
        for user in service.auth.admin.list_users(per_page=1000):
            if user.email in self.emails:
                service.auth.admin.delete_user(user.id)

    def ask(self, method: str, path: str, *, key: str | None = "SUPABASE_KEY", **rest: Any) -> httpx.Response:
        """Supabase without the SDK, for what the SDK hides."""
        headers = {"apikey": self.profile[key]} if key else {}
        return self.http.request(method, self.profile["SUPABASE_URL"] + path, headers=headers | rest.pop("headers", {}), **rest)


@pytest.fixture
def vendors(sandbox: Sandbox) -> Iterator[Vendors]:
    clients = Vendors(sandbox.profile)
    yield clients
    if clients.emails:
        clients.forget_accounts()
    clients.http.close()


CONTACT = {
    "name": 'Vendor, "quoted"',
    "phone_number": "+34600000001",
    "tags": ["a", "b c"],
    "notes": None,
    "additional_data": {"plan": {"seats": 3}},
}


@pytest.fixture
def contact(vendors: Vendors) -> Iterator[dict[str, Any]]:
    table = vendors.service().table("contacts")
    created: dict[str, Any] = table.insert(CONTACT).execute().data[0]
    yield created
    table.delete().eq("id", created["id"]).execute()


def test_gateway_wants_one_of_the_projects_keys(vendors: Vendors) -> None:
    without, foreign = (
        vendors.ask("GET", "/auth/v1/health", key=None),
        vendors.ask("GET", "/rest/v1/contacts", headers={"apikey": "x" * 60}),
    )

    assert (without.status_code, without.json()["message"]) == (401, "No API key found in request")
    assert (foreign.status_code, foreign.json()["message"]) == (401, "Invalid API key")
    assert vendors.ask("GET", "/auth/v1/health").json()["name"] == "GoTrue"
    assert vendors.ask("GET", "/auth/v1/settings").json()["mailer_autoconfirm"] is True


def test_browser_of_the_web_origin_may_sign_in(vendors: Vendors) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "apikey,content-type,x-client-info"}
    own, foreign = (
        vendors.ask("OPTIONS", "/auth/v1/token", key=None, headers=asked | {"origin": origin})
        for origin in (vendors.profile["APP_URL"], "https://evil.example")
    )

    assert own.headers["access-control-allow-origin"] == vendors.profile["APP_URL"]
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize("role", ["admin", "operator", "viewer"])
def test_token_carries_the_roles_of_the_product(vendors: Vendors, role: str) -> None:
    session = vendors.signed_in(role).auth.get_session()
    claims = jwt.decode(
        session.access_token, vendors.profile["SUPABASE_JWT_SECRET"], algorithms=["HS256"], audience="authenticated"
    )

    assert role in claims["role"].split(",")
    assert claims["exp"] - claims["iat"] == session.expires_in == 3600
    assert claims["app_metadata"]["roles"] == claims["role"].split(",")
    assert session.user.email == vendors.profile[f"LV_{role.upper()}_EMAIL"]


def test_wrong_credentials_are_refused_in_gotrues_words(vendors: Vendors) -> None:
    from supabase import AuthApiError  # noqa: PLC0415 - slow to import

    for email in (vendors.profile["LV_ADMIN_EMAIL"], "nobody@example.com"):
        with pytest.raises(AuthApiError, match="Invalid login credentials") as refused:
            vendors.supabase().auth.sign_in_with_password({"email": email, "password": "wrong-password"})
        assert (refused.value.status, refused.value.code) == (400, "invalid_credentials")
    old = vendors.ask("POST", "/auth/v1/token?grant_type=password", json={"email": "nobody@example.com", "password": "x"})
    assert old.json() == {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"}


def test_refresh_token_works_once_and_its_reuse_ends_the_family(vendors: Vendors) -> None:
    from supabase import AuthApiError  # noqa: PLC0415 - slow to import

    client = vendors.signed_in("viewer")
    first = client.auth.get_session().refresh_token
    second = client.auth.refresh_session(first).session.refresh_token

    assert second != first
    for spent in (first, second):
        with pytest.raises(AuthApiError, match="Already Used"):
            client.auth.refresh_session(spent)
    with pytest.raises(AuthApiError, match="Refresh Token Not Found"):
        client.auth.refresh_session("invented")


def test_reusable_refresh_token_is_seen(vendors: Vendors, sandbox: Sandbox) -> None:
    client = vendors.signed_in("viewer")
    first = client.auth.get_session().refresh_token
    client.auth.refresh_session(first)
    with sandbox.control("refresh-token-reusable"):
        assert client.auth.refresh_session(first).session


def test_signing_out_ends_the_session_and_no_other(vendors: Vendors) -> None:
    from supabase import AuthApiError  # noqa: PLC0415 - slow to import

    here, there = vendors.signed_in("viewer"), vendors.signed_in("viewer")
    token, refresh = here.auth.get_session().access_token, here.auth.get_session().refresh_token
    here.auth.sign_out({"scope": "local"})

    with pytest.raises(AuthApiError) as gone:
        there.auth.get_user(token)
    assert (gone.value.status, gone.value.code) == (403, "session_not_found")
    with pytest.raises(AuthApiError, match="Refresh Token Not Found"):
        there.auth.refresh_session(refresh)
    assert there.auth.get_user().user.email == vendors.profile["LV_VIEWER_EMAIL"]


def test_signing_out_everywhere_ends_all_sessions(vendors: Vendors) -> None:
    from supabase import AuthApiError  # noqa: PLC0415 - slow to import

    email, password = vendors.new_email(), "long enough 1"
    clients = [vendors.supabase(), vendors.supabase()]
    clients[0].auth.sign_up({"email": email, "password": password})
    clients[1].auth.sign_in_with_password({"email": email, "password": password})
    clients[0].auth.sign_out({"scope": "global"})

    with pytest.raises(AuthApiError, match="session_id claim"):
        clients[1].auth.get_user()


def test_ignored_sign_out_is_seen(vendors: Vendors, sandbox: Sandbox) -> None:
    client = vendors.signed_in("viewer")
    token = client.auth.get_session().access_token
    with sandbox.control("sign-out-ignored"):
        client.auth.sign_out({"scope": "local"})

    assert client.auth.get_user(token).user


def test_sign_up_confirms_at_once_and_gives_the_weakest_role(vendors: Vendors) -> None:
    from supabase import AuthApiError, AuthWeakPasswordError  # noqa: PLC0415 - slow to import

    email = vendors.new_email()
    signed_up = vendors.supabase().auth.sign_up(
        {"email": email, "password": "long enough 1", "options": {"data": {"name": "Inés"}}}
    )
    claims = jwt.decode(signed_up.session.access_token, options={"verify_signature": False})

    assert (claims["role"], signed_up.user.user_metadata) == ("user", {"name": "Inés"})
    with pytest.raises(AuthApiError, match="User already registered"):
        vendors.supabase().auth.sign_up({"email": email.upper(), "password": "long enough 1"})
    with pytest.raises(AuthWeakPasswordError):
        vendors.supabase().auth.sign_up({"email": vendors.new_email(), "password": "short"})


def test_only_the_service_key_administers_accounts(vendors: Vendors) -> None:
    from supabase import AuthApiError  # noqa: PLC0415 - slow to import

    service, email = vendors.service(), vendors.new_email()
    attributes = {"email": email, "password": "long enough 1", "email_confirm": True}
    created = service.auth.admin.create_user(attributes).user

    assert created.email_confirmed_at
    assert service.auth.admin.get_user_by_id(created.id).user.email == email
    assert email in [user.email for user in service.auth.admin.list_users(page=1, per_page=1)]
    with pytest.raises(AuthApiError) as taken:
        service.auth.admin.create_user(attributes)
    assert (taken.value.status, taken.value.code) == (422, "email_exists")
    with pytest.raises(AuthApiError, match="User not allowed"):
        vendors.supabase().auth.admin.list_users()
    service.auth.admin.delete_user(created.id)
    with pytest.raises(AuthApiError, match="User not found"):
        service.auth.admin.get_user_by_id(created.id)


def test_recovery_does_not_tell_who_has_an_account(vendors: Vendors, sandbox: Sandbox) -> None:
    known, unknown = vendors.profile["LV_ADMIN_EMAIL"], "nobody@example.com"

    def responses() -> list[tuple[int, str]]:
        recovered = [vendors.ask("POST", "/auth/v1/recover", json={"email": email}) for email in (known, unknown)]
        return [(response.status_code, response.text) for response in recovered]

    vendors.supabase().auth.reset_password_for_email(unknown)
    assert responses() == [(200, "{}"), (200, "{}")]
    with sandbox.control("recovery-reveals-accounts"):
        assert responses()[1][0] == 404


def test_auth_outage_leaves_the_data_api_alone(vendors: Vendors, sandbox: Sandbox) -> None:
    with sandbox.control("supabase-auth-down"):
        assert vendors.ask("GET", "/auth/v1/health").status_code == 503
        assert vendors.service().table("contacts").select("id").limit(1).execute().data


def test_slow_auth_is_slow_for_everything(vendors: Vendors, sandbox: Sandbox) -> None:
    with sandbox.control("supabase-auth-slow"), pytest.raises(httpx.ReadTimeout):
        vendors.ask("GET", "/auth/v1/health", timeout=1)


FILTERS: dict[str, Any] = {
    "eq": lambda query: query.eq("name", CONTACT["name"]),
    "neq": lambda query: query.neq("name", "somebody else"),
    "gt and lt": lambda query: query.gt("name", "V").lt("name", "W"),
    "gte and lte": lambda query: query.gte("created_at", "2020-01-01").lte("created_at", "2100-01-01T00:00:00Z"),
    "like": lambda query: query.like("name", "Vendor%"),
    "ilike": lambda query: query.ilike("name", "vendor*"),
    "in": lambda query: query.in_("name", [CONTACT["name"], "x,y"]),
    "is null": lambda query: query.is_("notes", None),
    "not null": lambda query: query.not_.is_("name", None),
    "contains": lambda query: query.contains("tags", ["b c"]),
    "contains json": lambda query: query.contains("additional_data", {"plan": {"seats": 3}}),
    "overlaps": lambda query: query.overlaps("tags", ["a", "z"]),
    "json path": lambda query: query.eq("additional_data->plan->>seats", 3),
    "or": lambda query: query.or_('phone_number.eq.+1,and(notes.is.null,tags.cs.{"b c"})'),
}


@pytest.mark.parametrize("narrowed", FILTERS.values(), ids=FILTERS)
def test_filter_finds_the_row(vendors: Vendors, contact: dict[str, Any], narrowed: Any) -> None:
    query = vendors.service().table("contacts").select("id").eq("id", contact["id"])

    assert narrowed(query).execute().data == [{"id": contact["id"]}]


@pytest.mark.parametrize(
    ("column", "condition"),
    [("name", "eq.x' OR '1'='1"), ('name" OR 1=1 --', "eq.x"), ("name", "in.(x'),(y)"), ("or", "(name.eq.x' OR 1=1 --)")],
)
def test_query_string_cannot_change_the_statement(vendors: Vendors, column: str, condition: str) -> None:
    response = vendors.ask(
        "GET",
        "/rest/v1/contacts",
        key="SUPABASE_SERVICE_KEY",
        params={column: condition},
        headers={"authorization": f"Bearer {vendors.profile['SUPABASE_SERVICE_KEY']}"},
    )

    assert (response.status_code, response.json()) == (200, []) or response.status_code == 400


def test_pages_are_ordered_and_counted(vendors: Vendors) -> None:
    table = vendors.service().table("contacts")
    everything = table.select("id,alias:name,seats:additional_data->plan->seats", count="exact").order("id").execute()
    page = table.select("id", count="exact").order("id", desc=True).range(0, 1).execute()
    head = table.select("*", count="exact", head=True).execute()

    assert everything.count == len(everything.data) == page.count == head.count > 2
    assert [row["id"] for row in page.data] == [row["id"] for row in reversed(everything.data[-2:])]
    assert set(everything.data[0]) == {"id", "alias", "seats"}


def test_rows_are_written_and_returned(vendors: Vendors, contact: dict[str, Any]) -> None:
    table = vendors.service().table("contacts")
    changed = table.update({"notes": "llamar"}).eq("id", contact["id"]).execute().data
    merged = table.upsert({**contact, "notes": "otra vez"}).execute().data
    ignored = table.upsert({**contact, "notes": "nunca"}, ignore_duplicates=True).execute().data
    several = table.insert(
        [{"name": "A", "phone_number": "+34600000002"}, {"name": "B", "phone_number": "+34600000003", "notes": "n"}]
    )
    created = several.execute().data
    deleted = table.delete().in_("id", [row["id"] for row in created]).execute().data

    assert [changed[0]["notes"], merged[0]["notes"], ignored] == ["llamar", "otra vez", []]
    assert [row["notes"] for row in created] == [None, "n"]
    assert {row["id"] for row in deleted} == {row["id"] for row in created}


def test_single_row_is_exactly_one(vendors: Vendors, contact: dict[str, Any]) -> None:
    from postgrest.exceptions import APIError  # noqa: PLC0415 - slow to import

    table = vendors.service().table("contacts")

    assert table.select("id").eq("id", contact["id"]).single().execute().data == {"id": contact["id"]}
    assert table.select("id").eq("id", str(uuid.uuid4())).maybe_single().execute() is None
    with pytest.raises(APIError) as none:
        table.select("id").eq("id", str(uuid.uuid4())).single().execute()
    assert none.value.code == "PGRST116"


def test_function_is_called_by_name(vendors: Vendors) -> None:
    from postgrest.exceptions import APIError  # noqa: PLC0415 - slow to import

    service = vendors.service()
    statistics = service.rpc("get_campaign_stats", {"campaign_id": str(uuid.uuid4())}).execute().data

    assert statistics["total_calls"] == 0
    with pytest.raises(APIError) as unknown:
        service.rpc("no_such_function", {"a": "b"}).execute()
    assert unknown.value.code == "PGRST202"


REFUSALS = {
    "unknown table": ("GET", "/rest/v1/nothing", 404, "PGRST205"),
    "table of another schema": ("GET", "/rest/v1/auth.users", 404, "PGRST205"),
    "unknown column": ("GET", "/rest/v1/contacts?select=nothing", 400, "42703"),
    "unknown operator": ("GET", "/rest/v1/contacts?id=almost.1", 400, "PGRST100"),
    "embedded table": ("GET", "/rest/v1/calls?select=*,contacts(*)", 400, "PGRST200"),
    "value of another type": ("GET", "/rest/v1/contacts?id=eq.1", 400, "22P02"),
    "negative offset": ("GET", "/rest/v1/contacts?offset=-1", 416, "PGRST103"),
    "delete of everything": ("DELETE", "/rest/v1/contacts", 400, "21000"),
}


@pytest.mark.parametrize(("method", "path", "status", "code"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_is_postgrests(vendors: Vendors, method: str, path: str, status: int, code: str) -> None:
    key = vendors.profile["SUPABASE_SERVICE_KEY"]
    response = vendors.ask(method, path, key="SUPABASE_SERVICE_KEY", headers={"authorization": f"Bearer {key}"})

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert set(response.json()) == {"code", "details", "hint", "message"}


def test_row_level_security_decides(vendors: Vendors, sandbox: Sandbox) -> None:
    anonymous = vendors.ask("GET", "/rest/v1/contacts")

    def visible(role: str) -> int:
        return int(vendors.signed_in(role).table("contacts").select("id", count="exact").execute().count)

    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "42501")
    assert visible("admin") > 0
    assert visible("viewer") == 0
    with sandbox.control("supabase-rls-bypassed"):
        assert vendors.ask("GET", "/rest/v1/contacts").json()
        assert visible("viewer") > 0


def test_viewer_may_not_write(vendors: Vendors) -> None:
    from postgrest.exceptions import APIError  # noqa: PLC0415 - slow to import

    with pytest.raises(APIError) as refused:
        vendors.signed_in("viewer").table("contacts").insert({"name": "N", "phone_number": "+34600000004"}).execute()
    assert refused.value.code == "42501"


@pytest.mark.parametrize(
    ("secret", "claims", "code"),
    [(None, {"exp": 1}, "PGRST303"), ("another secret, long enough for it", {}, "PGRST301")],
    ids=["expired", "forged"],
)
def test_foreign_token_is_refused(vendors: Vendors, secret: str | None, claims: dict[str, Any], code: str) -> None:
    token = jwt.encode({"role": "service_role", **claims}, secret or vendors.profile["SUPABASE_JWT_SECRET"])
    response = vendors.ask("GET", "/rest/v1/contacts", headers={"authorization": f"Bearer {token}"})

    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response.headers["www-authenticate"].startswith("Bearer")
