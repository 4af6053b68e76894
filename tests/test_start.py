"""`./start` in small clones: real environments, a lock that names one tiny wheel, no network."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fakes in here are shell scripts")

LAB = "import sys\nprint('lab', *sys.argv[1:])\n"


def wheel(folder: Path, name: str, version: str, main: str = "") -> Path:
    """A wheel of one package whose `__main__` is `main`."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": main,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    for file, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record.append(f"{file},sha256={digest},{len(text)}\n")
    files[f"{info}/RECORD"] = "".join(record) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


def lock_of(*wheels: Path) -> str:
    lines = []
    for path in wheels:
        name, version = path.name.split("-")[:2]
        lines.append(
            f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        )
    return "".join(lines)


class Clone:
    """A folder with `start` in it, and the variables it is started with."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin-on-path"
        kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CI")}
        self.environment = {
            **{name: value for name, value in kept.items() if not name.startswith(("PIP_", "UV_"))},
            "PATH": f"{self.bin}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(folder.parent),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_RETRIES": "0",
            "UV_HTTP_RETRIES": "0",
        }

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-W", "ignore", str(self.folder / "start"), *words]

    def start(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.environment, **variables}
        return subprocess.run(
            self.command(*words), env=environment, capture_output=True, text=True, timeout=120
        )

    def fake_uv(self, script: str) -> None:
        path = self.bin / "uv"
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def real_uv(self) -> None:
        path = self.bin / "uv"
        path.unlink(missing_ok=True)
        path.symlink_to(Path(sys.executable).with_name("uv"))

    def stamp(self) -> dict[str, object]:
        stamp: dict[str, object] = json.loads((self.venv / "small-steps.json").read_text(encoding="utf-8"))
        return stamp


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    wheel(folder, "jupyterlab", "1.0", LAB)
    wheel(folder, "extra", "2.0")
    return folder


@pytest.fixture
def clone(tmp_path: Path, wheels: Path, root: Path) -> Clone:
    """Not set up yet."""
    folder = tmp_path / "a clone's folder"
    (folder / "bin-on-path").mkdir(parents=True)
    shutil.copy(root / "start", folder)
    (folder / "kit").mkdir()
    (folder / "kit" / "__init__.py").touch()
    shutil.copytree(
        root / "kit" / "cli", folder / "kit" / "cli", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(root / "pyproject.toml", folder)
    (folder / "requirements.lock").write_text(lock_of(*wheels.glob("jupyterlab-*")), encoding="utf-8")
    (folder / "requirements-test.lock").write_text("", encoding="utf-8")
    made = Clone(folder, wheels)
    made.real_uv()
    return made


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, wheels: Path, root: Path) -> Path:
    """An environment that a first start made, to copy."""
    template = clone.__wrapped__(tmp_path_factory.mktemp("template"), wheels, root)  # type: ignore[attr-defined]
    answer = template.start("setup")
    assert answer.returncode == 0, answer.stderr
    return Path(template.venv)


@pytest.fixture
def ready(clone: Clone, environment: Path) -> Clone:
    """Set up."""
    shutil.copytree(environment, clone.venv, symlinks=True)
    stamp = clone.stamp() | {"folder": str(clone.folder)}
    (clone.venv / "small-steps.json").write_text(json.dumps(stamp), encoding="utf-8")
    return clone


@pytest.fixture
def module(clone: Clone) -> ModuleType:
    """The file as a module, whose folder is the clone."""
    loader = SourceFileLoader("start", str(clone.folder / "start"))
    spec = spec_from_loader("start", loader)
    assert spec is not None
    loaded = module_from_spec(spec)
    loader.exec_module(loaded)
    return loaded


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def the_sentence(answer: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that a failed start ends with; no traceback, no second one."""
    assert answer.returncode == 1, answer.stdout + answer.stderr
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert lines[0].endswith(".")
    return lines[0]


