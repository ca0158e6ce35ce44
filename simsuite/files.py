"""Files that are whole or absent, folders that belong to one process, errors in words."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from simsuite.errors import StoreError

LOCK_NAME = ".lock"
TEMPORARY = ".tmp"
LONGEST_COMMAND = 200  # characters that a message shows

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
    from hashlib import sha256  # OpenSSL takes longer to load than --help may

    return sha256(content).hexdigest()


def sync_folder(folder: Path) -> None:
    """Wait until names that were given or changed in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: Path) -> str | None:
    """sha256 of a file, None if there is none."""
    from hashlib import file_digest as digest_of

    try:
        with open(path, "rb") as file:
            return digest_of(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class FolderLock:
    """One process at a time: held from creation to `close`, the end of a `with` statement, or until the process dies.

    Raises
    ------
    StoreError : another process holds the folder; it is named by its number and its command
    """

    def __init__(self, folder: Path):
        path = folder / LOCK_NAME
        with errors_in_words("lock", path):
            while not self._taken(path, folder):
                pass
            self._file.truncate(0)
            self._file.write(f"process {os.getpid()}: {_command()}")
            self._file.flush()

    def _taken(self, path: Path, folder: Path) -> bool:
        """Whether this process holds the file of this name; not if the folder was renamed in between, lock and all."""
        try:
            self._file = open(path, "a+", encoding="utf-8", errors="replace")  # noqa: SIM115 (held until close)
        except FileNotFoundError:
            raise StoreError(f"{folder} is not there, or was moved away just now. Run the command again.") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._file.fileno()), os.stat(path)):
                    return True
            self._file.close()
            return False
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "a process that does not say its number"
            self._file.close()
            raise StoreError(
                f"{folder} is in use by another run ({holder}). Wait until it has finished, stop it, or choose "
                "another folder."
            ) from None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Let others use the folder."""
        self._file.close()


def _command() -> str:
    """The command line of this process, so that a person knows which of hers it is."""
    program = Path(sys.argv[0] if sys.argv else "")
    name = program.parent.name if program.name == "__main__.py" else program.name
    return shlex.join([name or "python", *sys.argv[1:]])[:LONGEST_COMMAND]
