"""Note-ons of a Standard MIDI File, as the Groove set has them: first tempo only, one per file."""

import struct


def varlen(data, at):
    value = 0
    while True:
        byte = data[at]
        at += 1
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at


def read(data):
    """(ticks a quarter, microseconds a quarter, [(tick, note, velocity)])."""
    division = struct.unpack(">H", data[12:14])[0]
    at, tempo, notes = 14, 500000, []
    while at < len(data):
        size = struct.unpack(">I", data[at + 4:at + 8])[0]
        end, at, tick, status = at + 8 + size, at + 8, 0, 0
        while at < end:
            delta, at = varlen(data, at)
            tick += delta
            if data[at] >= 128:
                status, at = data[at], at + 1
            if status == 0xFF:
                kind, (length, at) = data[at], varlen(data, at + 1)
                if kind == 0x51:
                    tempo = int.from_bytes(data[at:at + 3], "big")
                at += length
            elif status in (0xF0, 0xF7):
                length, at = varlen(data, at)
                at += length
            elif status >> 4 in (0xC, 0xD):
                at += 1
            else:
                if status >> 4 == 9 and data[at + 1] > 0:
                    notes.append((tick, data[at], data[at + 1]))
                at += 2
        at = end
    return division, tempo, notes
