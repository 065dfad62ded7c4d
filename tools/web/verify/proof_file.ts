// The grammar of proof files (ledger/proof/README.md). Form only; verify.ts says what is shown.
import { type Bytes, countOf, parseBase64, parseDecimal, parseDigest, toBase64 } from './bytes';
import { type Fault, rejected } from './fault';
import { type Entry, kMaxNoteBytes, parseEntry } from './note';
import type { MapProof } from './record';
import { type Suite, isSuite } from './suite';

export const kProofMagic = 'pilotledger/proof/v1';
const kMaxProofBytes = 64 << 20;
const kMaxLogPath = 64;
const kMaxMapPath = 256;
const kQuestions = ['event', 'entry', 'entity', 'history', 'pledge'] as const;

export interface Question {
  kind: (typeof kQuestions)[number];
  subject: Bytes;
}

export interface ProofEntry {
  entry: Entry;
  path: Bytes[];
  event: Bytes | null;
  submission: { note: Bytes; path: Bytes[] } | null;
}

export interface ProofEntity {
  key: Bytes;
  map: MapProof;
  record: Bytes | null;
}

export interface ProofFile {
  suite: Suite;
  question: Question;
  checkpoint: Bytes;
  timestamps: Bytes[];
  rotations: ProofEntry[];
  entries: ProofEntry[];
  entities: ProofEntity[];
}

const escaped = (text: Bytes): Bytes => text.replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'));
// Malformed escapes come back as other text than was read, which parseProof() then refuses.
const unescaped = (text: Bytes): Bytes => text.replace(/\\([^])/g, (_, c: string) => (c === 'n' ? '\n' : c));

const block = (word: string, text: Bytes): Bytes => `${word} ${countOf(text, '\n')}\n${text}`;
const pathText = (word: string, path: Bytes[]): Bytes =>
  `${word} ${path.length}\n${path.map((hash) => `${toBase64(hash)}\n`).join('')}`;

function entryText(word: string, one: ProofEntry): Bytes {
  const event = one.event === null ? '' : `event ${toBase64(one.event)}\n`;
  const part = one.submission;
  const submission = part === null ? '' : block('submission', part.note) + pathText('place', part.path);
  return `${word} ${one.entry.index} ${toBase64(one.entry.bytes)}\n${pathText('path', one.path)}${event}${submission}`;
}

function entityText(one: ProofEntity): Bytes {
  const other = one.map.otherLeaf;
  const absent = other === null ? 'absent\n' : `absent ${toBase64(other[0])} ${toBase64(other[1])}\n`;
  const end = one.record === null ? absent : block('record', one.record);
  return `entity ${escaped(one.key)}\n${pathText('map', one.map.siblings)}${end}`;
}

function serialize(file: ProofFile): Bytes {
  return [
    `${kProofMagic}\nsuite ${file.suite}\nask ${file.question.kind} ${escaped(file.question.subject)}\n`,
    block('checkpoint', file.checkpoint),
    ...file.timestamps.map((token) => `timestamp ${toBase64(token)}\n`),
    ...file.rotations.map((rotation) => entryText('rotation', rotation)),
    ...file.entries.map((entry) => entryText('entry', entry)),
    ...file.entities.map(entityText),
  ].join('');
}

// Walks the lines of a file and says which one is wrong.
class ProofLines {
  private at = 0;
  private number = 1;
  constructor(private readonly text: Bytes) {}

  get atEnd(): boolean {
    return this.at === this.text.length;
  }
  nextIs(word: string): boolean {
    const after = this.text[this.at + word.length];
    return this.text.startsWith(word, this.at) && (after === ' ' || after === '\n');
  }
  bad(what: string): Fault {
    return rejected('BadFormat', `line ${this.number}: ${what}`, `第 ${this.number} 行格式错误（${what}）`);
  }

