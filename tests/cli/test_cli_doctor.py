"""`kit doctor`: finds what is there, and shows no secret."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from kit.cli import doctor

SECRET = "AKIAEXAMPLEEXAMPLE00"


def test_all_that_is_needed_is_found_in_this_environment(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.report(Path(sys.prefix)) == 0
    report = capsys.readouterr().out
    assert "Nothing that Small Steps needs is missing." in report
    for what in ("Python", "jupyterlab", "dot", "port", "disk", "Chromium", "AWS credentials"):
        assert what in report


def test_an_empty_environment_lacks_everything_and_that_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.report(tmp_path) == 1
    missing = capsys.readouterr().out.splitlines()[-1]
    assert missing == "Missing: jupyterlab, ipywidgets, boto3, stepfunctions-asl, papermill, dot."


def test_without_dot_the_fallback_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doctor._dot({"graphviz-pure": "0.2.2"})
    assert (found.verdict, "graphviz-pure 0.2.2" in found.words) == ("ok", True)


def test_a_taken_port_is_something_to_know_and_no_error() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        assert doctor._port(holder.getsockname()[1]).verdict == "note"


def test_credentials_are_found_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    file = tmp_path / ".aws" / "credentials"
    file.write_text(
        f"[sandbox]\naws_access_key_id = {SECRET}\naws_secret_access_key = {SECRET}\n", encoding="utf-8"
    )
    found = [
        doctor._credentials({}, tmp_path),
        doctor._credentials({"AWS_ACCESS_KEY_ID": SECRET}, tmp_path / "elsewhere"),
        doctor._credentials({"AWS_SHARED_CREDENTIALS_FILE": str(file)}, tmp_path / "elsewhere"),
    ]
    assert [finding.verdict for finding in found] == ["ok", "ok", "ok"]
    assert not any(SECRET in finding.words for finding in found)


def test_no_credentials_are_no_error(tmp_path: Path) -> None:
    found = doctor._credentials({}, tmp_path)
    assert (found.verdict, found.words) == ("note", "none found: the local sandbox needs none")


def test_a_credentials_file_that_is_none_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_bytes(b"\xff\xfe not ini")
    assert doctor._credentials({}, tmp_path).verdict == "note"
