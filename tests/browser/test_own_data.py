"""Own data: the code of the points against Python's, and every kind of table, good and bad, by its words."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.labs.playground.data import decode_points, encode_points
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

TAKE = """({text, columns}) => {
  try {
    const table = csv.parseTable(text);
    const chosen = {...csv.guessColumns(table), ...columns};
    const {points, classes, notes} = csv.takePoints(table, chosen);
    return {...chosen, names: table.names, hasHeader: table.hasHeader, separator: table.separator,
            decimalComma: table.decimalComma, rows: table.rows, points: points.slice(0, 50), count: points.length,
            classes, notes};
  } catch (problem) {
    if (!(problem instanceof csv.TableProblem)) throw problem;
    return {problem: problem.message, canSplit: Boolean(problem.canSplit)};
  }
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
          window.points = await import("/playground/points.js");
          window.csv = await import("/playground/csv.js");
        }""")
        yield opened


@pytest.fixture(scope="module")
def take(page: Any) -> Any:
    """`take(text, x=…, y=…, target=…, split=…)`: what the browser makes of a table, or its words against it."""
    return lambda text, **columns: page.evaluate(TAKE, {"text": text, "columns": columns})


def classes_of(found: dict[str, Any]) -> dict[str, int]:
    return {each["name"]: each["count"] for each in found["classes"]}


# --- the code of the points ------------------------------------------------------------------

COORDINATE = st.floats(-7, 7, width=32) | st.sampled_from([-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0])


@given(points=st.lists(st.tuples(COORDINATE, COORDINATE, st.integers(0, 7)), max_size=20))
def test_both_sides_write_and_read_the_same_code(page: Any, points: list[tuple[float, float, int]]) -> None:
    x = torch.tensor([point[:2] for point in points], dtype=torch.float32).reshape(-1, 2)
    y = torch.tensor([point[2] for point in points], dtype=torch.long)
    code = encode_points(x, y)
    ours = [{"x1": x1, "x2": x2, "label": label} for x1, x2, label in points]
    assert page.evaluate("given => points.encodePoints(given)", ours) == code
    back_x, back_y = decode_points(code, 8)
    read = page.evaluate("code => points.decodePoints(code)", code)
    assert [point["label"] for point in read] == back_y.tolist()
    expected = torch.tensor([[point["x1"], point["x2"]] for point in read]).reshape(-1, 2)
    torch.testing.assert_close(expected, back_x, rtol=0, atol=1e-6)


# --- good tables -----------------------------------------------------------------------------


def test_a_plain_table(take: Any) -> None:
    found = take("height,weight,species\n1,2,cat\n3,6,dog\n5,4,cat\n")
    assert found["names"] == ["height", "weight", "species"]
    assert (found["x"], found["y"], found["target"]) == (0, 1, 2)
    assert classes_of(found) == {"cat": 2, "dog": 1}
    assert found["points"] == [
        {"x1": -5.5, "x2": -5.5, "label": 0},
        {"x1": 0, "x2": 5.5, "label": 1},
        {"x1": 5.5, "x2": 0, "label": 0},
    ]
    assert found["notes"] == [
        "Scaled to fit the plane, with one scale for both axes: x₁ = (height − 3) / 0.364, x₂ = (weight − 4) / 0.364."
    ]


def test_axes_of_very_different_range_are_scaled_each_by_itself(take: Any) -> None:
    found = take("a,b,c\n0,0,p\n1,1000,q\n")
    assert [(p["x1"], p["x2"]) for p in found["points"]] == [(-5.5, -5.5), (5.5, 5.5)]
    assert "each axis by itself" in found["notes"][-1]


def test_a_column_that_never_changes_lies_in_the_middle(take: Any) -> None:
    assert [(p["x1"], p["x2"]) for p in take("a,b,c\n3,0,p\n3,1,q\n")["points"]] == [(0, -5.5), (0, 5.5)]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("1;2;a\n3;4;b", "semicolons"),
        ("1\t2\ta\n3\t4\tb", "tabs"),
        ("1|2|a\n3|4|b", "bars"),
        ("1 2 a\n3  4 b", "spaces"),
        ("1, 2, a\n3, 4, b", "commas"),
    ],
)
def test_separators(take: Any, text: str, separator: str) -> None:
    found = take(text)
    assert (found["separator"], found["hasHeader"], found["count"]) == (separator, False, 2)
    assert found["names"] == ["column 1", "column 2", "column 3"]
    assert classes_of(found) == {"a": 1, "b": 1}


@pytest.mark.parametrize("text", ["x;y;c\n1,5;-2,25;a\n3,5;0;b\n", 'x,y,c\n"1,5","-2,25",a\n"3,5",0,b\n'])
def test_decimal_commas(take: Any, text: str) -> None:
    found = take(text)
    assert found["decimalComma"]
    assert "x₁ = (x − 2.5)" in found["notes"][-1]
    assert "x₂ = (y + 1.13)" in found["notes"][-1]


def test_quotes_hold_separators_quotes_and_line_breaks(take: Any) -> None:
    found = take('x,y,c\n1,2,"a, b"\n3,4,"the ""c"""\n5,6,"two\nlines"\n')
    assert found["rows"] == 3
    assert classes_of(found) == {"a, b": 1, 'the "c"': 1, "two\nlines": 1}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffx,y,c\n1,2,a\n3,4,b",
        "x,y,c\r\n1,2,a\r\n3,4,b\r\n",
        "x,y,c\r1,2,a\r3,4,b\r",
        "\n\n x,y,c\n\n1,2,a\n  \n3,4,b\n\n\n",
    ],
    ids=["BOM", "CRLF", "CR", "blank lines"],
)
def test_line_ends_and_marks(take: Any, text: str) -> None:
    found = take(text)
    assert (found["names"], found["rows"], classes_of(found)) == (["x", "y", "c"], 2, {"a": 1, "b": 1})


