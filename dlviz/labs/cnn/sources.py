"""Where the data sets that do not come with a package are to be had. Nothing here imports torch.

Sources: MNIST, Y. LeCun, C. Cortes, C. Burges, 1998. Fashion-MNIST, H. Xiao, K. Rasul, R. Vollgraf, 2017.
CIFAR-10, A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009. The checksums are the publishers'.
"""

from __future__ import annotations

from dlviz.data.fetching import Source

IMAGES = ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz")
LABELS = ("train-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
_MNIST = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/")
_FASHION = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
CIFAR = "cifar-10-binary.tar.gz"  # without pickles, which may hold any program


def _at(places: tuple[str, ...], name: str, size: int, md5: str) -> Source:
    return Source(name, tuple(place + name for place in places), size, md5)


SOURCES: dict[str, tuple[Source, ...]] = {
    "mnist_full": (
        _at(_MNIST, IMAGES[0], 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        _at(_MNIST, LABELS[0], 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        _at(_MNIST, IMAGES[1], 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        _at(_MNIST, LABELS[1], 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
    "fashion": (
        _at(_FASHION, IMAGES[0], 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        _at(_FASHION, LABELS[0], 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        _at(_FASHION, IMAGES[1], 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        _at(_FASHION, LABELS[1], 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
    "cifar10": (_at(("https://www.cs.toronto.edu/~kriz/",), CIFAR, 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"),),
}
WITHOUT = {
    "mnist_full": "The 5,000 digits that came with dlviz work without.",
    "fashion": "The digits, shapes and photographs that came with dlviz work without.",
    "cifar10": "The digits, shapes and photographs that came with dlviz work without.",
}  # fmt: skip
