// A small highlighter for Python: enough for the scripts that dlviz writes.

const KEYWORDS = new Set(("False None True and as assert async await break case class continue def del elif else except finally " +
  "for from global if import in is lambda match nonlocal not or pass raise return try while with yield").split(" "));

const TOKEN = new RegExp([
  /(?<comment>#[^\n]*)/,
  /(?<string>[rbf]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/,
  /(?<number>\b(?:\d[\d_]*\.?\d*(?:e[-+]?\d+)?|\.\d+)\b)/,
  /(?<decorator>@[\w.]+)/,
  /(?<name>[A-Za-z_]\w*)/,
].map((part) => part.source).join("|"), "giu");

/** The source as [text, kind] pairs; kind is "" for what needs no colour. Joined, the texts are the source. */
export function tokens(source) {
  const found = [];
  let at = 0;
  let defines = false;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) found.push([source.slice(at, match.index), ""]);
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    const [text] = match;
    const isKeyword = kind === "name" && KEYWORDS.has(text);
    found.push([text, isKeyword ? "keyword" : kind !== "name" ? kind : defines ? "definition" : ""]);
    defines = isKeyword && (text === "def" || text === "class");
    at = match.index + text.length;
  }
  if (at < source.length) found.push([source.slice(at), ""]);
  return found;
}
