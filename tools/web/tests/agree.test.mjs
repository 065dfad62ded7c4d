// The verifier in TypeScript gives the verdicts and reasons of pilotledger-verify: on every vector, and on two thousand
// changed ones. ctest says where the program and the vectors are.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { judgeByProgram, randomFrom, settings, vectorSets, writeAll } from './tools.mjs';

const { encodeEvent, judge, readTrust } = await import(pathToFileURL(join(settings.web, 'verifier.mjs')));
const kMutations = 2000;

let sets;
let scratch;
before(() => {
  sets = vectorSets();
  scratch = mkdtempSync(join(tmpdir(), 'web-verify-'));
});
after(() => rmSync(scratch, { recursive: true, force: true }));

async function judgeHere(text, vkey, policy = null) {
  try {
    return await judge(text, readTrust({ key: vkey, policy }));
  } catch (error) {
    error.message = `the verifier threw: ${error.message}`;
    throw error;
  }
}

// The program names no reason where its error has none (evidence of a fork).
function assertAlike(mine, theirs, what) {
  assert.equal(mine.verdict, theirs.verdict, `${what}: ${JSON.stringify([mine.reason, mine.what, theirs.reason, theirs.said])}`);
  if (theirs.reason) assert.equal(mine.reason, theirs.reason, `${what}: ${theirs.json.what}`);
}

function assertSameClaim({ shown }, { json }, what) {
  if (shown.kind === 'fork') return assert.equal(String(shown.fork.first.size), String(json.checkpoints[0].size), what);
  if (shown.kind === 'disclosure') return assert.equal(shown.disclosure.fields.length, Object.keys(json.fields).length, what);
  const { proof } = shown;
  assert.equal(Buffer.from(proof.checkpoint.root, 'latin1').toString('base64'), json.root, what);
  assert.equal(String(proof.checkpoint.size), String(json.size), what);
  assert.equal(proof.signedBy, json.logKey, what);
  assert.deepEqual(proof.keyChanges.map(String), (json.keyChanges ?? []).map(String), what);
  assert.equal(proof.pledge?.answer, json.pledge?.pledgeAnswer, what);
  assert.deepEqual(proof.pledge?.pledges.map((one) => one.pledge), json.pledge?.pledges.map((one) => one.pledge), what);
  assert.deepEqual(proof.entries.map((one) => one.signers.map((signer) => signer.key)),
                   (json.entries ?? []).map((one) => (one.signers ?? []).map((signer) => signer.key)), what);
  assert.deepEqual(proof.entities.map((one) => [one.key, one.record !== null]),
                   (json.entities ?? []).map((one) => [one.entity, one.recorded]), what);
}

test('every vector is judged alike and shows the same', async () => {
  let verified = 0;
  for (const { directory, files, vkey } of sets) {
    const theirs = judgeByProgram(files.map((file) => join(directory, file)), vkey);
    for (const [path, verdict] of theirs) {
      const mine = await judgeHere(readFileSync(path, 'latin1'), vkey);
      assertAlike(mine, verdict, path);
      if (verdict.verdict !== 'verified') continue;
      assertSameClaim(mine, verdict, path);
      ++verified;
    }
  }
  assert.ok(verified > 95, `${verified} vectors are verified`);
});

test('every event is written from its JSON as it stands in the log', async () => {
  const written = new Set();
  for (const { directory, files, vkey } of sets) {
    const proofs = files.filter((file) => file.startsWith('event-')).map((file) => join(directory, file));
    if (proofs.length === 0) continue;
    for (const [path, { json }] of judgeByProgram(proofs, vkey)) {
      const [{ event, index }] = json.entries;
      const entry = new RegExp(`^entry ${index} .*\\n(?:path.*\\n)(?:[A-Za-z0-9+/=]+\\n)*event (.*)$`, 'm');
      const bytes = entry.exec(readFileSync(path, 'latin1'))[1];
      assert.equal(Buffer.from(encodeEvent(event), 'latin1').toString('base64'), bytes, `${path}: ${event.kind}`);
      written.add(event.kind);
    }
  }
  assert.ok(written.size > 15, [...written].join(', '));
});

test('the example of the page of bytes is verified, and under another key it is not', async () => {
  const page = readFileSync(join(settings.source, 'ledger/proof/README.md'), 'utf8');
  const example = /```\n(pilotledger\/proof\/v1\nsuite [^`]*)```/.exec(page)[1];
  const vkey = /`(ledger\.example\.org\+[^`]*)`/.exec(page)[1];
  assert.equal((await judgeHere(Buffer.from(example).toString('latin1'), vkey)).verdict, 'verified');
  const other = await judgeHere(Buffer.from(example).toString('latin1'), sets[1].vkey);
  assert.deepEqual([other.verdict, other.reason], ['rejected', 'UnknownKey']);
});

