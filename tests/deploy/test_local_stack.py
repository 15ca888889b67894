"""What `make up` promises about the machine it runs on; the whole of it runs in tests/system."""

from __future__ import annotations

import base64
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from stack import ports, processes, servers, testing
from stack.locking import compile_to
from stack.output import Trouble
from stack.places import ROOT, SERVICES, Place
from stack.platform import GATEWAY, Platform
from stack.ports import remember
from stack.runner import wanted_port


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / ".local")


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_a_password_is_generated_once_and_readable_by_its_owner_only(place: Place) -> None:
    first = place.secret("admin-password")
    assert len(first) >= 20
    assert place.secret("admin-password") == first
    assert stat.S_IMODE((place.directory / "admin-password").stat().st_mode) == 0o600


def test_a_password_file_left_empty_by_a_killed_run_is_filled(place: Place) -> None:
    (place.directory / "admin-password").touch(mode=0o600)
    assert len(place.secret("admin-password")) >= 20


def test_ports_are_remembered_and_chosen_anew_when_taken(place: Place) -> None:
    first = ports.choose(place, ["postgres", "rabbitmq"])
    assert ports.choose(place, ["postgres", "rabbitmq"]) == first
    with socket.create_server(("127.0.0.1", first["postgres"])):
        second = ports.choose(place, ["postgres", "rabbitmq"])
    assert second["postgres"] != first["postgres"]
    assert second["rabbitmq"] == first["rabbitmq"]


def test_a_process_id_that_now_belongs_to_a_stranger_is_not_signalled(
    place: Place, stranger: subprocess.Popen[bytes]
) -> None:
    (place.run / "sales.pid").write_text(f"{stranger.pid}\n")
    assert processes.pid_of(place, "sales") is None
    processes.end(place, "sales")
    assert stranger.poll() is None


def test_a_process_is_found_even_when_its_id_file_is_gone(place: Place) -> None:
    process = processes.start(place, "sales", ["sleep", "60"], dict(os.environ))
    (place.run / "sales.pid").unlink()
    assert processes.all_ours(place) == {process.pid: "sales"}
    processes.end_all(place, [process.pid])
    assert process.wait() == -signal.SIGTERM


def test_one_that_will_not_stop_is_killed_after_its_grace(place: Place) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.1; done"]
    process = processes.start(place, "sales", stubborn, dict(os.environ))
    while "ready" not in place.log("sales").read_text():
        pass
    processes.end(place, "sales", grace=0.3)
    assert process.wait() == -signal.SIGKILL


def test_a_lock_is_held_by_one_at_a_time(place: Place) -> None:
    with place.lock("runner", "taken"):
        assert place.is_locked("runner")
        with pytest.raises(Trouble, match="taken"), place.lock("runner", "taken"):
            pass
    assert not place.is_locked("runner")


def test_without_root_what_is_missing_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "postgres_bin", lambda major=None: None)
    monkeypatch.setattr(servers, "rabbitmq_program", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Trouble) as trouble:
        servers.ensure_servers(postgres=True, rabbitmq=True)
    assert str(trouble.value).endswith("apt-get install postgresql rabbitmq-server")
    assert "\n" not in str(trouble.value)


def test_servers_are_kept_from_starting_only_while_they_are_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(servers, "POLICY", policy)
    with servers.servers_stay_off():
        assert os.access(policy, os.X_OK)
        assert subprocess.run([str(policy)], check=False).returncode == 101
    assert not policy.exists()


def test_somebody_elses_policy_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 0\n")
    monkeypatch.setattr(servers, "POLICY", policy)
    with servers.servers_stay_off():
        pass
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHU_PORT", text)
    with pytest.raises(Trouble, match="KEHU_PORT must be a port number"):
        wanted_port()


def test_a_lock_with_an_address_in_it_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_an_address(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        Path(command[command.index("--output-file") + 1]).write_text(
            "--index-url https://example.org/simple\n"
        )
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", write_an_address)
    with pytest.raises(Trouble, match="address"):
        compile_to(tmp_path / "requirements.lock", [])
    assert not (tmp_path / "requirements.lock").exists()


def test_the_last_line_counts_all_suites_and_any_failure_fails(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [
        ("services", 0, "10 passed, 1 skipped in 2.00s"),
        ("gateway", 1, "2 failed, 5 passed in 1.00s"),
        ("system", 5, "no tests ran in 0.10s"),
    ]
    assert testing.summary(outcomes, 12.5) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.strip("= ") == "15 passed, 1 skipped, 2 failed in 12.50s"


def test_a_suite_that_died_without_a_word_counts_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert testing.summary([("services", 0, "10 passed"), ("gateway", -9, "no closing line")], 1.0) != 0
    assert "1 error" in capsys.readouterr().out.splitlines()[-1]


def test_a_run_without_any_test_fails() -> None:
    assert testing.summary([("services", 5, "no tests ran in 0.10s")], 1.0) == 5


def test_what_only_identity_may_know_is_in_files_and_in_no_environment(place: Place) -> None:
    """M-11: the first password and the keys for secrets at rest, generated once, readable by their owner only."""
    platform = Platform(place)
    remember(place, dict.fromkeys((GATEWAY, *(f"health-{name}" for name in SERVICES)), 1))
    platform.infrastructure = SimpleNamespace(urls={}, urls_of=lambda _name: {})  # type: ignore[assignment]
    for name in (*SERVICES, GATEWAY, ""):
        settings = platform.environment(name)
        assert platform.admin_password not in settings.values()
        assert ("KEHU_SECRETS_DIR" in settings) == (name == "identity")
    folder = Path(platform.environment("identity")["KEHU_SECRETS_DIR"])
    kept = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(kept) == {"identity_admin_password", "encryption_keys", "caller_signing_key"}
    assert kept["identity_admin_password"].strip() == platform.admin_password
    assert len(base64.urlsafe_b64decode(kept["encryption_keys"])) == 32
    platform.environment("identity")
    assert {path.name: path.read_text() for path in folder.iterdir()} == kept
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_whatever_the_local_stack_writes_is_for_its_owner(tmp_path: Path) -> None:
    """M-11: logs and ports too; the words begin with a umask."""
    code = "import os, sys; sys.argv = ['local', 'help']; print(oct(os.umask(0)))"
    script = ROOT / "deploy/local/__main__.py"
    begun = script.read_text().partition("sys.exit(main(")[0]
    asked = subprocess.run(
        [sys.executable, "-c", f"{begun}\n{code}"],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT / "deploy/local")}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert asked.stdout.strip() == "0o66"
