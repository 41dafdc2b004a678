"""Data sets of graphs that do not come with a package: where they are to be had, and what was published of them.

Planetoid: Z. Yang, W. Cohen, R. Salakhutdinov, Revisiting Semi-Supervised Learning with Graph Embeddings, 2016; the
citation graphs are of P. Sen et al., 2008. TUDataset: C. Morris et al., 2020. Nobody published checksums, so that what
arrives is compared with these counts. Accuracies: Planetoid, table 2 of T. Kipf and M. Welling, 2017 (GCN, the split
that comes with the data); TUDataset, table 1 of K. Xu et al., 2019 (GIN, ten folds). Nothing here imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass

from dlviz.data.fetching import Source

PLANETOID = "https://github.com/kimiyoung/planetoid/raw/master/data/"
TU = "https://www.chrsmrrs.com/graphkerneldatasets/"
PARTS = ("x", "tx", "allx", "y", "ty", "ally", "graph", "test.index")


@dataclass(frozen=True)
class Larger:
    """A data set: `graphs` of them with so many nodes, edges (each once), features and classes in all; `accuracy` as
    published, in percent."""

    slug: str
    title: str
    text: str
    kind: str  # planetoid, tu
    name: str
    graphs: int
    nodes: int
    edges: int
    features: int
    classes: tuple[str, ...]
    accuracy: float

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its files."""
        if self.kind == "planetoid":
            names = [f"ind.{self.name}.{part}" for part in PARTS]
            return tuple(Source(name, (PLANETOID + name,)) for name in names)
        return (Source(f"{self.name}.zip", (f"{TU}{self.name}.zip",)),)


_CORA = ("Theory", "Reinforcement learning", "Genetic algorithms", "Neural networks", "Probabilistic methods",
         "Case-based", "Rule learning")  # fmt: skip
_CITESEER = tuple(f"Subject {k}" for k in range(1, 7))  # the files do not name them
_PUBMED = ("Experimental", "Type 1", "Type 2")

LARGER: dict[str, Larger] = {
    each.slug: each
    for each in (
        Larger("cora", "Cora", "Papers on machine learning, joined by citations. Which of seven subjects?",
               "planetoid", "cora", 1, 2708, 5278, 1433, _CORA, 81.5),
        Larger("citeseer", "CiteSeer", "Papers of computer science, joined by citations. Six subjects.",
               "planetoid", "citeseer", 1, 3327, 4552, 3703, _CITESEER, 70.3),
        Larger("pubmed", "PubMed", "Papers on diabetes, joined by citations. Three kinds of it.",
               "planetoid", "pubmed", 1, 19717, 44324, 500, _PUBMED, 79.0),
        Larger("proteins", "PROTEINS", "Proteins as graphs of their folded parts. Enzyme or not?",
               "tu", "PROTEINS", 1113, 43471, 81044, 3, ("Enzyme", "No enzyme"), 76.2),
        Larger("nci1", "NCI1", "Chemical compounds. Do they slow the growth of lung cancer cells?",
               "tu", "NCI1", 4110, 122747, 132753, 37, ("Inactive", "Active"), 82.7),
    )
}  # fmt: skip
WITHOUT = "The graphs and molecules that came with dlviz work without."
