// verify.html from disk, with the network off, in Debian's Chromium.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { assertWellMade, openBrowser, openPage } from './browser.mjs';
import { judgeByProgram, settings, vectorSets } from './tools.mjs';

const kTexts = {
  zh: { verified: '核验通过', rejected: '核验未通过', unreadable: '无法判断' },
  en: { verified: 'Verified', rejected: 'Not verified', unreadable: 'Cannot be judged' },
};

let browser;
let file;
before(async () => {
  browser = await openBrowser();
  file = join(settings.web, 'share', readdirSync(join(settings.web, 'share'))[0]);
});
after(() => browser.close());

async function openVerifier(language, options = {}) {
  const opened = await openPage(browser, { offline: true, ...options });
  await opened.page.goto(`${pathToFileURL(file)}#${language}`);
  return opened;
}

async function verdicts(page, paths, vkey) {
  await page.fill('#log-key', vkey);
  await page.setInputFiles('#proof-files', paths);
  await page.waitForFunction((n) => document.querySelectorAll('.card:not(.working)').length === n, paths.length);
  return page.$$eval('.card', (cards) => cards.map((card) => card.querySelector('.verdict').textContent));
}

test('the file is named by its hash and loads nothing', async () => {
  const html = readFileSync(file);
  assert.ok(file.endsWith(`verify-${createHash('sha256').update(html).digest('hex').slice(0, 16)}.html`));
  const { page, requests, problems, context } = await openVerifier('zh');
  await page.waitForSelector('h1');
  assert.deepEqual(requests.map((request) => request.url()), [String(pathToFileURL(file))]);
  assert.equal(await page.$eval('html', (html) => html.lang), 'zh-CN');
  assert.deepEqual(problems, []);
  await context.close();
});

for (const language of ['zh', 'en']) {
  test(`it says what the program says, on vectors of both suites (${language})`, async () => {
    for (const { directory, files, vkey } of vectorSets()) {
      const every = language === 'zh' ? 7 : 20;
      const some = files.filter((_, i) => i % every === 0 || files.length < 10).map((name) => join(directory, name));
      const theirs = judgeByProgram(some, vkey);
      const opened = await openVerifier(language);
      const said = await verdicts(opened.page, some, vkey);
      assert.deepEqual(said, some.map((path) => kTexts[language][theirs.get(path).verdict]), directory);
      assert.deepEqual(opened.problems, []);
      await opened.context.close();
    }
  });

  test(`every verdict is well made (${language})`, async () => {
    const [ledger, vouched] = vectorSets();
    const opened = await openVerifier(language);
    await assertWellMade(opened, `verify-empty-${language}`);
    const proofs = ['release-pledge.proof', 'history-ip-CN2023110000011.proof', 'entity-award-none.proof'];
    const paths = [...proofs.map((name) => join(ledger.directory, name)), join(vouched.directory, 'cosigned.proof')];
    const cards = await verdicts(opened.page, [...paths, join(settings.source, 'README.md')], ledger.vkey);
    assert.deepEqual(new Set(cards), new Set(Object.values(kTexts[language])));
    await assertWellMade(opened, `verify-verdicts-${language}`);
    await opened.context.close();
  });
}

test('text of a ledger is shown as text', async () => {
  const vouched = vectorSets()[1];
  const { page, problems, context } = await openVerifier('zh');
  const files = ['cosigned.proof', 'history.proof', 'shown.disclosure'].map((name) => join(vouched.directory, name));
  await verdicts(page, files, vouched.vkey);
  const text = await page.textContent('main');
  assert.ok(text.includes('第一方<script>alert(1)</script>') && text.includes('"Pd/C 5% <b>"'));
  assert.equal(await page.$$eval('main script, main b', (found) => found.length), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a policy changes the verdict', async () => {
  const vouched = vectorSets()[1];
  const { page, context } = await openVerifier('en');
  const path = join(vouched.directory, 'cosigned.proof');
  assert.deepEqual(await verdicts(page, [path], vouched.vkey), ['Verified']);
  await page.setInputFiles('#policy', join(vouched.directory, 'other-policy'));
  await page.waitForSelector('.card.rejected');
  assert.ok((await page.textContent('.card')).includes('NoQuorum'));
  await page.setInputFiles('#policy', join(vouched.directory, 'policy'));
  await page.waitForSelector('.card.verified');
  assert.ok((await page.textContent('.card')).includes('w1'));
  await context.close();
});

test('a browser without Ed25519 in WebCrypto says the same', async () => {
  const [ledger] = vectorSets();
  const { page, context } = await openVerifier('en');
  await page.evaluate(() => {
    crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'));
  });
  assert.deepEqual(await verdicts(page, [join(ledger.directory, 'release-pledge.proof')], ledger.vkey), ['Verified']);
  await context.close();
});

test('it prints on A4', async () => {
  const [ledger] = vectorSets();
  const { page, context } = await openVerifier('zh');
  await verdicts(page, [join(ledger.directory, 'release-pledge.proof')], ledger.vkey);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.isVisible('form'), false);
  assert.equal(await page.isVisible('.card .verdict'), true);
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  assert.ok(pdf.length > 10_000);
  await context.close();
});
