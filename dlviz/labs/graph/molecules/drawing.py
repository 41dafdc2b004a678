"""Molecules that a person draws or types: laid out and checked by rdkit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import Graph
from dlviz.data.graphs.molecules import BONDS, ELEMENTS, from_bonds, from_smiles

MOST_ATOMS = 100
EXAMPLE = '{"elements": ["C", "O"], "bonds": [[0, 1]], "kinds": [2]}'
NAME = "molecules.drawn"


@dataclass(frozen=True)
class Checked:
    """A drawn molecule as rdkit has it: its SMILES and formula with hydrogens, both empty where it cannot be, and then
    what rdkit says of it."""

    graph: Graph
    smiles: str
    formula: str
    problems: tuple[str, ...]


def typed(text: Any) -> Graph:
    """The molecule of a SMILES. Raises `InvalidInput` with rdkit's words."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("molecules.smiles", "must be a SMILES", text, "c1ccccc1 (benzene)")
    return from_smiles("molecules.smiles", text.strip())


def drawn(given: Any) -> Checked:
    """A molecule of atoms and bonds: {"elements": symbols, "bonds": pairs of positions, "kinds": places in BONDS}.

    An N that is drawn with four bonds gets its charge, and an O beside it with one single bond the opposite charge, as
    in a nitro group. Raises `InvalidInput`.
    """
    from rdkit import Chem
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    elements, edges, kinds = _read(given)
    graph = from_bonds(elements, edges, kinds)  # rdkit is quiet from here on
    molecule = Chem.RWMol()
    for element in elements:
        molecule.AddAtom(Chem.Atom(element))
    types = (Chem.BondType.AROMATIC, Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE)
    for (a, b), kind in zip(edges.tolist(), kinds.tolist(), strict=True):
        molecule.AddBond(a, b, types[kind])
        if kind == 0:
            for end in (a, b):
                molecule.GetAtomWithIdx(end).SetIsAromatic(True)
    _charge(molecule)
    problems = tuple(problem.Message().strip() for problem in Chem.DetectChemistryProblems(molecule))
    if problems:
        return Checked(graph, "", "", problems)
    Chem.SanitizeMol(molecule)
    return Checked(graph, Chem.MolToSmiles(molecule), CalcMolFormula(molecule), ())


def _charge(molecule: Any) -> None:
    for atom in molecule.GetAtoms():
        if atom.GetSymbol() == "N" and sum(bond.GetBondTypeAsDouble() for bond in atom.GetBonds()) == 4:
            atom.SetFormalCharge(1)
            for other in atom.GetNeighbors():
                bonds = other.GetBonds()
                if other.GetSymbol() == "O" and len(bonds) == 1 and bonds[0].GetBondTypeAsDouble() == 1:
                    other.SetFormalCharge(-1)
                    break


def _read(given: Any) -> tuple[list[str], np.ndarray, np.ndarray]:
    if not isinstance(given, dict) or set(given) != {"elements", "bonds", "kinds"}:
        raise InvalidInput(NAME, "must name elements, bonds and kinds", given, EXAMPLE)
    elements = given["elements"]
    if not isinstance(elements, list) or not 1 <= len(elements) <= MOST_ATOMS or not set(elements) <= set(ELEMENTS):
        raise InvalidInput(NAME, f"must have 1 to {MOST_ATOMS} atoms out of {', '.join(ELEMENTS)}", elements, EXAMPLE)
    pairs, kinds = given["bonds"], given["kinds"]
    seen: set[tuple[int, int]] = set()
    for pair in pairs if isinstance(pairs, list) else [pairs]:
        fits = isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)
        if not fits or not all(0 <= end < len(elements) for end in pair) or pair[0] == pair[1]:
            raise InvalidInput(NAME, "must have bonds between two of its atoms", pair, EXAMPLE)
        ends = (min(pair), max(pair))
        if ends in seen:
            raise InvalidInput(NAME, "must have a bond once", pair, EXAMPLE)
        seen.add(ends)
    whole = isinstance(kinds, list) and all(type(kind) is int and 0 <= kind < len(BONDS) for kind in kinds)
    if not whole or len(kinds) != len(pairs):
        raise InvalidInput(NAME, f"must have a kind for each bond, 0 to {len(BONDS) - 1}", kinds, EXAMPLE)
    return elements, np.array(pairs, np.int64).reshape(-1, 2), np.array(kinds, np.int64)
