// Signed notes and what is written as one: checkpoints, cosignatures (C2SP), submissions.
import { type Bytes, numberBytes, parseBase64, parseDecimal, parseDigest, readNumber, toBase64, toHex } from './bytes';
import { rejected, unreadable } from './fault';
import { type CosignerKey, type VerifyKey, checkKeyName } from './key';
import type { Tree } from './merkle';

export const kMaxNoteBytes = 1 << 20;
const kMaxSignatures = 64;
const kDash = '\xe2\x80\x94 ';  // U+2014 and a space

export interface NoteSignature {
  name: Bytes;
  id: string;  // eight hexadecimal digits
  signature: Bytes;
}

export interface Note {
  text: Bytes;
  signatures: NoteSignature[];
}

const badNote = (why: string) => unreadable(`signed note: ${why}`, `签名文本格式错误：${why}`);
export const keyNameOf = (signature: NoteSignature): Bytes => `${signature.name}+${signature.id}`;

function parseSignature(line: Bytes): NoteSignature {
  if (!line.startsWith(kDash)) throw badNote("expected a signature line that begins with '— '");
  const space = line.indexOf(' ', kDash.length);
  if (space < 0) throw badNote("expected 'name base64' in a signature line");
  const name = line.slice(kDash.length, space);
  checkKeyName(name);
  const blob = parseBase64(line.slice(space + 1));
  if (blob === null || blob.length < 5) throw badNote('signature too short, or not base64');
  return { name, id: toHex(blob.slice(0, 4)), signature: blob.slice(4) };
}

export function parseNote(note: Bytes): Note {
  if (note.length > kMaxNoteBytes) throw badNote('longer than 1 MiB');
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw badNote('control character');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0) throw badNote('no empty line before the signatures');
  if (gap + 2 === note.length || !note.endsWith('\n')) throw badNote('no signature, or no newline at the end');
  const lines = note.slice(gap + 2, -1).split('\n');
  if (lines.length > kMaxSignatures) throw badNote('more than 64 signatures');
  const signatures = lines.map(parseSignature);
  if (new Set(signatures.map(keyNameOf)).size < signatures.length) throw badNote('two signatures by one key');
  return { text: note.slice(0, gap + 1), signatures };
}

export const findSignature = (note: Note, key: VerifyKey): NoteSignature | undefined =>
  note.signatures.find((signature) => signature.id === key.id && signature.name === key.name);

export async function verifyNote(note: Note, key: VerifyKey): Promise<void> {
  const signature = findSignature(note, key);
  if (signature === undefined) throw unreadable(`UnknownKey: not signed by ${key.keyName}`, `没有密钥 ${key.keyName} 的签名`);
  await key.verify(note.text, signature.signature);
}

export interface Checkpoint extends Tree {
  origin: Bytes;
}

export function parseCheckpoint(text: Bytes): Checkpoint {
  const [origin, sizeText, rootText, end, ...more] = text.split('\n');
  if (!origin || sizeText === undefined || rootText === undefined || end !== '' || more.length > 0) {
    throw unreadable('checkpoint: expected three lines: origin, size, root', '检查点应为三行：来源、大小、根');
  }
  const size = parseDecimal(sizeText);
  const root = parseDigest(rootText);
  if (size === null || root === null) throw unreadable('checkpoint: malformed size or root', '检查点的大小或根格式错误');
  return { origin, size, root };
}

// A checkpoint that the key signed, of the log that is named as the key.
export async function openCheckpoint(text: Bytes, key: VerifyKey): Promise<Checkpoint> {
  const note = parseNote(text);
  await verifyNote(note, key);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin === key.name) return checkpoint;
  throw rejected(
    'WrongOrigin',
    `expected ${key.name}, found ${checkpoint.origin}`,
    `来源应为 ${key.name}，实为 ${checkpoint.origin}`,
  );
}

// The time, in seconds, at which the witness says it saw the checkpoint.
export async function verifyCosignature(text: Bytes, cosignature: NoteSignature, key: CosignerKey): Promise<bigint> {
  const blob = cosignature.signature;
  if (blob.length <= 8 || blob.charCodeAt(0) > 0x7f) {
    throw unreadable(`cosignature of ${key.keyName}: expected a time and a signature`, `见证 ${key.keyName} 的联署格式错误`);
  }
  const seconds = readNumber(blob, 0, 8);
  await key.key.verify(`cosignature/v1\ntime ${seconds}\n${text}`, blob.slice(8));
  return seconds;
}

export interface SubmissionBody extends Tree {
  origin: Bytes;
}

const kMaxSubmissionEvents = 10_000n;

export function parseSubmission(text: Bytes): SubmissionBody {
  const lines = text.split('\n');
  const named = lines[0] === 'pilotledger/submission/v2';
  const [header, origin, ...rest] = lines;
  const key = named ? rest.shift() : undefined;
  const [countText, rootText, end] = rest;
  const known = named || header === 'pilotledger/submission/v1';
  if (!known || !origin || countText === undefined || rootText === undefined || end !== '' || rest.length > 3) {
    throw unreadable('submission: expected the lines header, origin, founding key, count, root', '提交格式错误');
  }
  if (named && !key?.startsWith(`${origin}+`)) {
    throw unreadable('submission: the founding key is not named as the origin', '提交格式错误：创始密钥与来源不符');
  }
  const size = parseDecimal(countText);
  const root = parseDigest(rootText);
  if (size === null || size < 1n || size > kMaxSubmissionEvents || root === null) {
    throw unreadable('submission: malformed count or root', '提交格式错误：事件数或根');
  }
  return { origin, size, root };
}

// An entry of the log: the leaf of its tree.
export interface Entry {
  bytes: Bytes;
  index: bigint;
  recordedAtMs: bigint;
  eventDigest: Bytes;
  submissionDigest: Bytes;
  position: bigint;
  stateRoot: Bytes | null;  // of the last entry of a commit
}

export function parseEntry(bytes: Bytes): Entry {
  const whole = bytes.length === 118;
  if ((bytes.length !== 86 && !whole) || bytes[0] !== '\x01' || bytes[1] !== (whole ? '\x01' : '\x00')) {
    throw unreadable('entry: expected 86 or 118 bytes of version 1', '条目长度、版本或标志错误');
  }
  return {
    bytes,
    index: readNumber(bytes, 2, 8),
    recordedAtMs: BigInt.asIntN(64, readNumber(bytes, 10, 8)),
    eventDigest: bytes.slice(18, 50),
    submissionDigest: bytes.slice(50, 82),
    position: readNumber(bytes, 82, 4),
    stateRoot: whole ? bytes.slice(86) : null,
  };
}

export const noteBytes = (note: Note): Bytes =>
  note.signatures.reduce(
    (text, one) => `${text}${kDash}${one.name} ${toBase64(numberBytes(BigInt(`0x${one.id}`), 4) + one.signature)}\n`,
    `${note.text}\n`,
  );
