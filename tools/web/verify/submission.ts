// Submissions: events, and the note that their authors sign. ledger/tlog/README.md has the bytes.
import { type Bytes, parseBase64, parseDecimal, toBase64 } from './bytes';
import { type DecodedEvent, decodeEvent } from './event';
import { unreadable } from './fault';
import { leafHash, nodeHash } from './merkle';
import { type Note, parseNote, parseSubmission } from './note';
import type { Suite } from './suite';

const kFileHeader = 'pilotledger/submission-file/v1\n';

export interface Submission {
  note: Bytes;  // text, empty line, signatures
  events: Bytes[];
}

export interface LedgerName {
  suite: Suite;
  origin: Bytes;
  foundingKey: Bytes;
}

function rootOf(suite: Suite, events: Bytes[]): Bytes {
  const root = (leaves: Bytes[]): Bytes => {
    if (leaves.length === 1) return leaves[0] as Bytes;
    const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
    return nodeHash(suite, root(leaves.slice(0, split)), root(leaves.slice(split)));
  };
  return root(events.map((event) => leafHash(suite, event)));
}

// What is signed: for this ledger, these events and no others.
export function textToSign({ suite, origin, foundingKey }: LedgerName, events: Bytes[]): Bytes {
  return `pilotledger/submission/v2\n${origin}\n${foundingKey}\n${events.length}\n${toBase64(rootOf(suite, events))}\n`;
}

export function serializeSubmission({ note, events }: Submission): Bytes {
  return `${kFileHeader}${note.length}\n${note}${events.map((event) => `${toBase64(event)}\n`).join('')}`;
}

const bad = (why: string) => unreadable(`submission: ${why}`, `提交文件格式错误：${why}`);

export interface ReadSubmission {
  submission: Submission;
  note: Note;
  events: DecodedEvent[];
}

// A file that somebody else signed: held to the ledger, its events to what the note says.
export function readSubmission(file: Bytes, ledger: LedgerName): ReadSubmission {
  if (!file.startsWith(kFileHeader)) throw bad('not a submission file');
  const end = file.indexOf('\n', kFileHeader.length);
  const size = end < 0 ? null : parseDecimal(file.slice(kFileHeader.length, end));
  if (size === null || BigInt(file.length - end - 1) < size) throw bad('cut off');
  const noteText = file.slice(end + 1, end + 1 + Number(size));
  const lines = file.slice(end + 1 + Number(size));
  if (!lines.endsWith('\n')) throw bad('cut off');
  const events = lines.slice(0, -1).split('\n').map((line) => {
    const event = parseBase64(line);
    if (event === null) throw bad('an event that is not base64');
    return event;
  });
  const note = parseNote(noteText);
  parseSubmission(note.text);
  if (note.text !== textToSign(ledger, events)) throw bad('signed for another ledger, or other events');
  return { submission: { note: noteText, events }, note, events: events.map(decodeEvent) };
}