def test_a_first_start_sets_up_and_opens_the_first_notebook(clone: Clone) -> None:
    port = free_port()
    answer = clone.start("--port", str(port), "--no-browser")
    assert answer.returncode == 0, answer.stderr
    last = answer.stdout.splitlines()[-1]
    assert last.startswith("lab ")
    assert f"--ServerApp.port={port}" in last
    assert "--no-browser" in last
    assert "--LabApp.workspaces_dir=" in last
    assert last.endswith("--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb")
    overrides = clone.venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert json.loads(overrides.read_text(encoding="utf-8")) == {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    }


def test_a_second_start_adds_less_than_two_seconds_and_installs_nothing(ready: Clone) -> None:
    ready.fake_uv("exit 9")
    began = time.monotonic()
    answer = ready.start("--no-browser")
    took = time.monotonic() - began
    assert answer.returncode == 0, answer.stderr
    assert "Installing" not in answer.stdout
    assert took < 2


def test_kit_is_a_command_of_the_environment_and_the_project_is_on_its_path(ready: Clone) -> None:
    assert ready.start("setup").returncode == 0
    where = subprocess.run(
        [ready.venv / "bin" / "python", "-c", "import kit; print(kit.__file__)"],
        cwd="/", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.strip() == str(ready.folder / "kit" / "__init__.py")
    # The tiny lock has no typer: that kit gets as far as asking for it proves the way to it.
    answer = subprocess.run([ready.venv / "bin" / "kit"], capture_output=True, text=True)
    assert "No module named 'typer'" in answer.stderr


def test_a_changed_lock_is_noticed(ready: Clone, wheels: Path) -> None:
    (ready.folder / "requirements.lock").write_text(lock_of(*wheels.glob("*.whl")), encoding="utf-8")
    answer = ready.start("--no-browser")
    assert "Installing what requirements.lock names: done" in answer.stdout
    assert subprocess.run([ready.venv / "bin" / "python", "-c", "import extra"]).returncode == 0
    assert "Installing" not in ready.start("--no-browser").stdout


def test_the_tests_lock_is_installed_only_for_the_tests(ready: Clone, wheels: Path) -> None:
    (ready.folder / "requirements-test.lock").write_text(lock_of(*wheels.glob("extra-*")), encoding="utf-8")
    assert "Installing" not in ready.start("--no-browser").stdout
    answer = ready.start("test", "tests")
    assert "Installing what requirements-test.lock names: done" in answer.stdout
    assert "No module named pytest" in answer.stderr


@pytest.mark.parametrize("harm", ["python deleted", "settings deleted", "packages deleted"])
def test_a_broken_environment_is_made_anew(ready: Clone, harm: str) -> None:
    if harm == "python deleted":
        (ready.venv / "bin" / "python").unlink()
    elif harm == "settings deleted":
        (ready.venv / "pyvenv.cfg").unlink()
    else:
        shutil.rmtree(ready.venv / "lib")
    answer = ready.start("--no-browser")
    assert answer.returncode == 0, answer.stderr
    assert "making it anew" in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("lab ")


def test_an_environment_whose_folder_was_moved_is_made_anew(ready: Clone) -> None:
    stamp = ready.stamp() | {"folder": "/somewhere/else"}
    (ready.venv / "small-steps.json").write_text(json.dumps(stamp), encoding="utf-8")
    assert "making it anew" in ready.start("setup").stdout


def test_without_network_one_sentence_says_so_and_the_next_start_works(ready: Clone, wheels: Path) -> None:
    (ready.folder / "requirements.lock").write_text(lock_of(*wheels.glob("*.whl")), encoding="utf-8")
    down = f"http://127.0.0.1:{free_port()}/simple"
    answer = ready.start("setup", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=down)
    assert the_sentence(answer).startswith("The package index could not be reached: check the network")
    answer = ready.start("setup")
    assert answer.returncode == 0, answer.stderr
    assert "anew" not in answer.stdout


def test_a_certificate_that_is_not_trusted_is_told_apart_from_no_network(module: ModuleType) -> None:
    words = "WARNING: Retrying after connection broken by 'SSLError(certificate verify failed: self-signed)'"
    assert "pip config set global.cert" in str(module.reason(words))


def test_a_busy_port_that_was_asked_for_is_told_and_works_once_it_is_free(ready: Clone) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        answer = ready.start("--port", str(port), "--no-browser")
        assert (
            the_sentence(answer)
            == f"Port {port} is taken: name another one, as in `./start --port {port + 1}`."
        )
    assert ready.start("--port", str(port), "--no-browser").returncode == 0


def test_without_a_wish_the_first_free_port_is_taken(
    module: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken, other = holder.getsockname()[1], free_port()
        monkeypatch.setattr(module, "PORTS", [taken, other])
        assert module.free_port(None) == other
        assert capsys.readouterr().out == f"Port {taken} is taken.\n"
        monkeypatch.setattr(module, "PORTS", [taken, taken])
        with pytest.raises(module.Stop, match=r"are taken: name a free one with --port\.$"):
            module.free_port(None)


def test_a_disk_that_fills_up_while_installing_is_told_and_the_next_start_begins_afresh(clone: Clone) -> None:
    clone.fake_uv("echo 'error: failed to write: No space left on device (os error 28)'; exit 2")
    sentence = the_sentence(clone.start("setup"))
    assert sentence.startswith("The disk is full (free: ")
    assert sentence.endswith("free some space, then run ./start again.")
    clone.real_uv()
    answer = clone.start("setup")
    assert answer.returncode == 0, answer.stderr
    assert "broken or unfinished: making it anew" in answer.stdout


def test_a_disk_that_is_too_small_is_told_before_anything_is_made(
    module: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "free_mb", lambda _: 7)
    assert module.main(["setup"]) == 1
    assert capsys.readouterr().err.startswith("\nThe disk is full (free: 7 MB for this folder")
    assert not module.VENV.exists()


@pytest.mark.parametrize(
    ("number", "words"), [(28, "The disk is full"), (13, "is closed to you"), (30, "is closed")]
)
def test_a_disk_that_refuses_a_write_of_our_own_is_told(
    module: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.Path, "mkdir", refuse)
    assert module.main(["setup"]) == 1
    assert words in capsys.readouterr().err


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "waited for a minute"
        time.sleep(0.05)


def test_an_interrupt_ends_the_installer_and_the_next_start_works(ready: Clone) -> None:
    (ready.folder / "requirements.lock").write_text("", encoding="utf-8")
    told = ready.folder / "pid"
    ready.fake_uv("echo $$ > pid; sleep 300")
    process = subprocess.Popen(
        ready.command("setup"), cwd=ready.folder, env=ready.environment, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: told.exists() and bool(told.read_text(encoding="utf-8")))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip() == "Interrupted: run ./start again, it goes on from there."
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text(encoding="utf-8")), 0)
    ready.real_uv()
    answer = ready.start("setup")
    assert answer.returncode == 0, answer.stderr


