"""Molecules as graphs: atoms are nodes, bonds are edges. Everything that needs rdkit is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import MOST_EDGES, MOST_NODES, Graph, graph_of
from dlviz.data.graphs.laying import fit, lay

ELEMENTS = ("C", "N", "O", "F", "I", "Cl", "Br")  # in the order of MUTAG's node labels
OTHER = "other"  # the last feature of a molecule that a person gives: an atom of no element above
BONDS = ("aromatic", "single", "double", "triple")  # in the order of MUTAG's edge labels

MOST_LETTERS = 2000  # of a SMILES: an atom takes one or more
EXAMPLE = "CC(=O)Oc1ccccc1C(=O)O (aspirin)"


def from_smiles(name: str, text: str) -> Graph:
    """The molecule that a SMILES names, without its hydrogen atoms, where rdkit would draw its atoms.

    Features: one column for each of ELEMENTS and one for any other. `kinds` are places in BONDS; a bond of another
    kind counts as single. Raises `InvalidInput` about `name`.
    """
    chem = _quiet_rdkit()
    if len(text) > MOST_LETTERS:
        raise InvalidInput(name, f"as SMILES must have at most {MOST_LETTERS} letters", len(text), EXAMPLE)
    molecule = chem.MolFromSmiles(text, sanitize=False)
    if molecule is None:
        raise InvalidInput(name, "must be edges or a SMILES; rdkit finds no molecule in it", text, EXAMPLE)
    problems = chem.DetectChemistryProblems(molecule)
    if problems:
        said = problems[0].Message().strip().splitlines()[0].rstrip(".")
        raise InvalidInput(name, f"must be a molecule that can be; rdkit says: {said}", text, EXAMPLE)
    chem.SanitizeMol(molecule)
    if not 1 <= molecule.GetNumAtoms() <= MOST_NODES or molecule.GetNumBonds() > MOST_EDGES:
        raise InvalidInput(name, f"must have 1 to {MOST_NODES} atoms", molecule.GetNumAtoms(), EXAMPLE)
    elements = [atom.GetSymbol() for atom in molecule.GetAtoms()]
    bonds = list(molecule.GetBonds())
    edges = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in bonds]
    bond_types = _bond_types(chem)
    kinds = [bond_types.index(kind) if (kind := bond.GetBondType()) in bond_types else 1 for bond in bonds]
    return graph_of(
        elements,
        _drawn(molecule, edges),
        edges,
        features=one_hot(elements, (*ELEMENTS, OTHER)),
        feature_names=(*ELEMENTS, OTHER),
        kinds=kinds,
    )


def from_bonds(elements: Sequence[str], edges: np.ndarray, kinds: np.ndarray) -> Graph:
    """A molecule of known atoms (symbols out of ELEMENTS), bonds (edge, 2) and kinds (edge,), places in BONDS.

    Nothing of its chemistry is checked: sets of data hold molecules without the charges that would make them right.
    """
    chem = _quiet_rdkit()
    molecule = chem.RWMol()
    for element in elements:
        molecule.AddAtom(chem.Atom(element))
    bond_types = _bond_types(chem)
    for (a, b), kind in zip(edges.tolist(), kinds.tolist(), strict=True):
        molecule.AddBond(a, b, bond_types[kind])
    return graph_of(
        elements,
        _drawn(molecule, edges),
        edges,
        features=one_hot(elements, ELEMENTS),
        feature_names=ELEMENTS,
        kinds=kinds,
    )


def one_hot(elements: Sequence[str], columns: tuple[str, ...]) -> np.ndarray:
    """(atom, column) f32: a one in the column of the atom's element, in the last one if no column has its name."""
    found = np.zeros((len(elements), len(columns)), np.float32)
    at = [columns.index(element) if element in columns else len(columns) - 1 for element in elements]
    found[np.arange(len(elements)), at] = 1
    return found


def _drawn(molecule: Any, edges: np.ndarray | Sequence[Sequence[int]]) -> np.ndarray:
    """Places (atom, 2) within ±1 as rdkit draws the molecule; by `lay` where rdkit can't."""
    from rdkit import Chem
    from rdkit.Chem.rdDepictor import Compute2DCoords

    try:
        molecule.UpdatePropertyCache(strict=False)
        Chem.FastFindRings(molecule)
        Compute2DCoords(molecule)
        places = np.asarray(molecule.GetConformer().GetPositions())[:, :2]
    except (RuntimeError, ValueError):  # all that rdkit raises derives from these two
        return lay(molecule.GetNumAtoms(), edges)
    return fit(places) if np.isfinite(places).all() else lay(len(places), edges)


def _bond_types(chem: Any) -> tuple[Any, ...]:
    kinds = chem.BondType
    return kinds.AROMATIC, kinds.SINGLE, kinds.DOUBLE, kinds.TRIPLE


def _quiet_rdkit() -> Any:
    """rdkit.Chem, which from now on writes nothing to the console: what a person should know, errors say."""
    from rdkit import Chem, RDLogger

    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined]
    return Chem
