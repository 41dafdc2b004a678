"""`make bench`: what dlviz must reach, as ratios measured in one run on one machine.

`python -m bench loop` runs one part. A ratio of 1 or more has reached its goal; the exit code is 1 when
one has not. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from bench.report import Measurement, table

PARTS = {
    "loop": "the bare training loop beside torch.nn and torch.optim",
    "training": "training with a viewer attached beside the same loop with nothing attached",
    "browser": "a real Chromium on a real server: pictures, hovers, controls, first picture",
    "convolution": "the Convolution lab in a real Chromium: hovers, the slide, a photo, a change of settings",
    "cnn": "the CNN lab: how soon it reads digits, what a viewer of all maps costs, how long explanations take",
    "attention": "the Attention lab: training with its page open, hovers over patterns, a sentence through BERT",
    "autoencoder": "the Autoencoder lab: training with a viewer, how soon its plane can be read, decoding in the page",
    "gan": "the GAN lab: training with a viewer, the ring covered, the plane drawn while it trains",
    "graph": "the Graph lab: training with a viewer, karate in two seconds, 200 nodes and 600 edges on the page",
    "recurrent": "the Recurrent lab: a character LSTM of 128 units trained with its page open",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="; ".join(f"{n}: {text}" for n, text in PARTS.items()))
    parser.add_argument("--json", action="store_true", help="one JSON object a measurement")
    args = parser.parse_args()
    unknown = [name for name in args.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    found: list[Measurement] = []
    for name in args.parts or PARTS:
        begun = time.perf_counter()
        found += importlib.import_module(f"bench.{name}").measure()
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(m.as_json() for m in found) if args.json else table(found))
    return 0 if all(m.ratio is None or m.ratio >= 1 for m in found) else 1


if __name__ == "__main__":
    sys.exit(main())
