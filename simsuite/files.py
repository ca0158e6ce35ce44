"""Files that are whole or absent, folders that belong to one process, errors in words."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from simsuite.errors import StoreError

LOCK_NAME = ".lock"
TEMPORARY = ".tmp"

FREE_SPACE = "Free some space and run the same command again: finished runs are kept."
NO_PERMISSION = "you have no permission to do this. Choose another folder, or change the permissions."
FILE_IN_THE_WAY = "a file stands where a folder is needed. Choose another folder, or move the file away."
REASONS = {
    errno.ENOSPC: f"the disk is full. {FREE_SPACE}",
    errno.EDQUOT: f"your disk quota is used up. {FREE_SPACE}",
    errno.EFBIG: "the file grew over the size that is allowed here. Raise the limit (ulimit -f) "
    "and run the same command again: finished runs are kept.",
    errno.EACCES: NO_PERMISSION,
    errno.EPERM: NO_PERMISSION,
    errno.EROFS: "the disk is read-only. Choose another folder.",
    errno.ENOENT: "it is not there.",
    errno.ENOTDIR: FILE_IN_THE_WAY,
    errno.EEXIST: FILE_IN_THE_WAY,
    errno.EISDIR: "a folder stands where a file is needed. Move it away.",
    errno.ENOLCK: "this disk cannot lock files. Choose a folder on a local disk.",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one.",
}


@contextlib.contextmanager
def errors_in_words(action: str, path: Path) -> Iterator[None]:
    """Turn what the operating system says into a StoreError that says what to do.

    action : what was tried, as in "cannot <action> <path>"
    """
    try:
        yield
    except OSError as error:
        reason = REASONS.get(error.errno, f"{error.strerror or error}.")
        raise StoreError(f"Cannot {action} {path}: {reason}") from error


def write_whole(path: Path, content: bytes) -> str:
    """Write a file so that it is there completely or not at all, also after a power failure.

    Returns
    -------
    sha256 of the content

    Raises
    ------
    StoreError : disk full, no permission ...; nothing half-written stays
    """
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    with errors_in_words("write", path):
        try:
            with open(temporary, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    return hashlib.sha256(content).hexdigest()


def sync_folder(folder: Path) -> None:
    """Wait until names that were given or changed in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: Path) -> str | None:
    """sha256 of a file, None if there is none."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class FolderLock:
    """One process at a time: held from creation to `close`, or until the process dies.

    Raises
    ------
    StoreError : another process holds the folder; it is named by its number
    """

    def __init__(self, folder: Path):
        path = folder / LOCK_NAME
        with errors_in_words("lock", path):
            self._file = open(path, "a+", encoding="ascii")  # noqa: SIM115 (held until close)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._file.seek(0)
                holder = self._file.read().strip() or "unknown"
                self._file.close()
                raise StoreError(
                    f"{folder} is in use by another run (process {holder}). Wait until it has "
                    "finished, stop it, or choose another folder."
                ) from None
            except OSError:
                self._file.close()
                raise
            self._file.truncate(0)
            self._file.write(str(os.getpid()))
            self._file.flush()

    def close(self) -> None:
        self._file.close()
