"""The model file: named arrays of numbers. The format is described in src/nn/include/dt/model.h.

    write("ear.dtmodel", {"dense0.w": array, ...}, dtype="f16")
    arrays = read("ear.dtmodel")            # {name: float32 array}, in the order of the file

The same arrays give the same bytes. Needs numpy only.
"""

import os
import struct
import zlib

import numpy as np

MAGIC = b"DTMODEL\0"
VERSION = 1
ALIGN = 16
NAME_MAX = 47
RECORDS_MAX = 256
TYPES = {"f32": (1, "<f4"), "f16": (2, "<f2")}
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._")
HEADER = struct.Struct("<8sIIQ")
RECORD = struct.Struct("<48sII4IQQ")


def _padded(size):
    return -(-size // ALIGN) * ALIGN


def _check_name(name):
    if not 1 <= len(name) <= NAME_MAX or not set(name) <= LETTERS:
        raise ValueError(f"{name!r}: a name has 1 to {NAME_MAX} of a-z 0-9 . _")


def _numbers(name, values, dtype):
    array = np.ascontiguousarray(values, dtype=np.float32)
    if not 1 <= array.ndim <= 4 or array.size == 0:
        raise ValueError(f"{name}: shape {array.shape}, not 1 to 4 dimensions of at least 1")
    with np.errstate(over="ignore"):
        array = array.astype(TYPES[dtype][1])
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{name}: holds NaN, infinity, or a number too large for {dtype}")
    return array


def to_bytes(arrays, dtype="f16"):
    """The file's bytes. dtype: "f16" or "f32" for all, or a function from a name to one of them."""
    if len(arrays) > RECORDS_MAX:
        raise ValueError(f"{len(arrays)} records; at most {RECORDS_MAX}")
    dtype_of = dtype if callable(dtype) else lambda name: dtype
    directory = b""
    body = b""
    at = HEADER.size + RECORD.size * len(arrays)
    for name, values in arrays.items():
        _check_name(name)
        kind = dtype_of(name)
        array = _numbers(name, values, kind)
        data = array.tobytes()
        start = _padded(at)
        body += bytes(start - at) + data
        at = start + len(data)
        dims = list(array.shape) + [0] * (4 - array.ndim)
        directory += RECORD.pack(
            name.encode(), TYPES[kind][0], array.ndim, *dims, start, len(data)
        )
    end = _padded(at)
    body += bytes(end - at)
    whole = HEADER.pack(MAGIC, VERSION, len(arrays), end + 4) + directory + body
    return whole + struct.pack("<I", zlib.crc32(whole))


def write(path, arrays, dtype="f16"):
    """Writes the arrays to a file, whole or not at all. Arguments as for to_bytes."""
    data = to_bytes(arrays, dtype)
    temporary = f"{path}.part"
    with open(temporary, "wb") as file:
        file.write(data)
    os.replace(temporary, path)


def from_bytes(data):
    """{name: float32 array} of a file's bytes; ValueError when they are not a model file."""
    if len(data) < HEADER.size + 4 or data[:8] != MAGIC:
        raise ValueError("not a model file")
    _, version, count, size = HEADER.unpack_from(data)
    if version != VERSION:
        raise ValueError(f"version {version} of the format, not {VERSION}")
    if size != len(data) or count > RECORDS_MAX:
        raise ValueError("cut off or damaged")
    if struct.unpack_from("<I", data, size - 4)[0] != zlib.crc32(data[:-4]):
        raise ValueError("damaged: the checksum does not fit")
    formats = {number: text for number, text in TYPES.values()}
    arrays = {}
    for i in range(count):
        name, kind, rank, *dims, start, length = RECORD.unpack_from(
            data, HEADER.size + RECORD.size * i
        )
        name = name.rstrip(b"\0").decode()
        values = np.frombuffer(data[start : start + length], dtype=formats[kind])
        arrays[name] = values.astype(np.float32).reshape(dims[:rank])
    return arrays


def read(path):
    """{name: float32 array} of a model file, in its order."""
    with open(path, "rb") as file:
        return from_bytes(file.read())


def beginning(arrays, i):
    """One network's arrays under the names that network i = 0, 1, ... of several has in a file."""
    return {(f"net{i}." if i else "") + name: a for name, a in arrays.items()}


def networks(arrays):
    """The arrays of each network in a file, under the names that they have alone."""
    found = [{}]
    for name, a in arrays.items():
        i = int(name[3]) if name.startswith("net") else 0
        found += [{} for _ in range(i + 1 - len(found))]
        found[i][name[5:] if i else name] = a
    return found
