// What things are called on the stage.

/** What each task asks for, in one sentence. */
export const TASKS = {
  repeats: "A passage of letters comes again. At each letter of the second round: what comes next? Look for where the same letter stood before.",
  characters: "At each letter: what comes next?",
  reverse: "At each place: which letter stands as far from the other end?",
  who: "At each noun: is it the one who does something, or the one something is done to?",
  neighbours: "At each digit but the ends: is the digit to its left larger, the one to its right, or are they alike?",
  digit_words: "The encoder reads a number in words; the decoder writes its digits, reading its own letters (^ begins, $ ends).",
  dates: "The encoder reads a date; the decoder writes it as year-month-day, reading its own letters (^ begins, $ ends).",
  pig_latin: "The encoder reads an English word; the decoder writes it in Pig Latin, reading its own letters (^ begins, $ ends).",
};

const EXAMPLES = {
  repeats: "k d a f k d a", reverse: "hello", neighbours: "3 7 5 5 1", who: "cats really love dogs", characters: "The prime minister said",
  digit_words: "three hundred and five", dates: "5 march 1987", pig_latin: "string",
};

/** What a person might type: known letters or words of this network. */
export function exampleOf({ spec, vocabulary, words }) {
  const example = EXAMPLES[spec.task];
  const parts = words ? example.split(" ") : [...example].filter((letter) => letter !== " " || vocabulary.includes(" "));
  return parts.every((part) => vocabulary.includes(part)) ? example : vocabulary.filter((token) => token.trim() && !"^$".includes(token)).slice(0, 8).join(words ? " " : "");
}

export const STACKS = { core: "", encoder: "Encoder", decoder: "Decoder" };

/** What one attention of a pass is called: "Self-attention", "Masked self-attention", "Cross-attention". */
export function attentionName(stack, part, masked) {
  if (part === "cross") return "Cross-attention";
  return stack === "decoder" || masked === "causal" ? "Masked self-attention" : "Self-attention";
}
