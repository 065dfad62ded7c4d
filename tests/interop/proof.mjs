// A second verifier of proof files, written from the pages of ledger/proof, tlog and state alone: SM2 and SM3 by
// sm-crypto-v2, Ed25519 and SHA-256 by Node. Says what the file shows, or throws.
// node proof.mjs MODULES-DIRECTORY FILE VKEY
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, file, vkey] = process.argv.slice(2);
const { sm2, sm3 } = createRequire(join(modules, 'package.json'))('sm-crypto-v2');

function must(good, why) {
  if (!good) throw new Error(why);
}

const text = readFileSync(file, 'utf8');
const lines = text.split('\n');
must(lines.pop() === '', 'a newline at the end');
const take = (word) => {
  const line = lines.shift();
  must(line !== undefined && (line === word || line.startsWith(`${word} `)), `expected '${word}', found '${line}'`);
  return line.slice(word.length + 1);
};
const block = (word) => lines.splice(0, Number(take(word)));
const path = (word) => block(word).map((hash) => Buffer.from(hash, 'base64'));

take('pilotledger/proof/v1');
const national = take('suite') === 'sm2-sm3';
const hash = (...parts) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return national ? Buffer.from(sm3(new Uint8Array(bytes)), 'hex') : createHash('sha256').update(bytes).digest();
};

// Whether the key signed the note, given by lines: text, an empty line, signatures.
function signedBy(note, vkey) {
  const [name, id, typed] = vkey.match(/^(.*?)\+([0-9a-f]{8})\+(.*)$/).slice(1);
  const key = Buffer.from(typed, 'base64').subarray(1);
  const idBytes = national ? hash(name, '\n', [0xff], 'gmt0003-sm2-sm3-v1', key) : hash(name, '\n', [1], key);
  must(idBytes.subarray(0, 4).toString('hex') === id, 'the key id');
  const gap = note.lastIndexOf('');
  const text = Buffer.from(note.slice(0, gap).join('\n') + '\n');
  const blobs = note.slice(gap + 1).filter((line) => line.startsWith(`— ${name} `)).map((line) => Buffer.from(line.split(' ')[2], 'base64'));
  const signature = blobs.find((blob) => blob.subarray(0, 4).toString('hex') === id)?.subarray(4);
  if (!signature) return false;
  if (national) return sm2.doVerifySignature(new Uint8Array(text), signature.toString('hex'), key.subarray(-65).toString('hex'), { der: true, hash: true, userId: '1234567812345678' });
  return verify(null, text, createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]), format: 'der', type: 'spki' }), signature);
}

const [question, subject] = take('ask').match(/^(\S+) (.*)$/).slice(1);
const note = block('checkpoint');
const [origin, sizeText, rootText] = note;
const size = BigInt(sizeText);
while (lines[0]?.startsWith('timestamp ')) lines.shift();

// RFC 9162 section 2.1.3.2.
function included(index, leaf, siblings) {
  let [fn, sn, running] = [index, size - 1n, hash([0], leaf)];
  for (const sibling of siblings) {
    must(sn !== 0n, 'a shorter path');
    if (fn % 2n === 1n || fn === sn) {
      running = hash([1], sibling, running);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn / 2n, sn / 2n];
    } else {
      running = hash([1], running, sibling);
    }
    [fn, sn] = [fn / 2n, sn / 2n];
  }
  must(sn === 0n && running.toString('base64') === rootText, `entry ${index} in the tree`);
}

function takeEntry(word) {
  const [index, base64] = take(word).split(' ');
  const bytes = Buffer.from(base64, 'base64');
  must(bytes.readBigUInt64BE(2) === BigInt(index), 'the index');
  included(BigInt(index), bytes, path('path'));
  const event = lines[0]?.startsWith('event ') ? Buffer.from(take('event'), 'base64') : null;
  if (event) must(hash(event).equals(bytes.subarray(18, 50)), 'the event is the entry\'s');
  return { index: BigInt(index), bytes, event };
}

// From the key that the reader has to the one that signs the checkpoint: the key in force names the next.
let key = vkey;
while (lines[0]?.startsWith('rotation ')) {
  const { bytes, event } = takeEntry('rotation');
  const submission = block('submission');
  const count = submission[0].endsWith('/v2') ? 3 : 2;  // after the key that founded the ledger
  must(path('place').length === 0 && submission[count] === '1', 'a submission of one event');
  must(hash(submission.join('\n') + '\n').equals(bytes.subarray(50, 82)), 'the entry\'s submission');
  must(submission[1] === origin && submission[count + 1] === hash([0], event).toString('base64'), 'what was signed');
  const [from, to] = event.toString('latin1').match(/[^\0]*\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+/g);
  if (from !== key) continue;  // before the reader's key was named
  must(signedBy(submission, from), 'named by the key in force');
  key = to;
}
must(origin === key.match(/^(.*?)\+[0-9a-f]{8}\+/)[1], 'the origin');
must(signedBy(note, key), 'the signature of the checkpoint');

const entries = [];
while (lines[0]?.startsWith('entry ')) entries.push(takeEntry('entry'));
const last = entries.at(-1);
must(last.index === size - 1n && last.bytes.length === 118, 'the state root');
const stateRoot = last.bytes.subarray(86);

const shown = [];
while (lines.length > 0) {
  const entity = take('entity');
  const keyHash = hash(entity);
  const siblings = path('map');
  const bit = (bytes, depth) => (bytes[depth >> 3] >> (7 - (depth & 7))) & 1;
  let leaf = Buffer.from('SPARSE_MERKLE_PLACEHOLDER_HASH__');
  const absent = lines[0].split(' ');
  let record = null;
  if (absent[0] !== 'absent') {
    record = block('record').join('\n') + '\n';
    leaf = hash('JMT::LeafNode', keyHash, hash(record));
  } else {
    lines.shift();
    if (absent.length > 1) {
      const other = Buffer.from(absent[1], 'base64');
      must(!other.equals(keyHash), 'another leaf');
      siblings.forEach((_, depth) => must(bit(other, depth) === bit(keyHash, depth), 'the leaf lies on the path'));
      leaf = hash('JMT::LeafNode', other, Buffer.from(absent[2], 'base64'));
    }
  }
  siblings.forEach((sibling, i) => {
    leaf = bit(keyHash, siblings.length - 1 - i) === 0 ? hash('JMT::IntrnalNode', leaf, sibling) : hash('JMT::IntrnalNode', sibling, leaf);
  });
  must(leaf.equals(stateRoot), `${entity} under the state root`);
  shown.push(`${entity} ${record === null ? 'absent' : record.split('\n')[0]}`);
  if (question !== 'history') continue;
  let trail = Buffer.alloc(32);
  const named = entries.filter((entry) => entry.event);
  for (const entry of named) trail = hash('pilotledger/trail/v1\n', trail, entry.bytes.subarray(2, 10), entry.bytes.subarray(18, 50));
  must((record ?? `trail 0 ${'0'.repeat(64)}\n`).startsWith(`trail ${named.length} ${trail.toString('hex')}\n`), 'the trail');
}
console.log(`${question} ${subject}: ${shown.join('; ')}`);