def test_the_columns_are_guessed_by_name_kind_and_number_of_values(take: Any) -> None:
    rows = "\n".join(f"{i},name{i},{i * 0.5},{i % 3},{i * i * 0.1}" for i in range(1, 20))
    found = take(f"id,name,x1,class,x2\n{rows}\n")
    assert [found["names"][found[key]] for key in ("x", "y", "target")] == ["x1", "x2", "class"]


def test_numbers_written_differently_are_one_class_in_order(take: Any) -> None:
    assert list(classes_of(take("x,y,c\n1,2,10\n2,3,2\n3,4,2.0\n4,5,1e1\n")).items()) == [("2", 2), ("10", 2)]


def test_rows_with_missing_values_are_dropped_and_counted(take: Any) -> None:
    found = take("x,y,c\n1,2,a\nNaN,2,b\n3,,b\n4,5,\n6,inf,a\n7,8,b\n5\n")
    assert found["count"] == 2
    assert "5 rows were dropped: a value is missing." in found["notes"]
    assert "1 row was dropped: a value is missing." in take("x,y,c\n1,2,a\n,2,b\n3,4,b\n")["notes"]


def test_a_million_rows_become_an_even_sample_that_is_always_the_same(page: Any) -> None:
    found = page.evaluate("""() => {
      const rows = ["x,y,c"];
      for (let i = 0; i < 1e6; i += 1) rows.push(`${i % 1000},${i},${i < 250000 ? "first quarter" : "the rest"}`);
      const text = rows.join("\\n");
      const run = () => csv.takePoints(csv.parseTable(text), {x: 0, y: 1, target: 2});
      const [first, second] = [run(), run()];
      return {count: first.points.length, notes: first.notes, classes: first.classes,
              same: JSON.stringify(first.points) === JSON.stringify(second.points)};
    }""")
    assert found["same"]
    assert found["count"] == 2000
    assert found["notes"][0] == "1,000,000 rows: 2,000 of them are used, drawn evenly with a fixed seed."
    # Four standard deviations of a fair draw of 2,000.
    assert abs(classes_of(found)["first quarter"] - 500) < 80


# --- bad tables, by their words --------------------------------------------------------------

NUMBERS = "\n".join(f"{i},{i},{i * 1.5}" for i in range(40))
NAMES = "\n".join(f"{i},{i},town{i % 9}" for i in range(40))