  private line(): Bytes | null {
    const end = this.text.indexOf('\n', this.at);
    if (end < 0) return null;
    const line = this.text.slice(this.at, end);
    this.at = end + 1;
    ++this.number;
    return line;
  }
  // What follows "word " on the next line.
  field(word: string): Bytes {
    const line = this.nextIs(word) ? this.line() : null;
    if (line === null) throw this.bad(`expected '${word}'`);
    return line.slice(word.length + 1);
  }
  private count(word: string, most: number): number {
    const value = parseDecimal(this.field(word));
    if (value === null || value > BigInt(most)) throw this.bad(`'${word}': expected a number of at most ${most}`);
    return Number(value);
  }
  // A number of lines, as they stand.
  block(word: string, mostBytes: number): Bytes {
    const lines = this.count(word, mostBytes);
    const start = this.at;
    for (let i = 0; i < lines; ++i) {
      const end = this.line() === null ? mostBytes + 1 : this.at - start;
      if (end > mostBytes) throw this.bad(`'${word}': ${lines} lines do not follow`);
    }
    return this.text.slice(start, this.at);
  }
  path(word: string, most: number): Bytes[] {
    const path: Bytes[] = [];
    for (let left = this.count(word, most); left > 0; --left) {
      const line = this.line();
      const hash = line === null ? null : parseDigest(line);
      if (hash === null) throw this.bad('expected a hash in base64');
      path.push(hash);
    }
    return path;
  }
  bytes(base64: Bytes): Bytes {
    const bytes = parseBase64(base64);
    if (bytes === null) throw this.bad('base64: malformed, or not canonical');
    return bytes;
  }
  while<T>(word: string, take: () => T): T[] {
    const all: T[] = [];
    while (this.nextIs(word)) all.push(take());
    return all;
  }
}

function takeEntry(lines: ProofLines, word: string): ProofEntry {
  const head = lines.field(word);
  const entry = parseEntryLine(lines, lines.bytes(head.slice(head.indexOf(' ') + 1)));
  const path = lines.path('path', kMaxLogPath);
  const event = lines.nextIs('event') ? lines.bytes(lines.field('event')) : null;
  if (!lines.nextIs('submission')) return { entry, path, event, submission: null };
  const note = lines.block('submission', kMaxNoteBytes);
  return { entry, path, event, submission: { note, path: lines.path('place', kMaxLogPath) } };
}

function parseEntryLine(lines: ProofLines, bytes: Bytes): Entry {
  try {
    return parseEntry(bytes);
  } catch (error) {
    throw lines.bad((error as Error).message);
  }
}

function takeEntity(lines: ProofLines): ProofEntity {
  const key = unescaped(lines.field('entity'));
  const siblings = lines.path('map', kMaxMapPath);
  if (!lines.nextIs('absent')) {
    return { key, map: { siblings, otherLeaf: null }, record: lines.block('record', kMaxProofBytes) };
  }
  const other = lines.field('absent');
  if (other === '') return { key, map: { siblings, otherLeaf: null }, record: null };
  const [keyHash, valueHash] = other.split(' ', 2).map(parseDigest);
  if (!keyHash || !valueHash) throw lines.bad("expected two hashes in base64 after 'absent'");
  return { key, map: { siblings, otherLeaf: [keyHash, valueHash] }, record: null };
}

function takeQuestion(lines: ProofLines): Question {
  const text = lines.field('ask');
  const space = text.indexOf(' ');
  const kind = kQuestions.find((one) => one === text.slice(0, Math.max(space, 0)));
  if (kind === undefined) throw lines.bad("expected 'ask event|entry|entity|history|pledge SUBJECT'");
  return { kind, subject: unescaped(text.slice(space + 1)) };
}

// Rejects with BadFormat and the line, or NotCanonical: what was read is what would be written.
export function parseProof(text: Bytes): ProofFile {
  const lines = new ProofLines(text);
  if (text.length > kMaxProofBytes) throw lines.bad('a proof file has at most 64 MiB');
  const nothing = lines.field(kProofMagic);
  const suite = lines.field('suite');
  if (!isSuite(suite) || nothing !== '') throw lines.bad('expected the magic line and a suite');
  const file: ProofFile = {
    suite,
    question: takeQuestion(lines),
    checkpoint: lines.block('checkpoint', kMaxNoteBytes),
    timestamps: lines.while('timestamp', () => lines.bytes(lines.field('timestamp'))),
    rotations: lines.while('rotation', () => takeEntry(lines, 'rotation')),
    entries: lines.while('entry', () => takeEntry(lines, 'entry')),
    entities: lines.while('entity', () => takeEntity(lines)),
  };
  if (!lines.atEnd) throw lines.bad("expected 'timestamp', 'rotation', 'entry', 'entity' or the end");
  if (serialize(file) === text) return file;
  throw rejected('NotCanonical', 'the file is spelled in another way than proofs are written', '文件写法不规范');
}
