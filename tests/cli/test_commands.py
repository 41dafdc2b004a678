"""The command line: what it prints, how it ends, and that a person's mistake costs one line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dlviz.__main__ import main
from dlviz.cli import docs, doctor, pretrain
from dlviz.core import lab as labs
from dlviz.core.lab import BrokenLab, Progress
from dlviz.core.trace import Trace
from tests.browsing import free_port

ROOT = Path(__file__).parent.parent.parent
Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was complained about."""
    try:
        code = main(list(words))
    except SystemExit as left:
        code = int(left.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


MISTAKES = [
    (["train", "nothing"], "lab must be one of "),
    (["train", "playground", "--set", "noise"], "--set must be NAME=VALUE. Got 'noise'. Try --set learning_rate=0.1."),
    (["train", "playground", "--set", "noise=80"], "PlaygroundSpec.noise must be in [0, 50]. Got 80.0. Try 50."),
    (["train", "playground", "--set", "learning_rate=-1"], "PlaygroundSpec.learning_rate must be in [1e-05, 10]."),
    (["train", "playground", "--set", "hidden_layers=99,99"], "PlaygroundSpec.hidden_layers must be 0 to 6 whole"),
    (["train", "playground", "--set", "colour=red"], "PlaygroundSpec has the fields "),
    (["train", "playground", "--set", "dataset=xor", "--set", "classes=3"], "PlaygroundSpec.classes must be 2 with"),
    (["train", "playground", "--seed", "x"], "PlaygroundSpec.seed must be a number in [0, 999999]. Got 'x'."),
    (["train", "playground", "--steps", "1e9"], "--steps must be a whole number in [0, 10000000]. Got '1e9'."),
    (["train", "playground", "--steps", "-5"], "--steps must be a whole number in [0, 10000000]. Got '-5'."),
    (["train", "playground", "--preset", "none"], "playground preset must be one of "),
    (["train", "playground", "--engine", "ray"], "argument --engine: invalid choice: 'ray'"),
    (["train"], "the following arguments are required: LAB"),
    ([], "the following arguments are required: COMMAND"),
    (["fly"], "argument COMMAND: invalid choice: 'fly'"),
    (["probe", "playground", "maps"], "the following arguments are required: --out"),
    (["probe", "playground", "nothing", "--out", "a.npz"], "playground panel must be one of "),
    (["probe", "playground", "neuron", "--out", "a.npz"], "playground panel must be one that the server computes: "),
    (["probe", "playground", "maps", "--out", "a.txt"], "--out must be a .npz file in a folder that is there."),
    (["probe", "playground", "maps", "--out", "no/a.npz"], "--out must be a .npz file in a folder that is there."),
    (["probe", "playground", "maps", "--option", "size=3", "--out", "a.npz"], "The panel maps has the options "),
    (["probe", "playground", "maps", "--input", "no.csv", "--out", "a.npz"], "--input must be a file that is there."),
    (
        ["probe", "playground", "maps", "--input", "a.exe", "--out", "a.npz"],
        "--input must be a .npy or a .csv file, or a",
    ),
    (["claims", "nothing"], "claim must be one of "),
    (["claims", "--lab", "nothing"], "lab must be one of "),
    (["pretrain", "nothing"], "lab must be one of "),
    (["serve", "--port", "http"], "--port must be a whole number in [1, 65535]. Got 'http'. Try 8501."),
    (["serve", "--port", "70000"], "--port must be a whole number in [1, 65535]."),
    (["serve", "--address", "no such place"], "--address must be an address of this machine."),
]


@pytest.mark.parametrize(("words", "line"), MISTAKES, ids=lambda value: " ".join(value) if value else None)
def test_a_mistake_costs_one_line_and_exit_code_2(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed, complaint = run(capsys, *words)
    assert (code, printed) == (2, "")
    assert complaint.startswith(f"dlviz: {line}")
    assert complaint.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_with_json_a_mistake_is_json(capsys: Capture) -> None:
    code, printed, complaint = run(capsys, "train", "nothing", "--json")
    assert (code, printed) == (2, "")
    assert json.loads(complaint)["error"].startswith("lab must be one of ")


def test_train_prints_an_event_a_line_and_a_summary(capsys: Capture) -> None:
    code, printed, complaint = run(capsys, "train", "playground", "--set", "dataset=xor", "--steps", "75", "--json")
    *events, last = [json.loads(line) for line in printed.splitlines()]
    assert (code, complaint) == (0, "")
    assert [event["step"] for event in events] == [0, 25, 50, 75]
    summary = last["summary"]
    assert summary["step"] == 75
    assert summary["settings"] == {"dataset": "xor"}
    assert summary["numbers"]["train_loss"] == pytest.approx(events[-1]["train_loss"])


def test_the_summary_can_be_read_by_people(capsys: Capture) -> None:
    code, printed, _ = run(capsys, "train", "playground", "--steps", "25", "--seed", "7")
    assert code == 0
    assert "Playground, seed=7: 25 steps in " in printed
    assert printed.splitlines()[-1].startswith("train_loss ")


def test_the_same_command_gives_the_same_curve(capsys: Capture) -> None:
    words = ("train", "playground", "--preset", labs.find("playground").presets[-1].slug, "--steps", "60", "--json")
    curves = [[line for line in run(capsys, *words)[1].splitlines() if '"event"' in line] for _ in range(2)]
    assert curves[0] == curves[1] != []


def test_training_that_diverges_says_so(capsys: Capture) -> None:
    code, _, complaint = run(capsys, "train", "playground", "--set", "problem=regression", "--set",
                             "learning_rate=10", "--set", "activations=linear", "--steps", "2000")  # fmt: skip
    assert code == 1
    assert complaint.startswith("dlviz: Training stopped at step ")
    assert complaint.count("\n") == 1


def test_probe_writes_a_trace_anyone_can_read(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "maps.npz"
    code, printed, _ = run(capsys, "probe", "playground", "maps", "--steps", "30", "--option", "resolution=8", "--out",
                           str(out), "--json")  # fmt: skip
    report = json.loads(printed)
    trace = Trace.load(out)
    assert (code, report["step"]) == (0, 30)
    assert {row["array"]: tuple(row["shape"]) for row in report["arrays"]} == {
        n: a.shape for n, a in trace.arrays.items()
    }
    assert trace["output"].shape[1:] == (8, 8)
    assert sorted(report["state"]) == sorted(trace.state)


def test_probe_takes_points_from_a_file(capsys: Capture, tmp_path: Path) -> None:
    """And what it finds there can be recomputed from the parameters it wrote beside it."""
    points = np.array([[0.5, -1.2], [3.0, 2.0]])
    np.savetxt(tmp_path / "points.csv", points, delimiter=",")
    out = tmp_path / "maps.npz"
    words = ("--steps", "30", "--input", str(tmp_path / "points.csv"), "--out", str(out))
    code, printed, _ = run(capsys, "probe", "playground", "maps", *words)
    assert code == 0
    assert "parameter arrays under state/" in printed
    trace = Trace.load(out)
    a = points
    for i in range(3):
        a = a @ trace.state[f"linear.{i}.weight"].T + trace.state[f"linear.{i}.bias"]
        a = np.tanh(a) if i < 2 else np.exp(a) / np.exp(a).sum(1, keepdims=True)
    np.testing.assert_allclose(trace["output"].T, a, atol=1e-5)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "1,2\n3\n", "nan,1\n", "", "1,2,3,4\n"])
def test_a_file_that_holds_no_points_is_refused(capsys: Capture, tmp_path: Path, text: str) -> None:
    (tmp_path / "points.csv").write_text(text)
    words = ("--input", str(tmp_path / "points.csv"), "--out", str(tmp_path / "a.npz"))
    code, _, complaint = run(capsys, "probe", "playground", "maps", "--steps", "1", *words)
    assert code == 2
    assert complaint.count("\n") == 1
    assert not (tmp_path / "a.npz").exists()


def test_labs_tells_every_field_panel_and_claim(capsys: Capture) -> None:
    code, printed, _ = run(capsys, "labs", "--json")
    report = json.loads(printed)
    assert code == 0
    assert {lab["slug"] for lab in report["labs"]} == set(labs.discover()[0])
    for told in report["labs"]:
        lab = labs.find(told["slug"])
        assert [panel["slug"] for panel in told["panels"]] == [panel.slug for panel in lab.panels]
        assert [claim["slug"] for claim in told["claims"]] == [claim.slug for claim in lab.claim_list()]
        assert all(field["help"] for field in told["fields"])
    readable = run(capsys, "labs")[1]
    assert "learning_rate = 0.03   [1e-05, 10] per step" in readable


def test_a_broken_lab_is_told_and_the_others_shown(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    found = labs.discover()[0]
    monkeypatch.setattr("dlviz.cli.labs.discover", lambda: (found, (BrokenLab("lost", "ImportError: no"),)))
    code, printed, complaint = run(capsys, "labs")
    assert code == 1
    assert "playground: " in printed
    assert complaint == "dlviz: The lab 'lost' cannot be opened: ImportError: no\n"


def test_doctor_tells_versions_device_and_data(capsys: Capture) -> None:
    code, printed, _ = run(capsys, "doctor", "--json")
    report = json.loads(printed)
    assert code == (1 if report["problems"] else 0)
    assert set(doctor.PACKAGES) == set(report["versions"])
    assert report["device"]["device"] == "cpu"
    assert report["memory"] > 0
    assert report["engine"]["workers"] >= 1
    assert "playground" in report["labs"]
    assert run(capsys, "doctor")[1].startswith("Python 3.")


def test_doctor_names_what_is_wrong(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", (*doctor.PACKAGES, "a-package-nobody-has"))
    monkeypatch.setenv("DLVIZ_DEVICE", "abacus")
    code, printed, _ = run(capsys, "doctor")
    assert code == 1
    assert "Problem  a-package-nobody-has is not installed." in printed
    assert "Problem  DLVIZ_DEVICE must be one of auto, cpu, " in printed


def test_a_claim_is_run_and_reported(capsys: Capture) -> None:
    name = labs.find("playground").claim_list()[0].slug
    code, printed, _ = run(capsys, "claims", name, "--json")
    report = json.loads(printed)
    assert (code, report["claim"]) == (0, f"playground.{name}")
    assert report["holds"] in ("yes", "partly", "no")
    assert report["rows"]
    assert report["seconds"] > 0


def test_pretrain_says_that_the_playground_needs_no_checkpoint(capsys: Capture) -> None:
    code, printed, _ = run(capsys, "pretrain", "playground")
    assert (code, printed) == (0, "playground ships no checkpoint: its opening state is computed in an instant.\n")


def test_pretrain_runs_what_a_lab_declares(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dataclasses import replace

    def make() -> object:
        yield Progress(1, 2, "half")
        yield tmp_path / "weights.safetensors"

    lab = replace(labs.find("playground"), slug="other", pretrain="somewhere:make")
    monkeypatch.setattr(pretrain, "find", lambda _slug: lab)
    monkeypatch.setattr(pretrain, "load", lambda _ref: make)
    code, printed, _ = run(capsys, "pretrain", "other")
    assert code == 0
    assert "other 1/2 half" in printed
    assert "weights.safetensors" in printed


def test_serve_refuses_a_port_that_is_taken(capsys: Capture) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        code, _, complaint = run(capsys, "serve", "--port", str(port))
    assert code == 2
    assert complaint.startswith(f"dlviz: --port must be free on 127.0.0.1 (Address already in use). Got {port}. Try ")


def test_serve_becomes_the_server(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def become(_program: str, words: list[str]) -> None:
        started.append(words)
        raise SystemExit(0)  # the real one never returns

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.chdir(ROOT)
    port = free_port()
    code, printed, _ = run(capsys, "serve", "--port", str(port))
    assert (code, printed) == (0, f"dlviz is at http://localhost:{port}    (Ctrl-C stops it)\n")
    assert started[0][1:4] == ["-m", "streamlit", "run"]
    assert {f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"} <= set(started[0])


def test_docs_are_written_again_and_checked(capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path / "labs")
    assert run(capsys, "docs", "--check")[0] == 1
    assert run(capsys, "docs")[0] == 0
    text = (tmp_path / "labs" / "playground.md").read_text()
    assert "done-when" not in text
    assert all(f"| `{field}` |" in text for field in ("dataset", "learning_rate", "hidden_layers"))
    assert run(capsys, "docs", "--check")[0] == 0
    (tmp_path / "labs" / "gone.md").write_text("old")
    assert run(capsys, "docs", "--check")[:2] == (1, "")
    run(capsys, "docs")
    assert not (tmp_path / "labs" / "gone.md").exists()


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dlviz", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ctrl_c_is_quiet() -> None:
    process = start("train", "playground", "--steps", "10000000")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["step"] == 0
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=90)
    assert (process.returncode, complaint) == (130, "")


def test_a_reader_who_has_enough_is_no_error() -> None:
    process = start("train", "playground", "--steps", "20000")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    begun = time.monotonic()
    assert process.wait(timeout=60) == 0
    assert time.monotonic() - begun < 30
    assert process.stderr.read() == ""
    process.stderr.close()


def test_a_worker_process_trains_the_same_model(capsys: Capture) -> None:
    def reached(engine: str) -> dict[str, float]:
        words = ("train", "playground", "--steps", "120", "--engine", engine, "--json")
        summary: dict[str, dict[str, float]] = json.loads(run(capsys, *words)[1].splitlines()[-1])["summary"]
        return summary["numbers"]

    assert reached("local") == pytest.approx(reached("direct"), rel=1e-6)


def test_an_option_of_a_panel_may_be_set_like_a_setting(tmp_path: Path) -> None:
    """What is no setting of the lab but an option of the panel; a word that is neither is refused as before."""
    files = [tmp_path / "a.npz", tmp_path / "b.npz"]
    common = ["probe", "cnn", "attribution", "--set", "dataset=digits", "--set", "channels=3", "--steps", "1"]
    assert main([*common, "--set", "method=occlusion", "--out", str(files[0])]) == 0
    assert main([*common, "--option", "method=occlusion", "--out", str(files[1])]) == 0
    one, other = (Trace.load(file) for file in files)
    assert np.array_equal(one["attribution"], other["attribution"])
    assert one.state["method"] == ["occlusion"]
    assert main([*common, "--set", "methods=occlusion", "--out", str(files[0])]) == 2
