import pytest

from poincon.kernel.refusals import Refusal
from poincon.organisations.models import Organisation
from poincon.passes import codes
from poincon.passes.enums import Custody, Validity
from poincon.passes.models import Batch, Booklet
from poincon.passes.ranges import BookletRange
from poincon.passes.typed_ranges import first_of_the_pile, read_ranges
from poincon.programmes.models import Programme
from tests.factories import make_organisation, make_programme
from tests.www.making import make_booklet

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def pile(programme: Programme) -> list[Booklet]:
    """Six booklets of one batch, in stock, the first of them begun."""
    first = make_booklet(programme)
    batch, holder = first.batch, first.holder
    Batch.objects.filter(pk=batch.pk).update(quantity=6)
    Booklet.objects.filter(pk=first.pk).update(custody=Custody.STOCK, handed=1)
    numbers = [number for number in range(50_000_000_000, 50_000_001_000) if codes.is_issuable(number)]
    rest = [
        Booklet(batch=batch, rank=rank, number=numbers[rank], size=10, custody=Custody.STOCK, holder=holder, validity=1)
        for rank in range(2, 7)
    ]
    Booklet.objects.bulk_create(rest)
    return list(Booklet.objects.filter(batch=batch).order_by("rank"))


def number(booklet: Booklet) -> str:
    return codes.written(booklet.number)


def test_numbers_ranks_and_ranges_are_read_as_people_write_them(programme: Programme, pile: list[Booklet]) -> None:
    batch = pile[0].batch_id
    whole = [BookletRange(batch, 2, 4)]
    first, last = number(pile[1]), number(pile[3])
    for typed in (
        f"{first} à {last}",
        f"{first} au {last}",
        f"{first};{last}",
        f"{first}\t{last}",
        f"{first} - {last}",
        f"{first.replace(' ', '')} {last.replace(' ', '')}",
        "lot 1 : 2 à 4",
        "Lot 1 n° 2-4",
        "lot 1, rang 2 à 4.",
    ):
        assert read_ranges(typed, programme) == whole, typed


def test_booklets_named_one_by_one_that_follow_each_other_are_one_range(
    programme: Programme, pile: list[Booklet]
) -> None:
    typed = "\n".join([number(pile[4]), "", number(pile[3]), "lot 1 n° 2"])
    batch = pile[0].batch_id
    assert read_ranges(typed, programme) == [BookletRange(batch, 2, 2), BookletRange(batch, 4, 5)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("n’importe quoi", "contient une erreur"),
        ("lot 9 : 1 à 2", "n’a pas de lot 9"),
        ("lot 1 : 1 à 7", "le rang 7 n’existe pas"),
        ("lot 1 : 0", "le rang 0 n’existe pas"),
        ("lot 1 : 4 à 2", "vient avant"),
    ],
)
def test_a_wrong_line_is_named(programme: Programme, pile: list[Booklet], line: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_ranges(f"lot 1 n° 2\n{line}", programme)
    assert str(refused.value).startswith("Ligne 2 : ")
    assert said in str(refused.value)


def test_the_same_booklet_twice_is_refused(programme: Programme, pile: list[Booklet]) -> None:
    with pytest.raises(Refusal) as refused:
        read_ranges("lot 1 : 2 à 4\nlot 1 n° 3", programme)
    assert refused.value.code == "ranges_overlap"


def test_nothing_typed_is_refused(programme: Programme) -> None:
    with pytest.raises(Refusal) as refused:
        read_ranges(" \n ", programme)
    assert refused.value.code == "no_booklets"


def test_another_programmes_batch_is_not_found_by_its_number(pile: list[Booklet]) -> None:
    other = make_programme()
    with pytest.raises(Refusal, match="n’a pas de lot 1"):
        read_ranges("lot 1 n° 2", other)


def test_the_first_of_the_pile_are_whole_and_in_order(programme: Programme, pile: list[Booklet]) -> None:
    holder = pile[0].holder_id
    assert holder is not None
    assert first_of_the_pile(programme, holder, 3) == [BookletRange(pile[0].batch_id, 2, 4)]
    with pytest.raises(Refusal, match="il en reste 5"):
        first_of_the_pile(programme, holder, 6)


def test_a_stranger_has_no_pile(programme: Programme, pile: list[Booklet]) -> None:
    stranger: Organisation = make_organisation()
    with pytest.raises(Refusal):
        first_of_the_pile(programme, stranger.pk, 1)
    assert pile[0].validity == Validity.ACTIVE
