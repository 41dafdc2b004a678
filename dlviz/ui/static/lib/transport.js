// One WebSocket for one run: opens, comes back by itself when lost, says when the run is gone.

const OPEN_WITHIN = 2000; // ms; after this the page falls back to the relay
const FIRST_WAIT = 300;
const LONGEST_WAIT = 8000;
const RUN_GONE = 4404;

/** Address of a run's socket, beside the page, whatever base path the page is served under. */
export function socketAddress(run) {
  const address = new URL(`api/live/${encodeURIComponent(run)}`, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = "";
  address.hash = "";
  return address.href;
}

/**
 * `hear(ArrayBuffer)` gets messages; `tell(status, gone)` gets "connecting", "open", "blocked" (it never
 * opened within two seconds; it goes on trying) and "lost". `gone` is true when the server no longer
 * knows the run: then nothing is tried again.
 */
export class SocketTransport {
  constructor(run, { hear, tell }) {
    this.address = socketAddress(run);
    this.hear = hear;
    this.tell = tell;
    this.wait = FIRST_WAIT;
    this.everOpen = false;
    this.closed = false;
    this.patience = setTimeout(() => this.blocked(), OPEN_WITHIN);
    this.open();
  }

  open() {
    this.socket = new WebSocket(this.address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      clearTimeout(this.patience);
      this.everOpen = true;
      this.wait = FIRST_WAIT;
      this.tell("open", false);
    };
    this.socket.onmessage = (event) => this.hear(event.data);
    this.socket.onclose = (event) => this.lost(event.code);
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(text) {
    this.socket.send(text);
  }

  blocked() {
    if (!this.everOpen && !this.closed) this.tell("blocked", false);
  }

  lost(code) {
    if (this.closed) return;
    if (code === RUN_GONE) {
      clearTimeout(this.patience);
      this.closed = true;
      this.tell("lost", true);
      return;
    }
    if (this.everOpen) this.tell("lost", false);
    const wait = this.wait * (0.75 + Math.random() / 2); // so that a class does not come back as one
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.retry = setTimeout(() => this.open(), wait);
  }

  close() {
    this.closed = true;
    clearTimeout(this.patience);
    clearTimeout(this.retry);
    this.socket.onclose = null;
    this.socket.onmessage = null;
    this.socket.close(1000);
  }
}
