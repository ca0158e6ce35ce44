"""Where compiled rules are kept between runs: whole files or none, and a word where nothing can be kept.

Numba takes what lies in its cache for granted: a file that was cut off, or damaged on the disk, ends every
run, or gives other machine code. Here each file carries its checksum, is thrown away where that does not
fit, and its rules are compiled anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import stat
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import llvmlite
import numba
import numpy as np

from simsuite.errors import CacheWarning
from simsuite.machine.of_numba import FunctionCache, IndexDataCacheFile

SUM = hashlib.sha256().digest_size  # bytes at the end of every file
FILES = "**/*.nb[ic]"
REMEDY = "Set SIMSUITE_CACHE to a folder that can be written."


def wanted_root() -> Path | None:
    """Where compiled rules should be kept: $SIMSUITE_CACHE, else the user's cache folder; None if there is no user's folder."""
    if folder := os.environ.get("SIMSUITE_CACHE"):
        return Path(folder)
    if folder := os.environ.get("XDG_CACHE_HOME"):
        return Path(folder) / "simsuite"
    try:
        return Path.home() / ".cache" / "simsuite"
    except RuntimeError:  # no HOME, and the system does not know the user
        return None


def why_not(folder: Path | None) -> str:
    """Why nothing can be written into a folder, made if it is not there; empty if something can."""
    if folder is None:
        return "there is no home folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (FileExistsError, NotADirectoryError):
        return f"{folder}: a file stands where a folder is needed"
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return ""


def cache_root() -> Path | None:
    """Where compiled rules are kept: where they should be, else in a folder for temporary files; None if nowhere.

    Whatever is not as it should be is a CacheWarning.
    """
    wanted = wanted_root()
    if not (why := why_not(wanted)):
        return wanted
    other = _temporary_root()
    instead = f"they are kept in {other} instead" if other else "they are compiled anew each time, half a minute"
    warnings.warn(f"Compiled rules cannot be kept ({why}): {instead}. {REMEDY}", CacheWarning, stacklevel=2)
    return other


def _temporary_root() -> Path | None:
    """The user's own folder among the temporary ones; None if another could have written into it."""
    with contextlib.suppress(OSError):
        root = Path(tempfile.gettempdir()) / f"simsuite-{os.getuid()}"
        root.mkdir(mode=0o700, exist_ok=True)
        about = root.lstat()
        own = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o077
        if own and not why_not(root):
            return root
    return None


def digest_of(sources: list[str]) -> str:
    """The name of one book's machine code: of its sources, Python, numba and numpy.

    Numba notices an edit of the kernel's own file only; the digest makes an edit
    of any rule, or a replaced rule, another name.
    """
    digest = hashlib.sha256()
    for text in (sys.version, numba.__version__, llvmlite.__version__, np.__version__, *sources):
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def cache_folder(name: str) -> Path | None:
    """The cache folder of the book of this name; None if nothing can be kept.

    What lies in a cache that can only be read is taken along.
    """
    root, wanted = cache_root(), wanted_root()
    if root is None:
        return None
    folder = root / name
    if wanted not in (None, root) and not folder.exists():
        with contextlib.suppress(OSError):
            shutil.copytree(wanted / name, folder)
    return folder


def keep(kernel: Callable, folder: Path) -> None:
    """Have a kernel's machine code kept in `folder`, and taken from there."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        kernel._cache = _KeptCode(kernel.py_func)
    except RuntimeError:
        _not_kept(folder, "numba finds no place for it")
    finally:
        numba.config.CACHE_DIR = before


def _not_kept(folder: Path | str, why: str | None) -> None:
    warnings.warn(
        f"Compiled rules cannot be kept in {folder} ({why}): they are compiled anew each time. {REMEDY}",
        CacheWarning,
        stacklevel=3,
    )


class _KeptCode(FunctionCache):
    """Numba's cache of one function, of files with checksums; what goes wrong with it ends no run."""

    def __init__(self, function: Callable):
        super().__init__(function)
        self._cache_file = _CheckedFiles(
            self._cache_path, self._impl.filename_base, self._impl.locator.get_source_stamp()
        )

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:  # whatever numba stumbles over: compiled anew, code cannot be wrong
            self._cache_file.throw_away(f"cannot be loaded ({type(error).__name__})")
            return None

    def save_overload(self, sig, data):
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _not_kept(self._cache_path, error.strerror)


class _CheckedFiles(IndexDataCacheFile):
    """The files of one function; each ends with the checksum of what stands before it, which numba does not read."""

    def _load_index(self):
        return super()._load_index() if self._is_whole(self._index_path) else {}

    def _load_data(self, name):
        if not self._is_whole(self._data_path(name)):
            raise FileNotFoundError(name)  # to numba: compile it
        return super()._load_data(name)

    @contextlib.contextmanager
    def _open_for_write(self, filepath) -> Iterator[io.BytesIO]:
        with super()._open_for_write(filepath) as file:
            content = io.BytesIO()
            yield content
            file.write(content.getvalue() + hashlib.sha256(content.getvalue()).digest())

    def _is_whole(self, path: str) -> bool:
        """Whether a file is there and undamaged; a damaged one is thrown away."""
        if is_damaged(Path(path)):
            self.throw_away("is damaged")
        return os.path.exists(path)

    def throw_away(self, why: str) -> None:
        """Delete what is kept of this function, and say so."""
        warnings.warn(
            f"What was kept of the compiled rules {why} ({self._index_path}): thrown away, and compiled anew.",
            CacheWarning,
            stacklevel=2,
        )
        for path in Path(self._cache_path).glob(f"{Path(self._index_name).stem}*.nb[ic]"):
            with contextlib.suppress(OSError):
                path.unlink()


def is_damaged(path: Path) -> bool:
    """Whether a kept file is there and is not what was written."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return hashlib.sha256(content[:-SUM]).digest() != content[-SUM:]
