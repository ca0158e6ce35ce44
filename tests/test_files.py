import errno
import hashlib
import os
import resource
import signal
import subprocess
import sys

import pytest
from small_experiment import WITH_SIMSUITE

from simsuite.errors import StoreError
from simsuite.files import FolderLock, write_whole


def test_a_file_is_written_and_its_digest_returned(tmp_path):
    assert write_whole(tmp_path / "a", b"content") == hashlib.sha256(b"content").hexdigest()
    assert (tmp_path / "a").read_bytes() == b"content"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full. Free some space"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "no permission"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_failed_write_says_why_and_leaves_the_old_file(tmp_path, monkeypatch, number, words):
    write_whole(tmp_path / "a", b"old")

    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match=words) as caught:
        write_whole(tmp_path / "a", b"new")
    assert str(tmp_path / "a") in str(caught.value)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_that_outgrows_its_limit_leaves_nothing(tmp_path):
    """The system itself refuses: a child process may write files of at most 1000 bytes."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    code = (
        "import sys; from pathlib import Path; from simsuite.files import write_whole\n"
        "write_whole(Path(sys.argv[1]), bytes(5000))"
    )
    child = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a")],
        capture_output=True,
        text=True,
        env=WITH_SIMSUITE,
        preexec_fn=limit,
    )
    assert "StoreError" in child.stderr and "ulimit -f" in child.stderr
    assert os.listdir(tmp_path) == []


def test_a_lock_names_the_process_that_holds_it_and_ends_with_it(tmp_path):
    lock = FolderLock(tmp_path)
    with pytest.raises(StoreError, match=f"in use by another run \\(process {os.getpid()}: .+\\). Wait until"):
        FolderLock(tmp_path)
    lock.close()
    FolderLock(tmp_path).close()
