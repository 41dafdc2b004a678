"""A graph from whatever text a person gives: our own code, a list of edges, GraphML, SMILES."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.coding import MOST_LETTERS, NAME_LENGTH, positive, read_code
from dlviz.data.graphs.graph import MOST_EDGES, MOST_NODES, Graph, graph_of
from dlviz.data.graphs.laying import lay

EXAMPLE = '"0,1" and "1,2" on two lines'
HEADINGS = {"source", "target", "from", "to", "src", "dst", "node1", "node2"}
ARROW = re.compile(r"\s*(->|--)\s*|\s+-\s+")
BETWEEN_NUMBERS = re.compile(r"([0-9]+)-([0-9]+)")
SEPARATOR = re.compile(r"\s*[,;\t]\s*")
COMMENT = re.compile(r"(^|\s)#.*")
NAMED = re.compile(r"[^\W\d_][\w .'’-]*")  # begins with a letter
NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Read:
    """A graph, the kind of text it came as ("code", "edges", "graphml" or "smiles"), and what reading it changed or
    guessed, in sentences."""

    graph: Graph
    kind: str
    remarks: tuple[str, ...] = ()


def read(name: str, text: str) -> Read:
    """The graph in `text`. Raises `InvalidInput` about `name`; every limit is looked at before any layout.

    Lists of edges have an edge a line: `a,b` or `a,b,weight`, with comma, semicolon, tab or space between; `a->b` (then
    the graph is directed), `a--b` and `a - b`; one name alone is a node. Nodes are whole numbers or names that begin
    with a letter. One line without anything between is a SMILES.
    """
    text = text.removeprefix("\ufeff").replace("\xa0", " ").strip()
    lines = text.count("\n") + 1
    if lines > 2 * (MOST_EDGES + MOST_NODES) and not text.startswith("<"):
        raise InvalidInput(name, f"must have at most {MOST_EDGES:,} edges", f"{lines:,} lines", "a part of the graph")
    if len(text) > MOST_LETTERS:
        raise InvalidInput(name, f"must have at most {MOST_LETTERS:,} letters", f"{len(text):,}", "a part of the graph")
    if any(not letter.isprintable() and letter not in "\t\r\n" for letter in text):
        raise InvalidInput(name, "must be text; this is another kind of file", text, EXAMPLE)
    if text.startswith("{"):  # our code, or JSON of another kind, which that refuses
        found = Read(read_code(name, text), "code")
    elif text.startswith("<"):
        found = _graphml(name, text)
    else:
        found = _lines(name, text)
    if not found.graph.count:
        raise InvalidInput(name, "must have one node or more", "none", EXAMPLE)
    return found


def _lines(name: str, text: str) -> Read:
    """A list of edges, or a SMILES: one line that is no edge, no number and no list."""
    numbered = [(at, COMMENT.sub("", line).strip()) for at, line in enumerate(text.splitlines(), start=1)]
    numbered = [(at, line) for at, line in numbered if line]
    if len(numbered) == 1:
        line = numbered[0][1]
        if not re.search(r"[\s,;]|--|->", line) and not re.fullmatch(r"-?[0-9]+(-[0-9]+)?", line):
            from dlviz.data.graphs.molecules import from_smiles

            return Read(from_smiles(name, line), "smiles")
    return _EdgeList(name).read(numbered)


@dataclass
class _EdgeList:
    """The edges found so far; `name` is what errors are about."""

    name: str
    nodes: dict[str, None] = field(default_factory=dict)
    edges: dict[tuple[str, str], float] = field(default_factory=dict)
    repeated: int = 0
    directed: bool = False

    def read(self, lines: list[tuple[int, str]]) -> Read:
        remarks = []
        parts = [(at, line, *_split(line)) for at, line in lines]
        self.directed = any(arrow == "->" for _, _, _, arrow in parts)
        if _is_heading([ids for _, _, ids, _ in parts]):
            remarks.append(f'The first line, "{parts[0][1][:NAME_LENGTH]}", was read as a heading.')
            parts = parts[1:]
        for at, line, ids, _ in parts:
            self._line(at, line, ids)
        remarks += _of_repeated(self.repeated)
        names = list(self.nodes)
        if all(map(NUMBER.fullmatch, names)):
            names.sort(key=int)
        return Read(_graph(names, list(self.edges), list(self.edges.values()), self.directed), "edges", tuple(remarks))

    def _line(self, at: int, line: str, ids: list[str]) -> None:
        where = f'line {at}: "{line}"'
        if not 1 <= len(ids) <= 3 or not all(ids[:2]):
            raise InvalidInput(self.name, "must have two nodes and maybe a weight on each line", where, EXAMPLE)
        ends = [self._node(one, where) for one in ids[:2]]
        for end in ends:
            self.nodes.setdefault(end)
        if len(self.nodes) > MOST_NODES:
            raise InvalidInput(self.name, f"must have at most {MOST_NODES} nodes", f"more at {where}", "a part of it")
        if len(ends) == 1:
            return
        weight = _weight(ids[2]) if len(ids) == 3 else 1.0
        if weight is None:
            raise InvalidInput(self.name, "must have numbers over 0 as weights", where, "a weight such as 1 or 0.5")
        a, b = ends
        if (a, b) in self.edges or (not self.directed and (b, a) in self.edges):
            self.repeated += 1
            return
        self.edges[a, b] = weight
        if len(self.edges) > MOST_EDGES:
            raise InvalidInput(
                self.name, f"must have at most {MOST_EDGES:,} edges", f"more at {where}", "a part of the graph"
            )

    def _node(self, text: str, where: str) -> str:
        if NUMBER.fullmatch(text):
            return str(int(text))
        if len(text) <= NAME_LENGTH and NAMED.fullmatch(text):
            return text
        rule = f"must have whole numbers from 0 up, or names of at most {NAME_LENGTH} letters, as nodes"
        raise InvalidInput(self.name, rule, where, EXAMPLE)


def _split(line: str) -> tuple[list[str], str]:
    """The parts of a line, and the arrow between the first two ("" where there is none)."""
    first, *rest = SEPARATOR.split(BETWEEN_NUMBERS.sub(r"\1 - \2", line, count=1) if line[0].isdigit() else line)
    arrow = ARROW.search(first)
    if arrow is not None:
        ends = [first[: arrow.start()].strip(), first[arrow.end() :].strip()]
        if not rest and " " in ends[1]:  # a -> b 0.5
            ends[1:] = ends[1].split()
        return ends + rest, arrow.group().strip()
    return ([first, *rest] if rest else first.split()), ""


def _is_heading(lines: list[list[str]]) -> bool:
    """Whether the first line names columns: by its words, or because it has names where all other lines have
    numbers."""
    if len(lines) < 2 or len(lines[0]) < 2:
        return False
    words = [word.lower() for word in lines[0]]
    if words[0] in HEADINGS and words[1] in HEADINGS:
        return True
    if len(words) > 2 and words[2] in ("weight", "weights", "w", "value"):
        return True
    numbers = [all(map(NUMBER.fullmatch, ids[:2])) for ids in lines]
    return len(lines) > 2 and not any(map(NUMBER.fullmatch, words[:2])) and all(numbers[1:])


def _of_repeated(count: int) -> list[str]:
    """The remark that so many edges were there already."""
    what = "1 edge was" if count == 1 else f"{count} edges were"
    return [f"{what} named again; the first weight was kept."] if count else []


def _weight(text: str) -> float | None:
    """The weight in `text`; None if it is no number over 0."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if positive(found) else None


