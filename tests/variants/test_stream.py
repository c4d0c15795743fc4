"""The random numbers: the same on every machine and for ever, and nothing shared between students."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.variants.stream import Stream, stream_key

KEY = bytes(range(32))

# Stored, so that a change of NumPy or of ours is seen even if the plain reading below changes with it.
GOLDEN_RAW = [14317193316798735637, 17731107087576214090, 4905550924925384780, 12302124232671101486]
GOLDEN_DICE = [-1, 0, -2, -2, 1, 2, -2, -2, 0, -2, 1, -1, -1, 0, 0, -2, 3, 0, 1, 3]
GOLDEN_CHOICES = "acbbaabccacababacbcc"

# A second opinion: Philox4x64-10 in plain Python, after Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
# as easy as 1, 2, 3" (SC'11), section 3.3.

MASK = 2**64 - 1


def philox(counter: int, key: int) -> tuple[int, int, int, int]:
    x = [counter >> (64 * n) & MASK for n in range(4)]
    k = [key & MASK, key >> 64 & MASK]
    for _ in range(10):
        high_0, low_0 = divmod(0xD2E7470EE14C6C93 * x[0], 2**64)
        high_1, low_1 = divmod(0xCA5A826395121157 * x[2], 2**64)
        x = [high_1 ^ x[1] ^ k[0], low_1, high_0 ^ x[3] ^ k[1], low_0]
        k = [(k[0] + 0x9E3779B97F4A7C15) & MASK, (k[1] + 0xBB67AE8584CAA73B) & MASK]
    return x[0], x[1], x[2], x[3]


def plain_numbers(key: bytes, candidate: int, count: int) -> list[int]:
    found: list[int] = []
    step = 0
    while len(found) < count:
        step += 1
        found += philox((candidate << 128) + step, int.from_bytes(key[:16], "little"))
    return found[:count]


def test_the_plain_philox_gives_the_published_numbers() -> None:
    # Known answers of Random123, file kat_vectors, philox4x64 10 rounds.
    assert philox(0, 0) == (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    assert philox(2**256 - 1, 2**128 - 1) == (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0)


@pytest.mark.parametrize("candidate", [0, 1, 399])
def test_numbers_are_those_of_philox_over_several_batches(candidate: int) -> None:
    stream = Stream(KEY, candidate)
    assert [stream.below(2**64) for _ in range(150)] == plain_numbers(KEY, candidate, 150)


def test_golden_numbers() -> None:
    stream = Stream(KEY, 0)
    assert [stream.below(2**64) for _ in range(4)] == GOLDEN_RAW
    stream = Stream(KEY, 3)
    assert [stream.between(-2, 3) for _ in range(20)] == GOLDEN_DICE
    stream = Stream(KEY, 7)
    assert "".join(stream.choice("abc") for _ in range(20)) == GOLDEN_CHOICES


def test_a_number_is_the_upper_part_of_raw_times_span() -> None:
    raw = plain_numbers(KEY, 5, 100)
    stream = Stream(KEY, 5)
    assert [stream.below(10) for _ in range(100)] == [number * 10 // 2**64 for number in raw]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 500), st.integers(-(10**9), 10**9), st.integers(0, 10**9))
def test_between_keeps_to_its_range(key: bytes, candidate: int, low: int, width: int) -> None:
    stream = Stream(key, candidate)
    assert all(low <= stream.between(low, low + width) <= low + width for _ in range(20))


def test_both_ends_of_a_range_come_up_about_as_often_as_the_middle() -> None:
    stream = Stream(KEY, 0)
    counts = Counter(stream.between(-2, 3) for _ in range(6000))
    assert sorted(counts) == [-2, -1, 0, 1, 2, 3]
    # 1000 each, give or take 5 standard deviations (29 each); the key is fixed, so this cannot fail by chance.
    assert all(850 <= count <= 1150 for count in counts.values())


def test_candidates_of_one_key_share_no_numbers() -> None:
    seen: set[int] = set()
    for candidate in range(100):
        stream = Stream(KEY, candidate)
        seen.update(stream.below(2**64) for _ in range(100))
    assert len(seen) == 100 * 100


def test_a_candidate_does_not_depend_on_the_others() -> None:
    first, again = Stream(KEY, 4), Stream(KEY, 4)
    Stream(KEY, 3).below(10)
    assert [first.below(1000) for _ in range(50)] == [again.below(1000) for _ in range(50)]


def test_the_key_is_an_hmac_of_the_purpose() -> None:
    expected = hmac.new(b"secret", b"1|conv101|lesson1|one-window|ada|2", hashlib.sha256).digest()
    assert stream_key(b"secret", 1, "conv101", "lesson1", "one-window", "ada", 2) == expected


@pytest.mark.parametrize("place", range(6))
def test_every_word_of_the_purpose_changes_the_key(place: int) -> None:
    purpose: list[str | int] = [1, "conv101", "lesson1", "one-window", "ada", 2]
    other = [*purpose[:place], "x", *purpose[place + 1 :]]
    assert stream_key(b"secret", *purpose) != stream_key(b"secret", *other)
    assert stream_key(b"secret", *purpose) != stream_key(b"terces", *purpose)
