"""The engine: one model in memory, the graphics processor while it works, and sentences where memory is short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import errors, messages, power
from core.speech import STARTER, Listener, engine, find_model, machine
from core.speech.engine import Engine
from core.values import Machine, Model, Notice, TranscriptOptions

OLD_DRIVER = "CUDA failed with error CUDA driver version is insufficient for CUDA runtime version"
NO_MEMORY = "CUDA failed with error out of memory"


class Whisper:
    """Stands in for faster-whisper's model on a device; fails as CTranslate2 does."""

    def __init__(self, device: str, fails: str = "") -> None:
        self.device, self.fails = device, fails

    def decode(self) -> str:
        if self.fails:
            raise RuntimeError(self.fails)
        return f"text of the {self.device}"


class Devices:
    """What loading gives on each device."""

    def __init__(self) -> None:
        self.loading = {"cuda": "", "cpu": ""}
        self.decoding = {"cuda": "", "cpu": ""}
        self.opened: list[tuple[str, str]] = []

    def open(self, _model: Model, device: str, compute_type: str, _threads: int) -> Any:
        self.opened.append((device, compute_type))
        if self.loading[device]:
            raise RuntimeError(self.loading[device])
        return Whisper(device, self.decoding[device])


@pytest.fixture(autouse=True)
def _as_new(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("_kept", None), ("_machine", None), ("_fault", ""), ("_told", True)):
        monkeypatch.setattr(Engine, name, value)
    machine._cuda.cache_clear()
    yield
    machine._cuda.cache_clear()
    Engine.release()


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Devices:
    found = Devices()
    monkeypatch.setattr(engine, "open_model", found.open)
    return found


def with_cuda() -> Machine:
    return replace(machine.unmeasured(), cuda_types=("float16", "float32"), no_cuda="")


MODEL = Model("small", "/models/small", (), 1_000)


def test_the_graphics_processor_is_used_where_it_works(devices: Devices) -> None:
    Engine.use(with_cuda())
    assert Engine.of(MODEL).attempt(lambda whisper: whisper.decode()) == "text of the cuda"
    assert devices.opened == [("cuda", "float16")]
    assert Engine.fault() == ""


@pytest.mark.parametrize("said", [OLD_DRIVER, "Library libcublas.so.12 is not found or cannot be loaded"])
def test_a_graphics_processor_that_does_not_load_is_given_up_with_one_notice(
    devices: Devices, said: str
) -> None:
    Engine.use(with_cuda())
    devices.loading["cuda"] = said
    assert Engine.of(MODEL).attempt(lambda whisper: whisper.decode()) == "text of the cpu"
    assert (Engine.fault(), Engine.fault()) == ("failed", "")
    # The next model does not try again.
    Engine.of(replace(MODEL, name="base")).attempt(lambda whisper: whisper.decode())
    assert [device for device, _type in devices.opened] == ["cuda", "cpu", "cpu"]
    assert Engine.fault() == ""


def test_a_graphics_processor_that_fails_in_mid_job_loses_nothing(devices: Devices) -> None:
    Engine.use(with_cuda())
    devices.decoding["cuda"] = NO_MEMORY
    assert Engine.of(MODEL).attempt(lambda whisper: whisper.decode()) == "text of the cpu"
    why = Engine.fault()
    assert why == "no_memory"
    assert "too little memory" in messages.notice(Notice("on_processor", {"why": why}))


