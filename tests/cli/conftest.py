"""What several tests of commands look at."""

import pytest
from commands import SMALL, simsuite, write_scenario


@pytest.fixture(scope="session")
def compared(tmp_path_factory):
    """A folder in which a comparison has been run, and what it printed."""
    folder = tmp_path_factory.mktemp("compared")
    done = simsuite("compare", "retail_question.toml", "--replications", "3", *SMALL, folder=write_scenario(folder))
    return folder, done
