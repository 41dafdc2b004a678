"""Each lab as it can be used from here: its settings, presets, panels and claims."""

from __future__ import annotations

import argparse
from typing import Any

from dlviz.cli.output import as_json, complain, say
from dlviz.core import spec as specs
from dlviz.core.lab import Lab, discover

NAME = "labs"
HELP = "each lab: fields of its spec (default, range, unit), presets, panels, claims"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none of its own."""


def described(lab: Lab) -> dict[str, Any]:
    """A lab as plain JSON."""
    return {
        "slug": lab.slug,
        "title": lab.title,
        "topic": lab.topic,
        "sentence": lab.sentence,
        "fields": specs.describe(lab.spec),
        "presets": [{"slug": p.slug, "title": p.title, "text": p.text, "changes": p.changes} for p in lab.presets],
        "panels": [{"slug": p.slug, "title": p.title, "text": p.text, "probe": bool(p.probe)} for p in lab.panels],
        "claims": [{"slug": c.slug, "usual": c.usual, "method": c.method} for c in lab.claim_list()],
    }


def accepts(field: dict[str, Any]) -> str:
    """What a field takes, in a few words: `[1e-05, 10] per step`, `sgd | adam`, `on | off`."""
    kind = field["kind"]
    if kind == "range":
        words = f"{'whole ' if field['whole'] else ''}[{field['low']:g}, {field['high']:g}]"
    elif kind in ("choice", "several"):
        words = " | ".join(field["options"]) + (", commas between" if kind == "several" else "")
    elif kind == "sizes":
        count = f"{field['at_least']} to {field['at_most']}"
        words = f"{count} of [{field['low']}, {field['high']}], commas between, or none"
    elif kind == "flag":
        words = "on | off"
    else:
        words = f"a code of at most {field['at_most']} characters"
    return f"{words} {field['unit']}".strip()


def run(args: argparse.Namespace) -> int:
    """Print every lab; 1 if one of them cannot be opened."""
    labs, broken = discover()
    if args.json:
        found = [described(lab) for lab in labs.values()]
        say(as_json({"labs": found, "broken": [vars(lab) for lab in broken]}))
    else:
        for lab in labs.values():
            show(lab)
    for failed in broken:
        complain(f"The lab {failed.slug!r} cannot be opened: {failed.reason}", args.json)
    return 1 if broken else 0


def show(lab: Lab) -> None:
    """A lab for a reader."""
    say(f"{lab.slug}: {lab.sentence}")
    default = specs.texts(lab.spec(), only_changed=False)
    for field in specs.describe(lab.spec):
        name = field["name"]
        say(f"  {name} = {default[name] or '(empty)'}   {accepts(field)}\n      {field['help']}")
    for title, entries in (
        ("presets", [(p.slug, p.text) for p in lab.presets]),
        ("panels", [(p.slug + ("" if p.probe else " (browser only)"), p.text) for p in lab.panels]),
        ("claims", [(c.slug, c.usual) for c in lab.claim_list()]),
    ):
        if entries:
            say(f"  {title}:")
        for slug, text in entries:
            say(f"    {slug}: {text}")
    say()
