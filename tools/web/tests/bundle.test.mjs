// Answers of several ledgers: judged here as by the program, every byte of them, and soon enough for a page.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { judgeByProgram, randomFrom, settings, writeAll } from './tools.mjs';

const { judge, readTrust } = await import(pathToFileURL(join(settings.web, 'verifier.mjs')).href);
const vector = (name) => readFileSync(join(settings.source, 'tests/compat/bundle', name), 'latin1');
const trustOf = (name) => readTrust({ key: vector(`${name}.vkey`), policy: null });

const flipped = (text, at, bit) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);

for (const [name, ledgers] of [['each', 2], ['instant', 2], ['none-of-31', 31]]) {
  test(`${name}: pledged on none of ${ledgers} ledgers`, async () => {
    const { verdict, shown } = await judge(vector(`${name}.bundle`), trustOf(name));
    assert.equal(verdict, 'verified');
    assert.equal(shown.answer.standing, 'UNKNOWN');
    assert.equal(shown.answer.ledgers.length, ledgers);
    assert.equal(shown.answer.parent === null, name === 'each');
  });
}

test('no changed byte is accepted', async () => {
  for (const name of ['each', 'instant']) {
    const text = vector(`${name}.bundle`);
    for (let at = 0; at < text.length; ++at) {
      const { verdict } = await judge(flipped(text, at, at % 8), trustOf(name));
      assert.notEqual(verdict, 'verified', `${name}: byte ${at}`);
    }
  }
});

test('changed files are judged as the program judges them', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bundle-'));
  const random = randomFrom(31);
  for (const name of ['each', 'instant']) {
    const text = vector(`${name}.bundle`);
    const changed = Array.from({ length: 200 }, () => flipped(text, 24 + random.below(text.length - 24), random.below(8)));
    const theirs = judgeByProgram(writeAll(directory, changed), vector(`${name}.vkey`));
    for (const [path, said] of theirs) {
      const mine = await judge(readFileSync(path, 'latin1'), trustOf(name));
      assert.equal(mine.verdict, said.verdict, `${name}: ${JSON.stringify([mine.what, said])}`);
    }
  }
  rmSync(directory, { recursive: true });
});

test('31 ledgers are checked in less than 200 ms', async () => {
  const text = vector('none-of-31.bundle');
  assert.ok(text.length <= 45_000);
  let best = Infinity;
  for (let i = 0; i < 5; ++i) {
    const from = process.cpuUsage();
    await judge(text, trustOf('none-of-31'));
    const { user, system } = process.cpuUsage(from);
    best = Math.min(best, (user + system) / 1000);
  }
  console.log(`31 ledgers by the log of logs: ${text.length} bytes, checked in ${best.toFixed(1)} ms`);
  assert.ok(best < 200, `${best} ms`);
});
