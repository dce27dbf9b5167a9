"""Reads and writes fp32, int64 and byte safetensors files without the safetensors package."""
import json
import struct

import numpy
import torch

TYPES = {"F32": numpy.float32, "I64": numpy.int64, "U8": numpy.uint8}


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        content = file.read()
    metadata = header.pop("__metadata__", {})
    return metadata, {
        name: torch.from_numpy(
            numpy.frombuffer(content[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"]).copy())
        for name, entry in header.items()}


def write(path, metadata, tensors):
    header, content = {"__metadata__": metadata}, b""
    # Wider types first, so that all stay aligned.
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        values = tensor.detach().numpy()
        type_name = next(key for key, value in TYPES.items() if value == values.dtype)
        header[name] = {"dtype": type_name, "shape": list(values.shape), "data_offsets": [len(content), len(content) + values.nbytes]}
        content += values.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + content)
