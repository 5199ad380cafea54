"""`footnote serve`: one process group, which ends as a whole and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.processes import PATIENCE, serving

FOOTNOTE = Path(sys.executable).with_name("footnote")
SERVE = (FOOTNOTE, "serve")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_ends_all_with_code_0(tmp_path: Path, workers: str) -> None:
    with serving(SERVE, tmp_path, FOOTNOTE_WORKERS=workers) as server:
        assert server.get("/")[0] == 200
        assert server.stop(signal.SIGTERM) == 0
        assert server.has_ended(within=1)


def test_ctrl_c_in_its_terminal_ends_all_with_code_0(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        workers = server.workers()
        os.kill(workers[0], signal.SIGINT)  # it reaches workers too, on a busy machine before their parent
        time.sleep(1)
        assert server.workers() == workers
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
        assert server.has_ended(within=1)


def test_a_closed_terminal_ends_all(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        os.killpg(server.process.pid, signal.SIGHUP)
        assert server.process.wait(PATIENCE) == 0
        assert server.has_ended(within=1)


def test_under_nohup_a_closed_terminal_ends_nobody(tmp_path: Path) -> None:
    with serving(["nohup", *map(str, SERVE)], tmp_path) as server:
        os.killpg(server.process.pid, signal.SIGHUP)
        time.sleep(1)
        assert server.get("/")[0] == 200
        assert server.stop(signal.SIGTERM) == 0


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with serving(["sh", "-c", f"exec {FOOTNOTE} serve 2>said"], tmp_path) as server:
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        server.wait_for(lambda: server.workers() not in ([], [worker]))
        assert server.get_patiently("/")[0] == 200
        assert "Unexpected exit" in (tmp_path / "said").read_text()
        assert server.log.read_text() == ""  # stdout is for data


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path, FOOTNOTE_WORKERS="2") as server:
        server.stop(signal.SIGKILL)
        assert server.has_ended(within=15)


def test_it_says_where_it_answers_and_nothing_on_stdout(tmp_path: Path) -> None:
    with serving(["sh", "-c", f"exec {FOOTNOTE} serve 2>said"], tmp_path) as server:
        server.wait_for(lambda: server.address in (tmp_path / "said").read_text())
        assert server.stop(signal.SIGTERM) == 0
        assert server.log.read_text() == ""


def test_a_second_server_on_the_same_port_is_told_so(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        port = server.address.rpartition(":")[2]
        environment = {"FOOTNOTE_DATA": str(tmp_path / "other"), "FOOTNOTE_PORT": port, "PATH": ""}
        second = subprocess.run(SERVE, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert second.returncode not in (0, None)
        assert f"cannot listen on 127.0.0.1, port {port}" in second.stderr
        assert "Traceback" not in second.stderr
        assert server.get("/")[0] == 200


def test_the_data_folder_is_made_and_closed_to_others(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path):
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
        assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
