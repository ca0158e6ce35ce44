"""Whatever is in a file: it is a scenario or a ScenarioError, never a crash."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simsuite.errors import ScenarioError
from simsuite.scenario.loading import load

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.sampled_from(
    [
        "population",
        "customers",
        "channels",
        "store",
        "strategies",
        "isolated",
        "extends",
        "flows",
        "cart",
        "coverage",
        "experiment",
        "horizon",
        "segments",
        "parameters",
        "present",
        "opens",
        "x",
        '"a.b"',
        "''",
    ]
)
values = st.sampled_from(
    [
        "1",
        "-5",
        "0.5",
        "nan",
        "-inf",
        "1e400",
        "9" * 40,
        "9" * 5000,
        "true",
        '"store"',
        '"x.toml"',
        '"retail_world"',
        '"25 %"',
        '"3 days"',
        '"\\u0000"',
        '"../x.toml"',
        "[]",
        "[1, [2]]",
        "{}",
        "{ a = 1, a = 2 }",
        "2020-01-01T00:00:00Z",
        "00:00:01",
        "'''",
        '"',
        '"' + "9" * 400 + ' days"',
    ]
)
keys = st.lists(words, min_size=1, max_size=4).map(".".join)
lines = st.one_of(
    st.builds("{} = {}".format, keys, values),
    keys.map("[{}]".format),
    keys.map("[[{}]]".format),
    st.builds("{} = {{ {} = {} }}".format, keys, keys, values),
    st.text(max_size=20),
    st.sampled_from(["\x00", "\r", "= 1", "[", "]", "#", "\ufeff"]),
)
scenarios = st.lists(lines, max_size=8).map("\n".join)


def load_or_refuse(path, **options):
    try:
        return load(path, **options)
    except ScenarioError as error:
        assert error.problems
        assert str(error)
    return None


@RELAXED
@given(scenarios)
def test_garbage_is_refused_or_read(folder, text):
    (folder / "x.toml").write_text(text, encoding="utf-8", newline="")
    load_or_refuse(folder / "x.toml")


@RELAXED
@given(scenarios)
def test_garbage_below_a_valid_head_is_refused_or_read(folder, text):
    head = 'extends = "retail_world"\n[strategies.isolated]\n'
    (folder / "x.toml").write_text(head + text, encoding="utf-8", newline="")
    scenario = load_or_refuse(folder / "x.toml")
    if scenario is not None:
        (folder / "y.toml").write_text(scenario.text, encoding="utf-8")
        assert load(folder / "y.toml").digest == scenario.digest


@RELAXED
@given(st.binary(max_size=200))
def test_bytes_are_refused_or_read(folder, content):
    (folder / "x.toml").write_bytes(content)
    load_or_refuse(folder / "x.toml")


@RELAXED
@given(
    st.lists(
        st.sampled_from(
            [
                "population",
                "customers",
                "channels",
                "store",
                "trip",
                "strategies",
                "isolated",
                "extends",
                "",
                "x y",
                "experiment",
                "seed",
            ]
        ),
        min_size=1,
        max_size=4,
    ).map(".".join),
    st.one_of(values, st.text()),
)
def test_options_are_refused_or_read(folder, path, value):
    (folder / "x.toml").write_text('extends = "retail_world"\n[strategies.isolated]\n')
    load_or_refuse(folder / "x.toml", overrides={path: value})