def test_of_two_starts_at_once_the_second_waits_and_installs_nothing(ready: Clone) -> None:
    (ready.folder / "requirements.lock").write_text("", encoding="utf-8")
    ready.fake_uv("sleep 1")
    both = [
        subprocess.Popen(
            ready.command("--no-browser"), env=ready.environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Another ./start is setting up this folder" in text for text in printed) == 1
    assert sum("Installing what requirements.lock names: done" in text for text in printed) == 1


def test_where_uv_fails_pip_installs(ready: Clone, wheels: Path) -> None:
    ready.fake_uv("echo https://me:secret@index.example/simple; exit 2")
    (ready.folder / "requirements.lock").write_text(lock_of(*wheels.glob("*.whl")), encoding="utf-8")
    answer = ready.start("setup")
    assert answer.returncode == 0, answer.stderr
    assert "by pip: done" in answer.stdout
    log = (ready.folder / ".start" / "install.log").read_text(encoding="utf-8")
    assert "//****@index.example" in log
    assert "secret" not in log


def test_without_uv_pip_gets_it_at_the_version_and_hash_of_the_tests_lock(ready: Clone, wheels: Path) -> None:
    (ready.bin / "uv").unlink()
    fake = wheel(wheels, "uv", "0.0.1", "import sys\nprint('installed', *sys.argv)\n")
    text = lock_of(*wheels.glob("extra-*")) + lock_of(fake) + "    # via\n"
    (ready.folder / "requirements-test.lock").write_text(text, encoding="utf-8")
    (ready.folder / "requirements.lock").write_text("", encoding="utf-8")
    answer = ready.start("setup")
    assert answer.returncode == 0, answer.stderr
    assert "Getting uv, which installs faster: done" in answer.stdout
    assert "installed" in (ready.folder / ".start" / "install.log").read_text(encoding="utf-8")


def test_a_package_whose_hash_is_another_is_refused(ready: Clone, wheels: Path) -> None:
    changed = lock_of(*wheels.glob("extra-*")).replace("sha256:", "sha256:0000", 1)[:-5] + "\n"
    (ready.folder / "requirements.lock").write_text(changed, encoding="utf-8")
    assert the_sentence(ready.start("setup")).startswith("Installing failed (")


def test_uv_uses_what_pip_is_configured_to_use(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "there").mkdir()
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\n"
        "index-url = https://index.example/simple\n"
        f"extra-index-url = file://{tmp_path}/there file://{tmp_path}/gone\n"
        f"cert = {tmp_path}/company.pem\n"
        "[install]\ntrusted-host = index.example\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("UV_INSECURE_HOST", "mine.example")
    made = module.uv_environment(module.pip_settings())
    assert made["UV_DEFAULT_INDEX"] == "https://index.example/simple"
    assert made["UV_INDEX"] == f"file://{tmp_path}/there"
    assert made["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert made["SSL_CERT_FILE"] == f"{tmp_path}/company.pem"
    assert "UV_SYSTEM_CERTS" not in made
    assert made["ALL_PROXY"] == "http://proxy.example:3128"
    assert made["UV_INSECURE_HOST"] == "mine.example"


def test_a_python_that_is_too_old_is_told_in_one_sentence(root: Path) -> None:
    old = (
        "import sys\nsys.version_info = (3, 9, 18, 'final', 0)\n"
        "exec(compile(open(sys.argv[1], encoding='utf-8').read(), 'start', 'exec'))"
    )
    answer = subprocess.run([sys.executable, "-c", old, root / "start"], capture_output=True, text=True)
    assert the_sentence(answer).startswith("Small Steps needs Python 3.11 or newer and this is Python 3.9:")


def test_an_old_python_can_read_the_file_to_say_so(root: Path) -> None:
    ast.parse((root / "start").read_text(encoding="utf-8"), feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse("if found := 1: pass", feature_version=(3, 6))


def test_help_names_every_command(clone: Clone) -> None:
    answer = clone.start("--help")
    assert answer.returncode == 0
    for command in ("./start setup", "./start run 01", "run all", "./start test", "--full", "./start doctor"):
        assert command in answer.stdout
    assert not clone.venv.exists()


def test_an_unknown_command_is_refused_and_sets_nothing_up(clone: Clone) -> None:
    answer = clone.start("stat")
    assert answer.returncode == 2
    assert "stat" in answer.stderr
    assert not clone.venv.exists()


def test_doctor_works_before_set_up_on_a_python_without_packages(clone: Clone) -> None:
    command = [sys.executable, "-S", "-I", str(clone.folder / "start"), "doctor"]
    answer = subprocess.run(command, env=clone.environment, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "not set up yet: ./start setup does it" in answer.stdout
    assert "Missing: environment, jupyterlab" in answer.stdout
    assert not clone.venv.exists()


@pytest.mark.parametrize("harm", ["lock", "venv"])
def test_doctor_says_what_is_out_of_order_and_mends_nothing(ready: Clone, harm: str) -> None:
    assert ".venv with Python 3." in ready.start("doctor").stdout
    if harm == "lock":
        (ready.folder / "requirements.lock").write_text("", encoding="utf-8")
    else:
        (ready.venv / "bin" / "python").unlink()
    answer = ready.start("doctor")
    words = {"lock": "isn't what the lock says", "venv": "is broken"}[harm]
    assert f".venv {words}: ./start setup" in answer.stdout
    assert answer.returncode == 1
