"""Make TIFFs that Pillow can't write: colours of 16 bits, together or each by itself."""

import struct

import numpy as np

_KINDS = {3: "H", 4: "I"}
_ROOM = 512  # bytes for the header and all tags


def tiff(values: np.ndarray, *, planar: bool, order: str = "<", compression: int = 1) -> bytes:
    """Return a TIFF of values (H, W, 3) as 16 bits, little- or big-endian."""
    height, width, colours = values.shape
    planes = [values[..., band] for band in range(colours)] if planar else [values]
    strips = [plane.astype(f"{order}u2").tobytes() for plane in planes]
    starts = [_ROOM + sum(map(len, strips[:number])) for number in range(len(strips))]
    tags = {
        256: (3, [width]), 257: (3, [height]), 258: (3, [16] * colours), 259: (3, [compression]),
        262: (3, [2]), 273: (4, starts), 277: (3, [colours]), 278: (3, [height]),
        279: (4, list(map(len, strips))), 284: (3, [2 if planar else 1]),
    }  # fmt: skip
    entries, more = b"", b""
    for tag, (kind, numbers) in tags.items():
        held = struct.pack(f"{order}{len(numbers)}{_KINDS[kind]}", *numbers)
        if len(held) > 4:
            place = 8 + 2 + 12 * len(tags) + 4 + len(more)
            more += held + bytes(len(held) % 2)
            held = struct.pack(f"{order}I", place)
        entries += struct.pack(f"{order}HHI", tag, kind, len(numbers)) + held.ljust(4, b"\0")
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(f"{order}IH", 8, len(tags)) + entries + bytes(4) + more
    return head.ljust(_ROOM, b"\0") + b"".join(strips)
