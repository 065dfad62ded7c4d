// Evidence files on the page of a served ledger: got, put, and held to their hash on the way.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { assertWellMade } from './browser.mjs';
import { kEvidence, kMarkup } from './served.mjs';
import { closeWorld, isAnswer, kAuthorities, open, openFor, openWorld, signedFile, visit, world } from './visits.mjs';

before(openWorld);
after(closeWorld);

const hashOf = (text) => createHash('sha256').update(text).digest('hex');
const file = (text, name = 'invoice.pdf') => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(text) });
const puts = (opened) => opened.requests.filter((request) => request.method() === 'PUT');

async function entryWithEvidence({ page }) {
  const answer = await (await fetch(`${world.served.url}/v1/views/evidence`)).json();
  const row = answer.rows.find((one) => one.hash === hashOf(kEvidence));
  await visit({ page }, `entries/${row.entry_index}`);
  await page.waitForSelector('h2:has-text("存证文件")');
}

async function got(page, within = '') {
  const click = page.click(`${within}button:text-is("取文件")`);
  return (await Promise.all([page.waitForEvent('download'), click]))[0];
}

async function drop(page, text) {
  await page.click('summary:has-text("核对或存放文件")');
  await page.setInputFiles('#evidence-files', file(text));
  await page.waitForSelector('[aria-label^="核对结果"] tbody tr');
}

test('who signed an entry puts its file, who sees the entry gets it, both held to its hash', async () => {
  const plt = await openFor('plt');
  await entryWithEvidence(plt);
  await plt.page.click('button:text-is("取文件")');
  await plt.page.waitForSelector('.problem');  // nobody has put it yet
  await drop(plt.page, 'another file');
  assert.equal(await plt.page.$('button:text-is("存放到账本服务器")'), null);
  await plt.page.setInputFiles('#evidence-files', file(kEvidence));
  await plt.page.click('button:text-is("存放到账本服务器")');
  await plt.page.waitForSelector('.good:text-is("已存放。")');
  assert.deepEqual(puts(plt).map((request) => request.postData()), [kEvidence]);
  const problems = plt.problems.filter((problem) => !isAnswer(problem));
  await assertWellMade({ page: plt.page, problems }, 'page-entry-files');
  await plt.context.close();
  const anyone = await open('');
  await entryWithEvidence(anyone);
  const download = await got(anyone.page);
  assert.equal(download.suggestedFilename(), 'invoice-2.pdf');
  assert.equal(readFileSync(await download.path(), 'utf8'), kEvidence);
  await anyone.page.waitForSelector('.good:has-text("与账本哈希一致")');
  await drop(anyone.page, kEvidence);
  assert.equal(await anyone.page.$('button:text-is("存放到账本服务器")'), null);  // he signed nothing
  await anyone.context.close();
});

test('what comes with another hash is told and not kept', async () => {
  const { page, context } = await open('');
  await entryWithEvidence({ page });
  const other = { body: `${kEvidence} `, contentType: 'application/pdf' };
  await page.route('**/v1/evidence/*', (route) => route.fulfill(other));
  let kept = false;
  page.on('download', () => { kept = true; });
  await page.click('button:text-is("取文件")');
  await page.waitForSelector('.alert:has-text("与账本哈希不符")');
  assert.equal(kept, false);
  await context.close();
});

test('a file that was changed since it was checked is not sent', async () => {
  const plt = await openFor('plt');
  await entryWithEvidence(plt);
  await drop(plt.page, kEvidence);
  await plt.page.waitForSelector('button:text-is("存放到账本服务器")');
  await plt.page.evaluate(() => {
    Blob.prototype.arrayBuffer = async () => new TextEncoder().encode('changed on disk').buffer;
  });
  await plt.page.click('button:text-is("存放到账本服务器")');
  await plt.page.waitForSelector('.problem:has-text("已被改动")');
  assert.deepEqual(puts(plt), []);
  await plt.context.close();
});

test('files of what waits for a signature are put and got from the inbox', async () => {
  const text = '待签合同';
  const evidence = [{ kind: 'CONTRACT', hash: hashOf(text), title: kMarkup }];
  const body = {
    platform: 'P-7', name: '待签平台', legalEntity: kAuthorities.plt, constructionType: 'THIRD_PARTY',
    sectors: ['ROBOTICS'], areaType: 'HIGH_TECH_ZONE', division: '330100',
  };
  const file = signedFile('with-file', 'eit', { kind: 'PlatformEstablished', jurisdiction: '330100', evidence, body });
  const headers = { 'Content-Type': 'application/octet-stream' };
  const posted = await fetch(`${world.served.url}/v1/pending`, { method: 'POST', headers, body: file });
  const { id } = await posted.json();
  assert.equal(posted.status, 200);
  const eit = await openFor('eit');
  await visit(eit, `inbox/${id}`);
  await drop(eit.page, text);
  await eit.page.click('button:text-is("存放到账本服务器")');
  await eit.page.waitForSelector('.good:text-is("已存放。")');
  await eit.context.close();
  const plt = await openFor('plt');
  await visit(plt, `inbox/${id}`);
  const download = await got(plt.page);
  assert.equal(readFileSync(await download.path(), 'utf8'), text);
  assert.ok((await plt.page.textContent('main')).includes(kMarkup));
  assert.equal(await plt.page.$$eval('main script, main img', (found) => found.length), 0);
  await plt.context.close();
});

test('the list of evidence gives its files', async () => {
  const { page, context } = await open('evidence');
  const download = await got(page, 'tbody tr:has-text("发票二") ');
  assert.equal(readFileSync(await download.path(), 'utf8'), kEvidence);
  await context.close();
});
