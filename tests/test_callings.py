"""What an outlet is called that nobody gave us: names by hand, and what must hold of any."""

from hypothesis import given
from hypothesis import strategies as st

from dedup.outlets import fold_name
from dedup.provenance.callings import one_name_each
from dedup.provenance.names import same_name

NAMES = [
    *("AP", "Associated Press", "The Associated Press", "Xinhua", "Xinhua News Agency", "Agence France-Presse", "AFP"),
    *("MPA", "Meridian Press Agency", "Motion Picture Association", "Austria Presse Agentur", "APA"),
    *("South Front", "South-Front", "the South Front"),
]


def test_one_name_for_each_outlet() -> None:
    called = one_name_each(NAMES)
    assert {called[name] for name in ("AP", "Associated Press", "The Associated Press")} == {"Associated Press"}
    assert {called[name] for name in ("Xinhua", "Xinhua News Agency")} == {"Xinhua News Agency"}
    assert {called[name] for name in ("AFP", "Agence France-Presse")} == {"Agence France-Presse"}
    assert len({called[name] for name in ("South Front", "South-Front", "the South Front")}) == 1


def test_initials_may_be_anybodys_elsewhere() -> None:
    called = one_name_each(NAMES)
    for name in ("MPA", "Meridian Press Agency", "Motion Picture Association", "Austria Presse Agentur", "APA"):
        assert called[name] == name


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.text("ABaté -.", min_size=1, max_size=9).filter(str.strip))))
def test_whatever_they_are_called_is_one_of_their_names(names: list[str]) -> None:
    called = one_name_each(names)
    assert called.keys() == set(names) and set(called.values()) <= set(names)
    assert all(called[other] == other for other in called.values())
    assert all(same_name(name, other) or fold_name(name) == fold_name(other) for name, other in called.items())
    assert one_name_each(reversed(names)) == called
