// The inbox while the page lies open: what comes in is told, a page that was left asks no more; and what its items say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertWellMade } from './browser.mjs';
import { kMarkup } from './served.mjs';
import {
  closeWorld, isAnswer, kAuthorities, leaveInInbox, open, openFor, openWorld, settled, signedFile, visit, world,
} from './visits.mjs';

before(openWorld);
after(closeWorld);

const kMinuteMs = 60_000;
const asked = ({ requests }) => requests.filter((request) => request.url().endsWith('/v1/pending')).length;

// A page whose clock the test moves on.
async function openWithClock(reader) {
  const opened = await open('');
  await opened.page.clock.install();
  await opened.page.reload();
  await settled(opened.page);
  await opened.page.click('.top a[href="#/session"]');
  await opened.page.setInputFiles('#key-file', world.served.key(reader));
  await opened.page.click('main button[type=submit]');
  await opened.page.waitForSelector(`text=${kAuthorities[reader]}`);
  return opened;
}

test('what comes in while the page lies open is told, in the page, its menu and its title', async () => {
  const eit = await openWithClock('eit');
  const { page } = eit;
  await visit(eit, 'authority');
  const trs = await openFor('trs');
  await leaveInInbox(trs, 'N-1');
  assert.equal(await page.textContent('.arrived'), '');
  await page.clock.fastForward(2 * kMinuteMs);
  await page.waitForSelector('.arrived a:text-is("新到待签事项 1 项，点击查看")');
  assert.equal(await page.title(), '（1）中试账本');
  await page.waitForSelector('.top a:text-is("待签事项（1）")');
  assert.ok((await page.textContent('main')).includes('财政厅提交'));
  const problems = eit.problems.filter((problem) => !isAnswer(problem));
  await assertWellMade({ page, problems }, 'page-arrived', ['light', 'dark']);
  await page.click('.arrived a');
  await page.waitForSelector('main tbody tr:nth-child(1)');
  await visit(trs, '');
  await leaveInInbox(trs, 'N-2');
  await page.clock.fastForward(2 * kMinuteMs);
  await page.waitForSelector('main tbody tr:nth-child(2)');  // the open list has it too
  await page.click('.top a[href="#/authority"]');
  await page.waitForFunction(() => document.querySelector('.arrived').textContent === '');
  await eit.context.close();
  await trs.context.close();
});

test('a page that its reader left asks no more, so that his session can end; it asks when he is back', async () => {
  const eit = await openWithClock('eit');
  for (let minute = 0; minute < 12; ++minute) await eit.page.clock.fastForward(kMinuteMs);
  await settled(eit.page);
  const before = asked(eit);
  for (let minute = 0; minute < 5; ++minute) await eit.page.clock.fastForward(kMinuteMs);
  await settled(eit.page);
  assert.equal(asked(eit), before);
  const back = eit.page.waitForRequest((request) => request.url().endsWith('/v1/pending'));
  await eit.page.keyboard.press('Tab');
  await back;
  await eit.context.close();
});

test('nobody is asked for when nobody is logged in', async () => {
  const opened = await open('');
  await opened.page.clock.install();
  await opened.page.reload();
  await settled(opened.page);
  const before = opened.requests.length;
  await opened.page.clock.fastForward(3 * kMinuteMs);
  await settled(opened.page);
  assert.equal(opened.requests.length, before);
  await opened.context.close();
});

test('the list says in a line what an item says, from its bytes; bytes of another item are told', async () => {
  const event = { kind: 'PlatformEstablished', jurisdiction: '330100', body: {
    platform: 'P-L', name: kMarkup, legalEntity: kAuthorities.plt, constructionType: 'THIRD_PARTY',
    sectors: ['ROBOTICS'], areaType: 'HIGH_TECH_ZONE', division: '330100' } };
  const headers = { 'Content-Type': 'application/octet-stream' };
  const body = signedFile('line', 'eit', event);
  const posted = await fetch(`${world.served.url}/v1/pending`, { method: 'POST', headers, body });
  assert.equal(posted.status, 200);
  const plt = await openFor('plt');
  await visit(plt, 'inbox');
  const row = 'main tbody tr:has-text("平台创建")';
  await plt.page.waitForSelector(`${row} .hint`);
  const line = await plt.page.textContent(`${row} .hint`);
  assert.ok(line.startsWith('P-L') && line.includes('<script>') && line.includes('中试公司'), line);
  assert.equal(await plt.page.$$eval('main script, main img', (found) => found.length), 0);
  const other = signedFile('line-2', 'eit', { ...event, body: { ...event.body, platform: 'P-M' } });
  await plt.page.route('**/v1/pending/*/file', (route) => route.fulfill({ body: other, headers }));
  await plt.page.reload();
  await plt.page.waitForSelector(`${row} .alert:has-text("请勿签署")`);
  await plt.context.close();
});
