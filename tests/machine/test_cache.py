"""Compiled rules are kept whole or not at all: damaged files, folders that cannot be written, no folder at all."""

import os
import subprocess
import sys
import warnings

import pytest

from simsuite.errors import CacheWarning
from simsuite.machine import cache

ONE_KERNEL = """
import sys, warnings
from pathlib import Path
from simsuite.machine.compiled import compile_kernel, CompilationWatch
warnings.simplefilter("always")

def doubled(number):
    return 2 * number

compiled = []
with CompilationWatch(lambda count: compiled.append(count)):
    print(compile_kernel(doubled, "book", Path(sys.argv[1]))(21), "compiled" if compiled else "loaded")
"""


def double(folder, *, file_limit=None):
    """What a new process says that takes one kernel from this folder, and what it warns of."""
    program = folder.parent / "program.py"
    program.write_text(ONE_KERNEL)

    def limit():
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

    done = subprocess.run(
        [sys.executable, str(program), str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        preexec_fn=limit if file_limit else None,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def files_of(folder):
    return {path.suffix: path for path in folder.glob(cache.FILES)}


DAMAGES = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "garbage": lambda content: b"garbage" + content[7:],
    "one bit": lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
}


def test_a_damaged_file_is_thrown_away_and_compiled_anew(tmp_path):
    """Index and machine code, damaged in every way, one after the other in one folder."""
    folder = tmp_path / "kept"
    assert double(folder) == ("42 compiled", "")
    assert double(folder) == ("42 loaded", "")
    for kind in (".nbi", ".nbc"):
        for name, damage in DAMAGES.items():
            file = files_of(folder)[kind]
            file.write_bytes(damage(file.read_bytes()))
            said, warned = double(folder)
            assert said == "42 compiled" and "damaged" in warned and str(file.parent) in warned, (kind, name)
    assert double(folder) == ("42 loaded", "")


def test_a_file_that_is_gone_is_compiled_anew_without_a_word(tmp_path):
    folder = tmp_path / "kept"
    double(folder)
    files_of(folder)[".nbc"].unlink()
    assert double(folder) == ("42 compiled", "")
    assert double(folder) == ("42 loaded", "")


def test_where_the_disk_is_full_rules_are_compiled_and_not_kept(tmp_path):
    """The system refuses files of more than 1000 bytes."""
    folder = tmp_path / "kept"
    said, warned = double(folder, file_limit=1000)
    assert said == "42 compiled" and "cannot be kept" in warned and "SIMSUITE_CACHE" in warned
    assert not list(folder.rglob("*.tmp.*")), "half a file stays"
    assert double(folder) == ("42 compiled", "")


def test_code_that_is_whole_and_cannot_be_loaded_is_compiled_anew(tmp_path):
    import hashlib
    import pickle

    folder = tmp_path / "kept"
    double(folder)
    content = pickle.dumps("no machine code")
    files_of(folder)[".nbc"].write_bytes(content + hashlib.sha256(content).digest())
    said, warned = double(folder)
    assert said == "42 compiled" and "cannot be loaded" in warned
    assert double(folder) == ("42 loaded", "")


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A home folder and one for temporary files; nothing else is said."""
    for name in ("SIMSUITE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    return tmp_path


def test_compiled_rules_are_kept_where_the_user_says_else_in_the_users_cache(places, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cache.cache_root() == places / "home" / ".cache" / "simsuite"
        monkeypatch.setenv("XDG_CACHE_HOME", str(places / "xdg"))
        assert cache.cache_root() == places / "xdg" / "simsuite"
        monkeypatch.setenv("SIMSUITE_CACHE", str(places / "said"))
        assert cache.cache_root() == places / "said"


def of_the_user(places):
    return places / "temporary" / f"simsuite-{os.getuid()}"


def test_where_a_file_stands_in_the_way_they_are_kept_among_temporary_files(places, monkeypatch):
    (places / "file").write_text("")
    for name in ("file", "file/below"):
        monkeypatch.setenv("SIMSUITE_CACHE", str(places / name))
        with pytest.warns(CacheWarning, match="a file stands where a folder is needed.*SIMSUITE_CACHE"):
            assert cache.cache_root() == of_the_user(places)
    assert of_the_user(places).stat().st_mode & 0o777 == 0o700


def test_without_a_home_they_are_kept_among_temporary_files(places, monkeypatch):
    def unknown():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(cache.Path, "home", unknown)
    with pytest.warns(CacheWarning, match="there is no home folder"):
        assert cache.cache_root() == of_the_user(places)


def test_a_folder_into_which_others_may_write_is_not_used(places, monkeypatch):
    """Whoever can write there could have this user run any machine code."""
    monkeypatch.setenv("SIMSUITE_CACHE", "/dev/null")
    of_the_user(places).mkdir(mode=0o777)
    of_the_user(places).chmod(0o777)
    with pytest.warns(CacheWarning, match="compiled anew each time"):
        assert cache.cache_root() is None


def test_without_any_folder_nothing_is_kept(places, monkeypatch):
    def none():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setenv("SIMSUITE_CACHE", "/dev/null")
    monkeypatch.setattr(cache.tempfile, "gettempdir", none)
    with pytest.warns(CacheWarning, match="compiled anew each time"):
        assert cache.cache_folder("book") is None


def test_what_lies_in_a_cache_that_can_only_be_read_is_taken_along(places, monkeypatch):
    wanted = places / "home" / ".cache" / "simsuite"
    (wanted / "book").mkdir(parents=True)
    (wanted / "book" / "kernel.nbi").write_text("code")
    asked = cache.why_not
    monkeypatch.setattr(cache, "why_not", lambda folder: "read-only" if folder == wanted else asked(folder))
    with pytest.warns(CacheWarning, match="read-only"):
        folder = cache.cache_folder("book")
    assert folder == of_the_user(places) / "book" and (folder / "kernel.nbi").read_text() == "code"


def test_a_folder_that_may_not_be_written_is_no_place_for_compiled_rules(tmp_path):
    """Root may write everywhere, unless it gives up this right for a child process."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    words = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from simsuite.machine.cache import why_not; print(why_not(Path(sys.argv[1])))",
    ]
    if os.getuid() == 0:
        words = ["setpriv", "--bounding-set=-dac_override", *words]
    try:
        done = subprocess.run(
            [*words, str(closed / "cache")],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
    except FileNotFoundError:
        pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    assert done.stdout == f"{closed / 'cache'}: Permission denied\n", done.stderr
