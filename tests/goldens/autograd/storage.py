"""Compact JSON of descriptions and numbers. Infinities and NaN are strings, as JSON has none."""

import gzip
import json
import math


def plain(x, digits=16):
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == 0:
        return "-0" if math.copysign(1, x) < 0 else 0
    rounded = float(f"{x:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def numbers(tensor, digits=16):
    return [plain(x, digits) for x in tensor.detach().double().reshape(-1).tolist()]


def write(path, content):
    text = json.dumps(content, separators=(",", ":"))
    with open(path, "wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(text.encode())
    return len(text)
