"""Makes the two networks of `resources/models/speakers` from their originals; see the README beside them.

    python scripts/speaker_models.py FOLDER

FOLDER holds the originals `campplus.onnx` and `segmentation-3.0.onnx`. Needs `pip install onnx`, which the program does
not. Weights are stored in eight bits with a scale for each output channel, or in sixteen, and are turned back into
float32 by the graph itself when it is loaded (ONNX Runtime folds that away): only the files are smaller, the arithmetic
is the original's. Also keeps what the originals say of the sample meeting (`tests/data/full_precision.npz`), to which
`tests/unit/speech/test_networks.py` holds the networks made of them.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.speech import networks  # noqa: E402
from tests.unit.speech.test_networks import TOLD, activities, prints, sample  # noqa: E402

TARGET = ROOT / "resources" / "models" / "speakers"

ORIGINALS = {
    "voice.onnx": ("campplus.onnx", 8),
    # Eight bits cost the recurrent layers of this one 2 % of its frames.
    "activity.onnx": ("segmentation-3.0.onnx", 16),
}

FEWEST = 1024
"""Values of a tensor below which it stays as it is."""


def reduced(model: onnx.ModelProto, bits: int) -> onnx.ModelProto:
    """The model with its weights stored in so many bits."""
    graph = model.graph
    columns = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    stored, restoring = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        name = tensor.name
        if values.dtype != np.float32 or values.ndim < 2 or values.size < FEWEST:
            stored.append(tensor)
        elif bits == 16:
            stored.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            restoring.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        else:
            axes = (0,) if name in columns else tuple(range(1, values.ndim))
            scale = np.maximum(np.abs(values).max(axes, keepdims=True) / 127, 1e-12).astype(np.float32)
            whole = np.rint(values / scale).astype(np.int8)
            stored += [
                numpy_helper.from_array(whole, f"{name}.whole"),
                numpy_helper.from_array(scale, f"{name}.scale"),
            ]
            restoring += [
                helper.make_node("Cast", [f"{name}.whole"], [f"{name}.cast"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [name]),
            ]
    nodes = [*restoring, *graph.node]
    del graph.initializer[:]
    graph.initializer.extend(stored)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def keep_what_they_say(folder: Path) -> None:
    """Writes what the originals of a folder say of the sample meeting."""
    with tempfile.TemporaryDirectory() as name:
        for ours, (original, _bits) in ORIGINALS.items():
            (Path(name) / ours).symlink_to((folder / original).resolve())
        networks.FOLDER = Path(name)
        networks._session.cache_clear()  # noqa: SLF001
        sound = sample()
        np.savez_compressed(TOLD, activities=activities(sound), prints=prints(sound).astype(np.float16))


def main(folder: Path) -> None:
    """Writes both networks and says their sums."""
    keep_what_they_say(folder)
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, (original, bits) in ORIGINALS.items():
        made = reduced(onnx.load(folder / original), bits).SerializeToString()
        (TARGET / name).write_bytes(made)
        print(f"{name}: {len(made)} bytes, sha256 {hashlib.sha256(made).hexdigest()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
