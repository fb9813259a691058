"""Kept awake while it works, by the system's own means; on battery or not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator

import psutil
import pytest

from core import power

SESSION_MANAGER = """
import sys
from jeepney import HeaderFields, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

bus = open_dbus_connection(sys.argv[1])
bus.send_and_get_reply(message_bus.RequestName("org.gnome.SessionManager"))
print("ready", flush=True)
while True:
    call = bus.receive()
    if call.header.message_type is not MessageType.method_call:
        continue
    asked = call.header.fields[HeaderFields.member]
    print(asked, call.body[3] if asked == "Inhibit" else call.body[0], flush=True)
    bus.send(new_method_return(call, "u", (7,)) if asked == "Inhibit" else new_method_return(call))
"""
"""A desktop's session manager as far as it matters here: it prints who asks not to sleep, and who no longer does."""

MAY_NOT_SLEEP = 4
"""The flag of GNOME's session manager against suspending; the one against a dark screen is 8."""


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """A session manager on a bus of its own."""
    if sys.platform != "linux" or not shutil.which("dbus-daemon"):
        pytest.skip("needs dbus-daemon")
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert bus.stdout is not None
    address = bus.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    manager = subprocess.Popen(
        [sys.executable, "-c", SESSION_MANAGER, address], stdout=subprocess.PIPE, text=True
    )
    assert manager.stdout is not None
    assert manager.stdout.readline() == "ready\n"
    yield manager
    for process in (manager, bus):
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_the_machine_may_not_sleep_inside_and_may_afterwards(desktop: subprocess.Popen[str]) -> None:
    assert desktop.stdout is not None
    with power.awake():
        assert desktop.stdout.readline() == f"Inhibit {MAY_NOT_SLEEP}\n"
    assert desktop.stdout.readline() == "Uninhibit 7\n"


def test_it_may_sleep_again_after_a_failure(desktop: subprocess.Popen[str]) -> None:
    assert desktop.stdout is not None
    with pytest.raises(ZeroDivisionError), power.awake():
        raise ZeroDivisionError
    assert [desktop.stdout.readline(), desktop.stdout.readline()] == [
        f"Inhibit {MAY_NOT_SLEEP}\n",
        "Uninhibit 7\n",
    ]


def test_without_a_desktop_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    done = False
    with power.awake():
        done = True
    assert done


Battery = namedtuple("Battery", "percent secsleft power_plugged")


@pytest.mark.parametrize(
    ("battery", "expected"),
    [
        (None, False),
        (Battery(80, 3600, False), True),
        (Battery(80, psutil.POWER_TIME_UNLIMITED, True), False),
        (Battery(80, psutil.POWER_TIME_UNKNOWN, None), False),
    ],
)
def test_on_battery(battery: Battery | None, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert power.on_battery() is expected


def test_a_quota_of_the_control_group_limits_cores_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {
        "cpu.max": "150000 100000",
        "memory.max": "1000",
        "memory.current": "900",
        "memory.stat": "anon 5\ninactive_file 50",
    }
    monkeypatch.setattr(power, "_limit", lambda name: limits.get(name, ""))
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    monkeypatch.setattr(psutil, "cpu_count", lambda *, logical: 4)
    assert (power.cores(), power.physical_cores()) == (2, 2)
    assert (power.memory(), power.free_memory()) == (1000, 150)
    limits["cpu.max"] = "max 100000"
    assert (power.cores(), power.physical_cores()) == (8, 4)
