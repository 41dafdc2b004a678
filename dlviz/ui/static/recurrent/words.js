// What things are called on the stage.

export const CELLS = { rnn: "RNN", lstm: "LSTM", gru: "GRU" };

export const GATES = {
  input_gate: "input gate i", forget_gate: "forget gate f", candidate: "candidate g", output_gate: "output gate o",
  reset_gate: "reset gate r", update_gate: "update gate z", cell: "cell state c", hidden: "hidden state h",
};

/** What each task asks for, in one sentence. */
export const TASKS = {
  characters: "Over each letter stands what the network expects to come next.",
  sentiment: "After the last word it says whether the sentence is friendly.",
  tagging: "Over each word stands its part of speech.",
  dates: "The encoder reads a date; the decoder writes it as year-month-day, reading its own letters.",
  digit_words: "The encoder reads a number in words; the decoder writes its digits, reading its own letters.",
  weather: "Over each day stands what the network expects of the next day.",
  sines: "Over each value stands what the network expects to come next.",
  copy: "It reads four letters, waits, and must say them again after the sign >.",
  adding: "After the last step it says the sum of the two marked numbers.",
  brackets: "Over each bracket stands how many are open.",
  parity: "Over each bit stands whether the number of ones so far is odd or even.",
};

export const ON_ITS_OWN = "When the sequence is over it reads what it has just said: the likeliest letter each time (dashed boxes).";