test('without WebCrypto, and with a WebCrypto that has no Ed25519, the verdicts are the same', async () => {
  const { directory, files, vkey } = sets[0];
  const real = globalThis.crypto;
  const without = [undefined, { subtle: { importKey: () => Promise.reject(new Error('NotSupportedError')) } }];
  try {
    for (const crypto of without) {
      Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
      for (const file of files.slice(0, 12)) {
        const text = readFileSync(join(directory, file), 'latin1');
        assert.equal((await judgeHere(text, vkey)).verdict, 'verified', file);
        const forged = text.replace(/^(— |\xe2\x80\x94 )(\S+ \S{20})(.)/m, (_, dash, head, c) => dash + head + (c === 'A' ? 'B' : 'A'));
        assert.equal((await judgeHere(forged, vkey)).reason, 'BadSignature', file);
      }
    }
  } finally {
    Object.defineProperty(globalThis, 'crypto', { value: real, configurable: true });
  }
});

test('the quorum of a policy is wanted alike', async () => {
  for (const { directory, files, vkey } of sets.filter((one) => one.directory.endsWith('vouched'))) {
    for (const name of ['policy', 'other-policy']) {
      const path = join(directory, name);
      const theirs = judgeByProgram(files.map((file) => join(directory, file)), vkey, ['--policy', path]);
      for (const [file, verdict] of theirs) {
        const mine = await judgeHere(readFileSync(file, 'latin1'), vkey, readFileSync(path, 'latin1'));
        assertAlike(mine, verdict, `${file} with ${name}`);
      }
    }
  }
});

// --- changed files

const base64Line = /^(.*?)([A-Za-z0-9+/]{8,}={0,2})$/;

// A bit of what a line holds in base64, written again in base64: form stays good, what it says does not.
function flipInside(text, random) {
  const lines = text.split('\n');
  const at = random.pick(lines.map((line, i) => (base64Line.test(line) ? i : -1)).filter((i) => i >= 0));
  const [, head, base64] = base64Line.exec(lines[at]);
  const bytes = Buffer.from(base64, 'base64');
  bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  lines[at] = head + bytes.toString('base64');
  return lines.join('\n');
}

const mutations = {
  flipInside,
  flip(text, random) {
    const at = random.below(text.length);
    return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(8))) + text.slice(at + 1);
  },
  cut: (text, random) => text.slice(0, random.below(text.length)),
  cutOut(text, random) {
    const at = random.below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + random.below(80));
  },
  swapLines(text, random) {
    const lines = text.split('\n');
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b], lines[a]];
    return lines.join('\n');
  },
  dropLine(text, random) {
    const lines = text.split('\n');
    lines.splice(random.below(lines.length), 1);
    return lines.join('\n');
  },
  repeatLine(text, random) {
    const lines = text.split('\n');
    const at = random.below(lines.length);
    lines.splice(at, 0, lines[at]);
    return lines.join('\n');
  },
  number(text, random) {
    const numbers = [...text.matchAll(/[0-9]+/g)];
    const one = random.pick(numbers);
    const other = String(BigInt(one[0]) + BigInt(random.pick([1, -1, 100, 1 << 30])));
    return text.slice(0, one.index) + other + text.slice(one.index + one[0].length);
  },
  question: (text, random) =>
    text.replace(/^ask \S+/m, `ask ${random.pick(['event', 'entry', 'entity', 'history', 'pledge', 'x'])}`),
  suite: (text) => text.replace(/^suite \S+/m, (line) => (line.includes('sm2') ? 'suite ed25519-sha256' : 'suite sm2-sm3')),
  splice(text, random, other) {
    const [mine, theirs] = [text.split('\n'), other.split('\n')];
    const at = random.below(Math.min(mine.length, theirs.length));
    return [...mine.slice(0, at), ...theirs.slice(at)].join('\n');
  },
  windowsLines: (text) => text.replace(/\n/g, '\r\n'),
};

test(`${kMutations} changed files are accepted or refused alike`, async (t) => {
  const random = randomFrom(20261130);
  const reasons = new Map();
  const each = kMutations / sets.length;
  for (const { directory, files, vkey } of sets) {
    const texts = files.map((file) => readFileSync(join(directory, file), 'latin1'));
    const names = Array.from({ length: each }, () => random.pick(['flipInside', 'flipInside', ...Object.keys(mutations)]));
    const changed = names.map((name) => mutations[name](random.pick(texts), random, random.pick(texts)));
    const theirs = judgeByProgram(writeAll(scratch, changed), vkey);
    for (const [i, [, verdict]] of [...theirs].entries()) {
      const mine = await judgeHere(changed[i], vkey);
      assertAlike(mine, verdict, `${directory}, ${names[i]} ${i}:\n${changed[i].slice(0, 400)}`);
      const reason = mine.reason ?? mine.verdict;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  t.diagnostic([...reasons].map(([reason, n]) => `${reason} ${n}`).sort().join(', '));
  for (const reason of ['BadSignature', 'WrongRoot', 'NotCanonical', 'BadFormat', 'WrongEvent', 'verified']) {
    assert.ok(reasons.has(reason), `no change leads to ${reason}`);
  }
});
