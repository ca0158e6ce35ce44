import subprocess
import sys

import pytest
from small_experiment import WITH_SIMSUITE

HEAVY = ("pandas", "pyarrow", "scipy", "numba", "mesa", "matplotlib", "rich", "xlsxwriter")


@pytest.mark.parametrize("module", ["runner", "store", "comparison", "statistics", "manifest", "journal", "workbook"])
def test_importing_loads_nothing_heavy(module):
    code = f"import sys, simsuite.experiment.{module}\nprint([name for name in {HEAVY} if name in sys.modules])"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=WITH_SIMSUITE, check=True)
    assert child.stdout.strip() == "[]"
