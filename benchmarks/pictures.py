"""Pictures: a photograph made ready for readers, and the same from the cache."""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from benchmarks.result import Result
from newsletter.render.picture_cache import PictureCache
from newsletter.render.picture_encode import Encoded, encode

WIDTH = 1072


def pictures() -> Iterator[Result]:
    """Six megapixels of noise over a gradient, as a camera saves them."""
    noise = Image.effect_noise((3000, 2000), 60).convert("RGB")
    smooth = Image.linear_gradient("L").resize(noise.size).convert("RGB")
    file = io.BytesIO()
    Image.blend(smooth, noise, 0.1).save(file, "JPEG", quality=92)
    original = file.getvalue()
    made = encode(original, WIDTH)
    assert isinstance(made, Encoded)
    yield Result("a 6 MP photograph made ready", 300, "ms", _times(lambda: encode(original, WIDTH)))
    with tempfile.TemporaryDirectory() as folder:
        cache = PictureCache(Path(folder))
        cache.put(hashlib.sha256(original).hexdigest(), WIDTH, made)

        def kept() -> None:
            assert cache.get(hashlib.sha256(original).hexdigest(), WIDTH) == made

        yield Result("the same from the cache", 20, "ms", _times(kept))


def _times(work: Callable[[], object]) -> list[float]:
    samples = []
    for _ in range(12):
        start = time.perf_counter()
        work()
        samples.append((time.perf_counter() - start) * 1000)
    return samples[2:]
