#!/usr/bin/env python3
"""How fast `kit serve` is over HTTP, beside other emulators on the same machine in the same run.

    python benchmarks/compare.py
    python benchmarks/compare.py --ministack http://127.0.0.1:4570 --moto http://127.0.0.1:5000

Starts `kit serve --clock instant` on a free port and runs a bench script against it and, in turns, against
each emulator that is given. ministack is to be started with SFN_WAIT_SCALE=0, so that it skips its waits.

The bench script is no part of this repository. It is looked for at `--bench`, else at
`../shared/perf/bench.py` beside the repository. Prints the tables and ratios as Markdown, and the machine's
load before and after.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT.parent / "shared" / "perf" / "bench.py"
OWN = "small-steps"
Cells = dict[tuple[str, str], dict[str, Any]]


class Served:
    """`kit serve --clock instant` in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "kit.cli", "serve", "--port", "0", "--clock", "instant"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+$", line.strip())
            if found:
                self.url = found[0]
                break
        else:
            raise SystemExit("kit serve didn't start")
        self.pid = self._process.pid

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()


def bench(script: Path, arguments: list[str]) -> Cells:
    """Runs the bench script; gives its results by (label, workload and variant)."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        subprocess.run([sys.executable, str(script), *arguments, "--json", str(out)], check=True)
        results = json.loads(out.read_text(encoding="utf-8"))["results"]
    return {(each["label"], f"{each['workload']} {each['variant']}"): each for each in results}


def bare_calls(url: str) -> float:
    """Seconds that W3's calls take where nothing is to be done: 200 by eight threads, then 200 in a row."""
    import boto3
    from botocore.config import Config

    factory: Any = boto3.client
    client = factory(
        "stepfunctions",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(max_pool_connections=64),
    )
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.list_activities(), range(200)))
    for _ in range(200):
        client.list_activities()
    return time.perf_counter() - began


def measure(script: Path, peer: tuple[str, str] | None, more: list[str]) -> Cells:
    """A fresh server, alone or in turns with a peer (its name and URL)."""
    with Served() as served:
        arguments = ["--endpoint-url", served.url, "--label", OWN, "--pid", str(served.pid), *more]
        if peer is not None:
            name, url = peer
            arguments += ["--vs", url, "--vs-label", name]
            arguments += ["--moto", url, "--skip-jsonata"] if name == "moto" else []
        before = [bare_calls(served.url) for _ in range(3)]
        results = bench(script, arguments)
        bare = statistics.median([*before, *(bare_calls(served.url) for _ in range(3))])
        print(f"\n400 bare calls to the port of {OWN}: {bare:.3f} s", flush=True)
        return results


def row(workload: str, cells: list[dict[str, Any]]) -> str:
    texts = [workload]
    for cell in cells:
        if cell["wall_s"] is None:
            texts.append(cell["note"] or "-")
        else:
            texts.append(f"{cell['wall_s']:.3f} s, {cell['rate']:,.0f} {cell['unit']}")
    if len(cells) == 2 and cells[0]["wall_s"] and cells[1]["wall_s"]:
        texts.append(f"{cells[1]['wall_s'] / cells[0]['wall_s']:.1f} x")
    elif len(cells) == 2:
        texts.append("-")
    return f"| {' | '.join(texts)} |"


def show(results: Cells, peer: str | None) -> None:
    labels = [OWN] if peer is None else [OWN, peer]
    heads = ["workload", *labels, *(["faster by"] if peer else ["memory, threads"])]
    print(f"\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for label, workload in results:
        if label != OWN:
            continue
        cells = [results[each, workload] for each in labels]
        line = row(workload, cells)
        if peer is None:
            line += f" {cells[0]['rss_mb'] or 0:.0f} MB, {cells[0]['threads']} |"
        print(line)


def load() -> str:
    return ", ".join(f"{each:.1f}" for each in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ministack", metavar="URL", help="a running ministack")
    parser.add_argument("--moto", metavar="URL", help="a running moto_server")
    parser.add_argument("--workloads", default="W1,W2,W3,W4,W5,W6,W7", help="which (all)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each; the median is shown (3)")
    parser.add_argument("--bench", type=Path, default=BENCH, help="the bench script")
    options = parser.parse_args()
    if not options.bench.is_file():
        raise SystemExit(f"There is no bench script at {options.bench}. Say where one is with --bench.")
    more = ["--workloads", options.workloads, "--repeat", str(options.repeat)]
    peers = [(name, url) for name in ("ministack", "moto") if (url := getattr(options, name))]
    began = time.strftime("%Y-%m-%d %H:%M")
    print(f"{began}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load()}", flush=True)
    show(measure(options.bench, None, more), None)
    for peer in peers:
        show(measure(options.bench, peer, more), peer[0])
    print(f"\nLoad at the end: {load()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
