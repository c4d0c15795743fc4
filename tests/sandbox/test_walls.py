"""Filter, ruleset and places, without running anything confined: against the kernel's own headers and a second reading."""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox.inside import kernel, landlock, places, seccomp

HEADERS = {
    "x86_64": [Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), Path("/usr/include/asm/unistd_64.h")],
    "aarch64": [Path("/usr/include/asm-generic/unistd.h")],
}
# Calls that would open a way out; none of them may be allowed, on either processor.
NEVER = re.findall(
    r"\w+",
    "clone clone3 execve execveat kill tkill tgkill rt_sigqueueinfo ptrace process_vm_readv process_vm_writev socket socketpair connect bind sendto "
    "prlimit64 setrlimit unshare setns mount umount2 pivot_root chroot bpf perf_event_open io_uring_setup memfd_create memfd_secret shmget shmat msgget semget "
    "mknodat mkdirat unlinkat renameat2 linkat symlinkat fchmodat fchownat truncate ftruncate utimensat setuid setresuid capset prctl seccomp keyctl add_key "
    "pidfd_open pidfd_getfd pidfd_send_signal ioctl userfaultfd name_to_handle_at open_by_handle_at timer_create setitimer personality init_module reboot swapon",
)


def numbers(machine: str) -> dict[str, int]:
    """Numbers of system calls as the kernel's headers give them."""
    header = next((path for path in HEADERS[machine] if path.exists()), None)
    if header is None:
        pytest.skip(f"the kernel's headers for {machine} are not installed")
    return {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())}


def decide(program: bytes, *, arch: int, number: int, second: int = 0) -> int:
    """What a filter says of a call: an interpreter of the three instructions it is made of."""
    data = struct.pack("=iIQQQ", number, arch, 0, 0, second)
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at, value = 0, 0
    while True:
        code, if_true, if_false, constant = steps[at]
        if code == 0x20:  # load a word
            (value,) = struct.unpack_from("=I", data, constant)
        elif code == 0x15:  # compare and jump
            at += if_true if value == constant else if_false
        elif code == 0x06:
            return int(constant)
        else:
            raise AssertionError(f"instruction {code:#x}")
        at += 1


MACHINES = pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURE))


@MACHINES
def test_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    known = numbers(machine)
    column = list(seccomp.ARCHITECTURE).index(machine)
    for name, pair in {**seccomp.ALLOWED, "fcntl": seccomp.FCNTL}.items():
        own = {"newfstatat": "newfstatat" if machine == "x86_64" else "fstatat"}.get(name, name)
        assert pair[column] == known.get(own, known.get(name)), name
    for name, number in kernel.NUMBERS[machine].items():
        assert known[name] == number, name


@MACHINES
def test_every_call_is_decided_by_the_list(machine: str) -> None:
    column = list(seccomp.ARCHITECTURE).index(machine)
    allowed = {pair[column] for pair in seccomp.ALLOWED.values()}
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURE[machine]
    for number in range(-1, 1000):
        if number != seccomp.FCNTL[column]:
            expected = seccomp.ALLOW if number in allowed else seccomp.REFUSE
            assert decide(program, arch=arch, number=number) == expected, number


@MACHINES
def test_dangerous_calls_are_refused(machine: str) -> None:
    known = numbers(machine)
    program, arch = seccomp.program(machine), seccomp.ARCHITECTURE[machine]
    found = [name for name in NEVER if name in known]
    assert len(found) > 60
    assert [name for name in found if decide(program, arch=arch, number=known[name]) != seccomp.REFUSE] == []


@MACHINES
@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        pytest.param(0, True, id="F_DUPFD"),
        pytest.param(3, True, id="F_GETFL"),
        pytest.param(1030, True, id="F_DUPFD_CLOEXEC"),
        pytest.param(4, False, id="F_SETFL"),
        pytest.param(8, False, id="F_SETOWN"),
        pytest.param(10, False, id="F_SETSIG"),
        pytest.param(1033, False, id="F_ADD_SEALS"),
    ],
)
def test_fcntl_by_its_command(machine: str, command: int, allowed: bool) -> None:
    number = seccomp.FCNTL[list(seccomp.ARCHITECTURE).index(machine)]
    found = decide(seccomp.program(machine), arch=seccomp.ARCHITECTURE[machine], number=number, second=command)
    assert found == (seccomp.ALLOW if allowed else seccomp.REFUSE)


@MACHINES
@pytest.mark.parametrize("number", [pytest.param(0, id="read"), pytest.param(1 << 30, id="x32-read"), pytest.param(59, id="execve")])
def test_calls_of_another_architecture_kill(machine: str, number: int) -> None:
    i386 = 0x40000003
    assert decide(seccomp.program(machine), arch=i386, number=number) == seccomp.KILL
    assert decide(seccomp.program(machine), arch=seccomp.ARCHITECTURE[machine], number=number | 1 << 30) == seccomp.REFUSE


@pytest.mark.parametrize(
    ("abi", "files", "tcp", "scopes", "size"),
    [
        pytest.param(1, 0x1FFF, None, None, 8, id="5.13"),
        pytest.param(2, 0x3FFF, None, None, 8, id="5.19-refer"),
        pytest.param(3, 0x7FFF, None, None, 8, id="6.2-truncate"),
        pytest.param(4, 0x7FFF, 3, None, 16, id="6.7-tcp"),
        pytest.param(5, 0xFFFF, 3, None, 16, id="6.10-ioctl"),
        pytest.param(6, 0xFFFF, 3, 3, 24, id="6.12-scopes"),
        pytest.param(9, 0xFFFF, 3, 3, 24, id="later"),
    ],
)
def test_rights_of_each_version_of_landlock(abi: int, files: int, tcp: int | None, scopes: int | None, size: int) -> None:
    structure, told = landlock.handled(abi)
    assert len(structure) == told == size
    assert list(struct.unpack(f"={size // 8}Q", structure)) == [value for value in (files, tcp, scopes) if value is not None]


def test_installed_packages_inside_the_library_are_hidden(tmp_path: Path) -> None:
    """As in a system-wide Python, whose `site-packages` is right inside the standard library."""
    library = tmp_path / "python3"
    for name in ("json", "lib-dynload", "site-packages/torch", "dist-packages"):
        (library / name).mkdir(parents=True)
    found = places.places([str(library), str(library / "lib-dynload"), str(tmp_path / "python3.zip")])
    assert found.shown[0] == str(library)
    assert set(found.hidden) == {str(library / "site-packages"), str(library / "dist-packages")}
    assert not any("-packages" in path for path in found.readable if path.startswith(str(library)))
    assert {str(library / "json"), str(library / "lib-dynload")} <= set(found.readable)
    assert found.listed == (str(library),)


def test_places_of_this_interpreter_leave_torch_out() -> None:
    found = places.places([path for path in sys.path if "-packages" not in path and Path(path).name.startswith(("python3", "lib-dynload"))])
    assert str(Path(np.__file__).parent) in found.readable
    assert not any("torch" in path for path in (*found.shown, *found.readable))
