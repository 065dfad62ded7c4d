// What the tests share: both verifiers on many files, and a random sequence that is always the same.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const settings = {
  bin: process.env.PILOTLEDGER_BIN,
  source: process.env.PILOTLEDGER_SOURCE,
  web: process.env.PILOTLEDGER_WEB,  // what build.mjs made
  vectors: process.env.PILOTLEDGER_VECTORS,
};

export const suites = ['ed25519-sha256', 'sm2-sm3'];

// Directories of vectors: { suite, directory, vkey, files }.
export function vectorSets() {
  return suites.flatMap((suite) =>
    ['ledger', 'vouched'].map((name) => {
      const directory = join(settings.vectors, suite, name);
      const files = readdirSync(directory).filter((file) => /\.(proof|disclosure|fork)$/.test(file)).sort();
      return { suite, directory, vkey: readFileSync(join(directory, 'vkey'), 'utf8'), files };
    }));
}

// Verdicts of the program, by path: { verdict, reason, json }. One process judges all.
export function judgeByProgram(paths, vkey, more = []) {
  const program = join(settings.bin, 'pilotledger-verify');
  const several = paths.length > 1 ? paths : [...paths, ...paths];  // then each complaint names its file
  const run = spawnSync(program, [...several, '--key', vkey.trim(), '--json', '--lang', 'en', ...more], {
    encoding: 'utf8', maxBuffer: 1 << 30,
  });
  if (run.error) throw run.error;
  const complaints = run.stderr.split('\n').filter((line) => line.startsWith('pilotledger-verify: '));
  const said = complaints.map((line) => line.slice('pilotledger-verify: '.length));
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  const verdicts = new Map();
  for (const path of several) {
    if (said.length > 0 && said[0].startsWith(`${path}: `)) {
      verdicts.set(path, { verdict: 'unreadable', said: said.shift() });
      continue;
    }
    const json = JSON.parse(lines.shift());
    verdicts.set(path, { verdict: json.verified ? 'verified' : 'rejected', reason: json.reason, json });
  }
  if (lines.length > 0 || said.length > 0) throw new Error('the program said more than it was asked');
  return verdicts;
}

// mulberry32: a fixed seed, the same mutations on every machine.
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return { below: (n) => next() % n, pick: (items) => items[next() % items.length] };
}

export function writeAll(directory, texts) {
  return texts.map((text, i) => {
    const path = join(directory, `mutation-${i}`);
    writeFileSync(path, text, 'latin1');
    return path;
  });
}