def test_a_model_is_not_loaded_where_memory_is_short(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(power, "free_memory", lambda: 100_000_000)
    with pytest.raises(errors.ModelTooLarge) as caught:
        Engine.of(replace(MODEL, size=3_000_000_000))
    assert devices.opened == []
    said = messages.explain(caught.value)
    assert "3.2 GB" in said.what
    assert said.do == "Close other programs, or choose a smaller model."


@pytest.mark.parametrize("on_cuda", [False, True])
def test_memory_that_ends_in_mid_job_is_told_as_such(devices: Devices, on_cuda: bool) -> None:
    Engine.use(with_cuda() if on_cuda else machine.unmeasured())
    devices.decoding = {"cuda": NO_MEMORY, "cpu": "mkl_malloc: failed to allocate memory"}
    with pytest.raises(errors.ModelTooLarge):
        Engine.of(MODEL).attempt(lambda whisper: whisper.decode())


def test_another_fault_of_decoding_is_not_hidden(devices: Devices) -> None:
    devices.decoding["cpu"] = "Invalid shape"
    with pytest.raises(RuntimeError, match="Invalid shape"):
        Engine.of(MODEL).attempt(lambda whisper: whisper.decode())


def test_a_transcript_goes_on_with_the_compute_type_that_it_began_with(devices: Devices) -> None:
    Engine.use(replace(machine.unmeasured(), cuda_types=(), compute_type="int8_float32"))
    Listener(MODEL, TranscriptOptions(compute_type="float32"))
    Listener(MODEL, TranscriptOptions())
    assert devices.opened == [("cpu", "float32"), ("cpu", "int8_float32")]


def test_one_model_is_kept_until_another_is_asked_for_or_it_is_released(devices: Devices) -> None:
    first = Engine.of(MODEL)
    assert Engine.of(MODEL) is first
    assert Engine.of(replace(MODEL, name="base")) is not first
    Engine.release()
    assert Engine.of(MODEL) is not first
    assert len(devices.opened) == 3


def test_the_variable_leaves_the_graphics_processor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.DEVICE_VARIABLE, "cpu")
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    assert machine.unmeasured().no_cuda == "unwanted"


def test_an_old_driver_is_no_graphics_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> int:
        raise RuntimeError(OLD_DRIVER)

    monkeypatch.delenv(machine.DEVICE_VARIABLE, raising=False)
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", fails)
    here = machine.unmeasured()
    assert (here.cuda_types, here.no_cuda) == ((), "driver")


@pytest.mark.parametrize(
    ("there", "found"),
    [("libcublas.so.12", (("float16", "float32"), "")), ("libcublas.so.11", ((), "libraries"))],
)
def test_a_graphics_processor_needs_the_one_library_that_the_engine_does_not_bring(
    there: str, found: tuple[tuple[str, ...], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> None:
        if name != there:
            raise OSError(name)

    monkeypatch.delenv(machine.DEVICE_VARIABLE, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("ctypes.CDLL", load)
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr("ctranslate2.get_supported_compute_types", lambda _device: {"float32", "float16"})
    here = machine.unmeasured()
    assert (here.cuda_types, here.no_cuda) == found


def measure() -> tuple[Machine, list[float]]:
    """The measured machine, and the shares that were told."""
    steps, shares = machine.measured(MODEL, None), []  # type: ignore[arg-type]
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return end.value, shares


@pytest.mark.parametrize("works", [True, False])
def test_a_graphics_processor_is_measured_too_and_left_alone_where_it_fails(
    works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speed(_model: object, _sound: object, _kind: str, _threads: int, device: str = "cpu") -> float:
        if device == "cuda" and not works:
            raise RuntimeError("CUDA failed with error out of memory")
        return 90.0 if device == "cuda" else 10.0

    here = with_cuda()
    monkeypatch.setattr(machine, "unmeasured", lambda: here)
    monkeypatch.setattr(machine, "_speed", speed)
    found, _shares = measure()
    expected = (here.cuda_types, "", 90.0) if works else ((), "failed", 10.0)
    assert (found.cuda_types, found.no_cuda, found.speed) == expected


@pytest.mark.parametrize(
    ("speeds", "chosen"),
    [
        ({("int8_float32", 8): 10.0, ("float32", 8): 10.5, ("int8_float32", 12): 9.0}, ("int8_float32", 8)),
        ({("int8_float32", 8): 10.0, ("float32", 8): 14.0, ("int8_float32", 12): 12.0}, ("float32", 8)),
        ({("int8_float32", 8): 10.0, ("float32", 8): 4.0, ("int8_float32", 12): 12.0}, ("int8_float32", 12)),
    ],
)
def test_the_usual_way_is_kept_unless_another_is_clearly_faster(
    speeds: dict[tuple[str, int], float], chosen: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(power, "cores", lambda: 12)
    monkeypatch.setattr(power, "physical_cores", lambda: 8)
    monkeypatch.setattr(machine, "_speed", lambda _model, _sound, kind, threads: speeds[kind, threads])
    here, shares = measure()
    assert ((here.compute_type, here.threads), here.speed) == (chosen, speeds[chosen])
    assert shares == [step / 9 for step in range(1, 10)]


def test_the_starter_is_loaded_for_real() -> None:
    model = find_model(TranscriptOptions(model=STARTER), (), Path("/nowhere"))
    kept = Engine.of(model)
    assert kept.attempt(lambda whisper: whisper.model.is_multilingual) is False
