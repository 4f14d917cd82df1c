from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgraph.serve.marks import Mark, found, marks_of, pieces

MARKS = st.lists(
    st.builds(
        Mark,
        st.integers(-3, 30),
        st.integers(-3, 30),
        st.sampled_from(["subject", "trigger", "object"]),
        st.integers(1, 3),
    )
)


def test_words_that_play_several_roles_say_so() -> None:
    text = "Kremlsprecher Peskow"
    made = pieces(text, [*marks_of([14, 20, 0, 13, 0, 5]), *marks_of([0, 5, 5, 13, 14, 20], 2)])
    assert [(piece.text, piece.roles, [(mark.role, mark.number) for mark in piece.ended]) for piece in made] == [
        ("Kreml", ("subject", "trigger", "object"), [("object", 1), ("subject", 2)]),
        ("sprecher", ("trigger",), [("trigger", 1), ("trigger", 2)]),
        (" ", (), []),
        ("Peskow", ("subject", "object"), [("subject", 1), ("object", 2)]),
    ]


@given(text=st.text(max_size=25), marks=MARKS)
def test_no_character_is_lost_whatever_is_marked(text: str, marks: list[Mark]) -> None:
    made = pieces(text, marks)
    assert "".join(piece.text for piece in made) == text
    within = {mark for mark in marks if 0 <= mark.start < mark.end <= len(text)}
    assert {mark for piece in made for mark in piece.ended} == within


def test_places_outside_of_the_text_are_left_out() -> None:
    assert [piece.text for piece in found("kurz", [(1, 2), (3, 99), (-1, 2)])] == ["k", "u", "rz"]
