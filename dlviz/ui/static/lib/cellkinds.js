// The three recurrent cells: their names and the colour each has in every picture.

export const KINDS = ["rnn", "gru", "lstm"];
export const CELL_NAMES = { rnn: "RNN", gru: "GRU", lstm: "LSTM" };
const CLASS = { rnn: 6, gru: 2, lstm: 7 };

/** The colour of a cell in the theme. */
export const cellColor = (cell, colors) => colors.classes[CLASS[cell]];
