// A plain chat server on socket.io and better-sqlite3, which `cargo xtask bench chat -- --peer`
// measures beside Rialto. It makes the same promises: a message is on disk before its sender gets
// the confirmation and its room gets the message, each channel is numbered without gaps, and a
// repeated nonce gets the first confirmation. Messages that arrive together share a commit.
//
// node server.js FILE

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";
import Database from "better-sqlite3";
import { Server } from "socket.io";

const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  CREATE TABLE IF NOT EXISTS channels (id TEXT PRIMARY KEY, seq INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL REFERENCES channels (id),
    author TEXT NOT NULL,
    seq INTEGER NOT NULL,
    nonce TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (channel, seq),
    UNIQUE (author, nonce)
  );
`);
const first = db.prepare("SELECT id, seq, channel, body FROM messages WHERE author = ? AND nonce = ?");
const count = db.prepare(
  `INSERT INTO channels (id, seq) VALUES (?, 1)
   ON CONFLICT (id) DO UPDATE SET seq = seq + 1 RETURNING seq`,
);
const insert = db.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)");

/** Stores messages in their order. Each gets `stored`, and repeats or refusals an `answer`. */
const store = db.transaction((drafts) => {
  for (const draft of drafts) {
    const { author, channel, nonce, text } = draft;
    const known = first.get(author.id, nonce);
    if (known) {
      const same = known.channel === channel && known.body === text;
      draft.answer = same ? { seq: known.seq, id: known.id } : { error: "nonce-used" };
      continue;
    }
    const { seq } = count.get(channel);
    const id = randomUUID();
    const created_at = new Date().toISOString();
    insert.run(id, channel, author.id, seq, nonce, text, created_at);
    draft.stored = { seq, id, channel, author, text, nonce, created_at };
  }
});

let waiting = [];

/** Stores all waiting messages in one transaction, then delivers and confirms them. */
function flush() {
  const drafts = waiting;
  waiting = [];
  store.immediate(drafts);
  for (const { channel, stored, answer, confirm } of drafts) {
    if (stored) io.to(channel).emit("message", stored);
    confirm(answer ?? { seq: stored.seq, id: stored.id });
  }
}

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  const author = { id: randomUUID(), name: socket.id };
  const joined = socket.handshake.auth.channel;
  socket.join(joined);
  socket.on("send", ({ channel, nonce, text }, confirm) => {
    if (channel !== joined || typeof text !== "string" || text.length > 4000) {
      confirm({ error: "refused" });
      return;
    }
    if (waiting.push({ author, channel, nonce, text, confirm }) === 1) setImmediate(flush);
  });
});

http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`));
