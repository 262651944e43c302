"""The parts of the address space: each address in exactly one, named as the contract says."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.engine.externals import AddressSpace
from webapp.model.addresses import BITS, Block, Network, parse_cidr


def block(cidr: str, *excepts: str) -> Block:
    return Block(parse_cidr(cidr), tuple(parse_cidr(text) for text in excepts))


def ids(*lists: tuple[Block, ...]) -> list[str]:
    return [part.id for part in AddressSpace(lists).parts]


def test_without_blocks_there_is_the_internet_alone() -> None:
    (part,) = AddressSpace([]).parts
    assert part.id == "internet"
    assert part.texts() == ["0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]


def test_a_block_is_a_part_and_the_rest_is_the_internet() -> None:
    assert ids((block("10.0.0.0/8"),)) == ["internet", "10.0.0.0/8"]


def test_what_is_cut_out_is_named_after_its_own_block() -> None:
    assert ids((block("0.0.0.0/0", "10.0.0.0/8"),)) == ["internet", "10.0.0.0/8", "internet-v6"]


def test_nested_blocks_are_named_with_their_excepts() -> None:
    assert ids((block("10.0.0.0/8"),), (block("10.1.0.0/16"),)) == [
        "internet", "10.0.0.0/8 except 10.1.0.0/16", "10.1.0.0/16",
    ]  # fmt: skip


def test_both_families_are_one_internet_when_no_rule_tells_them_apart() -> None:
    assert ids((block("0.0.0.0/0"), block("::/0"))) == ["internet"]
    assert ids((block("0.0.0.0/0"),)) == ["internet", "internet-v6"]


@st.composite
def networks(draw: st.DrawFn, family: int) -> Network:
    prefix = draw(st.sampled_from([0, 1, 4, 8, 12, 16, 24, BITS[family]]))
    size = 1 << (BITS[family] - prefix)
    first = draw(st.integers(0, (1 << BITS[family]) - 1)) // size * size
    return Network(family, first, first + size - 1)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    family = draw(st.sampled_from([4, 6]))
    outer = draw(networks(family))
    holes = {hole for hole in draw(st.lists(networks(family), max_size=3)) if outer.holds(hole) and hole != outer}
    return Block(outer, tuple(sorted(holes)))


@given(st.lists(st.lists(blocks(), min_size=1, max_size=3).map(tuple), max_size=4))
def test_parts_cover_everything_once_and_no_block_cuts_a_part(lists: list[tuple[Block, ...]]) -> None:
    space = AddressSpace(lists)
    for family in (4, 6):
        spans = sorted((a, b) for part in space.parts for f, a, b in part.ranges if f == family)
        assert spans[0][0] == 0
        assert spans[-1][1] == (1 << BITS[family]) - 1
        assert all(low[1] + 1 == high[0] for low, high in pairwise(spans))
        for each in (b for listed in lists for b in listed if b.network.family == family):
            inside = set(space.held_by(each))
            for number, part in enumerate(space.parts):
                for f, first, last in part.ranges:
                    if f == family:
                        assert {each.contains(f, first), each.contains(f, last)} == {number in inside}
    assert len({part.id for part in space.parts}) == len(space.parts)
