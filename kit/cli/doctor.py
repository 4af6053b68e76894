"""`kit doctor`: what is there and what is missing on this machine.

Standard library only: `./start doctor` runs this before anything is installed.
"""

from __future__ import annotations

import configparser
import os
import shutil
import socket
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2]
PORT = 8888
DISK_NEEDED_MB = 500
PACKAGES = ("jupyterlab", "ipywidgets", "boto3", "stepfunctions-asl", "papermill")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `note` is something to know that stops nothing."""

    what: str
    verdict: Literal["ok", "missing", "note"]
    words: str


def doctor() -> None:
    """Say what is there and what is missing on this machine.

    Looks at Python, the packages, dot or its fallback, the port, the disk, and whether AWS credentials
    could be found (never at what they are). Ends with status 1 where something needed is missing.
    """
    raise SystemExit(report(Path(sys.prefix)))


def report(environment: Path, findings: Iterable[Finding] = ()) -> int:
    """Prints `findings`, then what is found on this machine and in the environment in that folder.

    Returns the exit status: 0, or 1 where something needed is missing.
    """
    installed = _installed(environment)
    lines = [
        _python(),
        *findings,
        *_packages(installed),
        _dot(installed),
        _port(PORT),
        _disk(),
        _chromium(),
        _credentials(os.environ, Path.home()),
    ]
    width = max(len(line.what) for line in lines)
    for line in lines:
        print(f"{line.verdict:<8} {line.what:<{width}}  {line.words}")
    missing = [line.what for line in lines if line.verdict == "missing"]
    print()
    print(f"Missing: {', '.join(missing)}." if missing else "Nothing that Small Steps needs is missing.")
    return 1 if missing else 0


def _installed(environment: Path) -> Mapping[str, str]:
    """Distribution name -> version, of what is installed in the environment in that folder."""
    if environment == Path(sys.prefix):
        folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    else:
        patterns = ("lib/python3.*/site-packages", "Lib/site-packages")
        folders = {str(folder) for pattern in patterns for folder in environment.glob(pattern)}
    return {found.metadata["Name"].lower(): found.version for found in distributions(path=sorted(folders))}


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", "ok", f"{version} ({sys.executable})")


def _packages(installed: Mapping[str, str]) -> Iterable[Finding]:
    for name in PACKAGES:
        if version := installed.get(name):
            yield Finding(name, "ok", version)
        else:
            yield Finding(name, "missing", "not installed: ./start setup installs it")


def _dot(installed: Mapping[str, str]) -> Finding:
    if path := shutil.which("dot"):
        return Finding("dot", "ok", f"{path} lays out the graphs")
    if version := installed.get("graphviz-pure"):
        return Finding("dot", "ok", f"not on the PATH, so graphviz-pure {version} lays out the graphs")
    return Finding("dot", "missing", "not on the PATH, nor graphviz-pure: ./start setup installs the latter")


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return Finding("port", "note", f"{port} is taken: ./start takes the next free one")
    return Finding("port", "ok", f"{port} is free for JupyterLab")


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < DISK_NEEDED_MB:
        return Finding("disk", "missing", f"{free} MB free, {DISK_NEEDED_MB} MB needed: free some space")
    return Finding("disk", "ok", f"{free / 1000:,.1f} GB free")


def _chromium() -> Finding:
    path = os.environ.get("SMALL_STEPS_CHROMIUM") or shutil.which("chromium")
    if path:
        return Finding("Chromium", "ok", f"{path} (only the browser tests use it)")
    return Finding("Chromium", "note", "not found: the browser tests are skipped, nothing else needs it")


def _credentials(environ: Mapping[str, str], home: Path) -> Finding:
    """Where boto3 would find credentials first. Nothing of what stands in them is read into words."""
    if environ.get("AWS_ACCESS_KEY_ID"):
        return Finding("AWS credentials", "ok", "found in environment variables")
    for name in (
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ):
        if environ.get(name):
            return Finding("AWS credentials", "ok", f"found by {name}")
    places = {
        environ.get("AWS_SHARED_CREDENTIALS_FILE", str(home / ".aws" / "credentials")),
        environ.get("AWS_CONFIG_FILE", str(home / ".aws" / "config")),
    }
    for place in sorted(places):
        if profiles := _profiles(Path(place)):
            return Finding("AWS credentials", "ok", f"found in {place} (profiles: {len(profiles)})")
    return Finding("AWS credentials", "note", "none found: the local sandbox needs none")


def _profiles(file: Path) -> list[str]:
    reader = configparser.RawConfigParser()
    try:
        reader.read(file, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return []
    return reader.sections()
