// Checks inclusion in an exported log with the sigstore verifier: checkpoint signature, then the
// audit path of every 97th entry and the last one, computed here from the entry bundles.
// node include.mjs MODULES-DIRECTORY LOG-DIRECTORY VKEY
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, directory, vkey] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const tlog = join(modules, 'node_modules/@sigstore/verify/dist/tlog');
const { verifyCheckpoint } = require(join(tlog, 'checkpoint.js'));
const { verifyMerkleInclusion } = require(join(tlog, 'merkle.js'));

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left, right) => sha256(Buffer.from([1]), left, right);

const [name, id, key] = vkey.match(/^(.*)\+([0-9a-f]{8})\+(.*)$/).slice(1);
const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64').subarray(1)]);
const log = { baseURL: name, logID: Buffer.from(id, 'hex'), publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };

const envelope = readFileSync(join(directory, 'checkpoint'), 'utf8');
const size = Number(envelope.split('\n')[1]);
const entries = [];
for (let number = 0; number * 256 < size; ++number) {
  const width = Math.min(256, size - number * 256);
  const bundle = readFileSync(join(directory, `tile/entries/${String(number).padStart(3, '0')}${width < 256 ? `.p/${width}` : ''}`));
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
}

// Root and audit path by the definition in RFC 6962 section 2.1.
const leaves = entries.map((entry) => sha256(Buffer.from([0]), entry));
const memory = new Map();
function root(from, to) {
  if (to - from === 1) return leaves[from];
  const name = `${from}-${to}`;
  if (!memory.has(name)) {
    const split = from + largestPowerBelow(to - from);
    memory.set(name, node(root(from, split), root(split, to)));
  }
  return memory.get(name);
}
function largestPowerBelow(n) {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
function path(index, from, to) {
  if (to - from === 1) return [];
  const split = from + largestPowerBelow(to - from);
  return index < split ? [...path(index, from, split), root(split, to)] : [...path(index, split, to), root(from, split)];
}

let checked = 0;
for (let index = 0; index < size; index = index === size - 1 ? size : Math.min(index + 97, size - 1)) {
  const entry = {
    canonicalizedBody: entries[index],
    inclusionProof: { logIndex: String(index), hashes: path(index, 0, size), checkpoint: { envelope } },
  };
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
  ++checked;
}
console.log(`${checked} of ${size} entries checked`);