BAD = {
    "empty": ("", "The table is empty. Try one with two columns of numbers and one with the class."),
    "blank": (" \n\n ", "The table is empty. Try one with two columns of numbers and one with the class."),
    "one column": (
        "x\n1\n2\n",
        "The table has 1 column; three are needed: x₁, x₂ and the class. Try commas, semicolons or tabs between them.",
    ),
    "two columns": (
        "x,y\n1,2\n3,4\n",
        "The table has 2 columns; three are needed: x₁, x₂ and the class. Try commas, semicolons or tabs between them.",
    ),
    "one row": ("x,y,c\n1,2,a\n", "The table has only 1 row of data. Try at least two rows, of two classes."),
    "header only": ("x,y,c\n", "The table has no row of data. Try at least two rows, of two classes."),
    "text": (
        "x,y,c\n1,2,a\n2,3,b\ntall,3,b\n",
        '"x" has text where a number should be: "tall" in row 4. Choose a column of numbers, or mend that cell.',
    ),
    "one class": ("x,y,c\n1,2,a\n2,3,a\n", '"c" has one class only: "a". Choose a column with two to eight.'),
    "nine classes": (
        f"x,y,town\n{NAMES}",
        '"town" has 9 different classes; at most 8 fit. Choose another column, or keep the rows of eight.',
    ),
    "a number to predict": (
        f"x,y,price\n{NUMBERS}",
        (
            '"price" has 40 different numbers; own data are classes, at most 8. '
            "Choose a column of classes, or split this one at its median into two."
        ),
    ),
    "nothing but missing values": (
        "x,y,c\nNaN,1,a\n2,,b\n3,1,b\n",
        "Only 1 row is left: 2 of 3 rows have a missing value. Choose other columns.",
    ),
    "binary": (
        "PK\x03\x04\x00\x00,\x00,",
        "This is not a text table: it holds bytes that no CSV has. Save the table as CSV and try that.",
    ),
    "markup": (
        "x,y,c\n1,2,a\n<img src=x onerror=alert(1)>,3,b\n4,5,a\n",
        (
            '"x" has text where a number should be: "<img src=x onerror=aler…" in row 3. '
            "Choose a column of numbers, or mend that cell."
        ),
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_tables_are_refused_in_one_line(take: Any, kind: str) -> None:
    text, words = BAD[kind]
    assert take(text).get("problem") == words


def test_columns_must_differ(take: Any) -> None:
    text = "x,y,c\n1,2,a\n2,3,b\n"
    assert take(text, y=0)["problem"] == 'x₁ and x₂ are both "x". Choose two different columns.'
    expected = '"x" is both a coordinate and the class. Choose another column for one of them.'
    assert take(text, target=0)["problem"] == expected


def test_a_number_can_be_split_at_its_median(take: Any) -> None:
    assert take(f"x,y,price\n{NUMBERS}")["canSplit"]
    assert classes_of(take(f"x,y,price\n{NUMBERS}", split=True)) == {"below 30": 20, "30 and above": 20}
    mostly_low = "\n".join(f"{i},{i},{max(0, i - 30)}" for i in range(40))
    assert classes_of(take(f"x,y,price\n{mostly_low}", split=True)) == {"below 1": 31, "1 and above": 9}


READ = """async ({bytes, size, name}) => {
  const file = {name, size: size ?? bytes.length, arrayBuffer: async () => {
    if (size > 2 ** 25) throw new Error("a file this big must not be read");
    return Uint8Array.from(bytes).buffer;
  }};
  try { return await csv.readFile(file); } catch (problem) {
    if (!(problem instanceof csv.TableProblem)) throw problem;
    return problem.message;
  }
}"""


def read(page: Any, content: bytes, **more: Any) -> str:
    return page.evaluate(READ, {"bytes": list(content), "name": "points.csv", "size": None} | more)


def test_a_file_of_50_mb_is_refused_before_it_is_read(page: Any) -> None:
    assert read(page, b"", size=50 * 2**20) == (
        "points.csv is too big to read here: 50 MB, and at most 32 MB are read. "
        "Try a part of it; 2,000 points are used at most."
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04rest of a spreadsheet", b"\x89PNG\r\n\x1a\n\x00\x00", b"a,b\x00c"])
def test_files_that_are_not_text(page: Any, content: bytes) -> None:
    assert read(page, content) == "points.csv is not a text file. Save the table as CSV and try that file."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(page: Any, encoding: str) -> None:
    assert read(page, "größe,y,c\n1,2,ä\n".encode(encoding)).removeprefix("\ufeff") == "größe,y,c\n1,2,ä\n"
