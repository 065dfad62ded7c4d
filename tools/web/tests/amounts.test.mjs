// Sums in yuan or in 万元, as the reader chooses: exact, kept in his browser, said where they stand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { assertWellMade } from './browser.mjs';
import { closeWorld, isAnswer, logIn, open, openFor, openWorld, settled, visit, world } from './visits.mjs';

before(openWorld);
after(closeWorld);

const said = (page) => page.textContent('main');

test('who chooses 万元 reads every sum in it, exactly, until he chooses otherwise', async () => {
  const opened = await open('views/subsidy_trace');
  const { page } = opened;
  assert.ok((await said(page)).includes('90,071,992,547,409.93'));
  await page.click('.top button:text-is("金额以万元显示")');
  const text = await said(page);
  assert.ok(text.includes('9,007,199,254.740993') && text.includes('0.10') && text.includes('（万元）'), text);
  assert.ok(!text.includes('90,071,992,547,409.93'));
  assert.ok(text.includes('导出文件中的金额仍以元'));
  const problems = opened.problems.filter((problem) => !isAnswer(problem));
  await assertWellMade({ page, problems }, 'page-wan', ['light']);
  await page.reload();
  await settled(page);
  assert.ok((await said(page)).includes('9,007,199,254.740993'));
  await page.click('.top button:text-is("English")');
  assert.ok((await said(page)).includes('(10k CNY)'));
  await page.click('.top button:text-is("Sums in yuan")');
  assert.ok((await said(page)).includes('90,071,992,547,409.93'));
  await opened.context.close();
});

test('an export stays in yuan', async () => {
  const { page, context } = await open('views/subsidy_trace');
  await page.click('.top button:text-is("金额以万元显示")');
  const click = page.click('a[download][href*="format=csv"]');
  const [download] = await Promise.all([page.waitForEvent('download'), click]);
  assert.ok(readFileSync(await download.path(), 'utf8').includes('90071992547409.93'));
  await context.close();
});

test('cards, entries and answers are in the chosen unit; what is signed is in yuan', async () => {
  const opened = await open('');
  await opened.page.click('.top button:text-is("金额以万元显示")');
  const { entries } = await (await fetch(`${world.served.url}/v1/entries?entity=award:A1&kind=SubsidyAwarded`)).json();
  const award = entries[0].index;
  await logIn(opened, 'bnk');
  await opened.page.waitForSelector('text=91330200MA2BNK027M');
  for (const [place, sum] of [
    ['bank', '0.7777'], ['bank', '授信（万元）'], ['pledge?number=ZL202311000001.1', '5.00 万元'],
    [`entries/${award}`, '0.10 万元'],
  ]) {
    await visit(opened, place);
    assert.ok((await said(opened.page)).includes(sum), `${place}: ${await said(opened.page)}`);
  }
  await opened.context.close();
  const plt = await openFor('plt');
  await plt.page.click('.top button:text-is("金额以万元显示")');
  await visit(plt, 'platform?year=2026');
  assert.ok((await plt.page.textContent('tfoot')).includes('0.315'));
  assert.ok((await plt.page.textContent('caption')).includes('万元'));
  assert.ok((await plt.page.textContent('dl.figures')).includes('0.315 万元'));
  await visit(plt, `record?correct=${award}`);
  assert.ok((await said(plt.page)).includes('单位：元'));
  await plt.context.close();
});