def _graph(names: list[str], edges: list[tuple[str, str]], weights: list[float], directed: bool) -> Graph:
    """A graph laid out, with edges between names that differ."""
    position = {one: at for at, one in enumerate(names)}
    pairs = [(position[a], position[b]) for a, b in edges]
    return graph_of(names, lay(len(names), pairs), pairs, weights=weights, directed=directed)


def _graphml(name: str, text: str) -> Read:
    """GraphML by networkx: the names of nodes from "name" or "label", else their ids; weights from "weight"."""
    if re.search(r"<!\s*(doctype|entity)", text, re.IGNORECASE):
        raise InvalidInput(name, "as GraphML must not declare a DOCTYPE or an ENTITY", text, "the file without it")
    for what, most in (("node", MOST_NODES), ("edge", MOST_EDGES)):
        found = len(re.findall(rf"<(?:\w+:)?{what}[\s/>]", text))
        if found > most:
            raise InvalidInput(name, f"must have at most {most:,} {what}s", f"{found:,}", "a part of the graph")
    import networkx as nx

    try:
        read = nx.parse_graphml(text)
    except (nx.NetworkXException, SyntaxError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as why:
        # XML that does not parse is a SyntaxError; the others are GraphML that networkx does not know.
        said = " ".join(str(why).split())[:60] or type(why).__name__
        raise InvalidInput(name, f"must be GraphML that networkx can read; it says: {said}", text, EXAMPLE) from None
    ids = [str(node) for node in read]
    if len(ids) > MOST_NODES:  # edges can name nodes of their own
        raise InvalidInput(name, f"must have at most {MOST_NODES} nodes", len(ids), "a part of the graph")
    edges: dict[tuple[str, str], float] = {}
    repeated = 0
    for source, target, data in read.edges(data=True):
        ends = str(source), str(target)
        weight = _weight(str(data.get("weight", 1)))
        if weight is None:
            raise InvalidInput(name, "must have numbers over 0 as weights", data["weight"], "a weight such as 1 or 0.5")
        if ends in edges or (not read.is_directed() and ends[::-1] in edges):
            repeated += 1
        else:
            edges[ends] = weight
    graph = _graph(ids, list(edges), list(edges.values()), read.is_directed())
    shown = [_name(data.get("name", data.get("label", node))) for node, data in read.nodes(data=True)]
    return Read(replace(graph, names=tuple(shown)), "graphml", tuple(_of_repeated(repeated)))


def _name(value: object) -> str:
    """Whatever a file has for a name as one that fits."""
    return "".join(letter for letter in " ".join(str(value).split()) if letter.isprintable())[:NAME_LENGTH]
