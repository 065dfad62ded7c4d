// The page that `pilotledger serve` shows, on a ledger that is really served, in Debian's Chromium.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { assertWellMade, openPage } from './browser.mjs';
import { settings } from './tools.mjs';
import { kEvidence, kLongName, kMarkup, kPassphrase } from './served.mjs';
import {
  closeWorld, fill, fillInAward, isAnswer, kAuthorities, leaveInInbox, logIn, open, openFor, openWorld, settled, sign,
  signedFile, visit,
} from './visits.mjs';

const kPatent = 'ZL202311000001.1';
const kFirstLoadBytes = 60_000;
const kPages = {
  home: '',
  pledge: `pledge?number=${encodeURIComponent(`${kPatent}\nUS9219817\n不是号码`)}`,
  'pledge-past': `pledge?number=${kPatent}&as_of=20`,
  verify: 'verify',
  entries: 'entries',
  'entries-filtered': 'entries?kind=PartyRegistered&entity=party:x1:markup',
  entry: 'entries/3',
  entity: 'entities/award:A1',
  views: 'views',
  view: 'views/subsidy_trace',
  drill: 'views/subsidy_trace/drill/1',
  'view-past': 'views/subsidy_trace?as_of=2026-03-01',
  findings: 'findings?severity=L',
  session: 'session',
  inbox: 'inbox',
  bank: 'bank',
  'bank-concentration': 'bank/concentration',
  'bank-calendar': 'bank/calendar?days=365',
  'bank-watch': 'bank/watch',
  certificate: `certificate?number=${encodeURIComponent(`${kPatent}\nUS9219817\n不是号码`)}`,
  'certificate-past': `certificate?number=${kPatent}&as_of=20`,
  evidence: 'evidence',
  changes: 'changes?view=subsidy_trace&from=20',
  finding: 'finding?code=S13&subject=no-such-award&entries=3&finding=',
  platform: 'platform',
  'platform-due': 'platform/due?platform=P1',
  authority: 'authority',
  'authority-targets': 'authority/targets',
  'authority-acts': 'authority/acts',
  correct: 'record?correct=20',
  reverse: 'record?reverse=20',
  'record-from': `record?kind=AuditFindingRaised&fill=${encodeURIComponent(JSON.stringify({ body: { code: 'S01', text: kMarkup } }))}`,
  sheet: 'sheet',
  nowhere: 'no/such/page',
};

let browser;
let served;
before(async () => {
  ({ browser, served } = await openWorld());
});
after(closeWorld);

for (const language of ['zh', 'en']) {
  test(`every page is well made (${language})`, async () => {
    const opened = await open('', language);
    for (const [name, place] of Object.entries(kPages)) {
      await visit(opened, place);
      assert.equal(await opened.page.$eval('html', (html) => html.lang), language === 'zh' ? 'zh-CN' : 'en');
      opened.problems.splice(0, Infinity, ...opened.problems.filter((problem) => !isAnswer(problem)));
      await assertWellMade(opened, `page-${name}-${language}`, language === 'zh' ? ['light', 'dark'] : ['light']);
    }
    await opened.context.close();
  });
}

const kOfReaders = [
  'pledge', 'entity', 'findings', 'session', 'inbox', 'bank', 'bank-concentration', 'bank-calendar', 'certificate', 'evidence', 'changes', 'platform',
  'platform-due', 'authority', 'authority-targets', 'correct',
];
const kReaders = [
  ['bnk', '91330200MA2BNK027M'], ['aud', '91330100MA99A00146'], ['plt', '91330100MA2PLT015B'], ['eit', '113300000024820075'],
];
for (const [reader, party] of kReaders) {
  test(`pages are well made for ${reader}`, async () => {
    const opened = await open('');
    await logIn(opened, reader);
    await opened.page.waitForSelector(`text=${party}`);
    for (const place of kOfReaders) {
      await visit(opened, kPages[place]);
      opened.problems.splice(0, Infinity, ...opened.problems.filter((problem) => !isAnswer(problem)));
      await assertWellMade(opened, `page-${place}-${reader}`, ['light']);
    }
    await opened.context.close();
  });
}

test('the first load is small, all of it from here', async () => {
  const { requests, context } = await open('');
  assert.ok(requests.every((request) => request.url().startsWith(served.url) || request.url().startsWith('data:')));
  const index = await (await fetch(`${served.url}/`)).text();
  const wanted = [...index.matchAll(/page\/([\w.-]+)/g)].map((match) => match[1]);
  let bytes = index.length;
  for (const name of wanted) {
    const response = await fetch(`${served.url}/page/${name}`);
    const text = await response.text();
    bytes += Number(response.headers.get('content-length'));
    for (const [, part] of text.matchAll(/from"\.\/([\w.-]+)"/g)) if (!wanted.includes(part)) wanted.push(part);
  }
  assert.ok(bytes < kFirstLoadBytes, `${bytes} bytes`);
  await context.close();
});

test('text of a ledger is shown as text', async () => {
  const opened = await open('entities/party:x1:markup');
  assert.ok((await opened.page.textContent('main')).includes(kMarkup));
  for (const place of ['entries?kind=PartyRegistered', 'entities/party:x1:long', `pledge?number=${encodeURIComponent(kMarkup)}`]) {
    await visit(opened, place);
    assert.equal(await opened.page.$$eval('main script, main img', (found) => found.length), 0, place);
  }
  await visit(opened, 'entities/party:x1:long');
  assert.ok((await opened.page.textContent('main')).includes(kLongName));
  assert.deepEqual(opened.problems.filter((problem) => !isAnswer(problem)), []);
  await opened.context.close();
});

test('sums beyond 2^53 are exact', async () => {
  const { page, context } = await open('entities/award:BIG');
  await page.click('tbody a');
  await page.waitForSelector('text=90,071,992,547,409.93 CNY');
  await visit({ page }, 'views/subsidy_trace?award=BIG');
  assert.ok((await page.textContent('main')).includes('90,071,992,547,409.93'));
  await context.close();
});

test('who may see all asks, and keeps the proof', async () => {
  const opened = await open('');
  await logIn(opened, 'aud');
  const { page, context } = opened;
  await page.waitForSelector('text=91330100MA99A00146');
  await visit(opened, 'pledge');
  await page.fill('#numbers', `${kPatent}\nUS9219817`);
  await page.click('main form button[type=submit]');
  await page.waitForSelector('.answer.ACTIVE');
  await page.waitForSelector('.answer.UNKNOWN');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.card:has(.ACTIVE) .no-print button')]);
  const file = await download.path();
  assert.ok(readFileSync(file, 'utf8').startsWith('pilotledger/proof/v1\n'));
  await page.click('a[href="#/verify"]');
  await page.setInputFiles('#proof-files', file);
  await page.waitForSelector('.card.verified');
  assert.ok((await page.textContent('.card.verified')).includes('在押'));
  await context.close();
});

test('who may not have a proof is told so', async () => {
  const { page, context } = await open(`pledge?number=${kPatent}`);
  await page.click('.card .no-print button');
  await page.waitForSelector('.card .problem');
  await context.close();
});

test('filters and clocks stand in the address, and can be sent on', async () => {
  const { page, context } = await open('views/subsidy_trace');
  await page.fill('#p-award', 'A2');
  await page.click('main form.filters button[type=submit]');
  await page.waitForFunction(() => location.hash.includes('award=A2'));
  await settled(page);
  const here = page.url();
  const other = await openPage(browser);
  await other.page.goto(here);
  await settled(other.page);
  assert.equal(await other.page.inputValue('#p-award'), 'A2');
  assert.equal(await other.page.$$eval('tbody tr', (rows) => rows.length), await page.$$eval('tbody tr', (rows) => rows.length));
  await other.context.close();
  await context.close();
});

test('an export is the whole of it, as a file', async () => {
  const { page, context } = await open('views/subsidy_trace');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download][href*="format=csv"]')]);
  const csv = readFileSync(await download.path(), 'utf8');
  assert.ok(csv.startsWith('\ufeff') && csv.includes('A1'));
  await context.close();
});

// What a group of links of a dossier asks for: its address without the format, which differs.
async function dossierAsked(page) {
  const links = await page.$$eval('main .dossier a[download]', (all) => all.map((one) => [one.textContent, one.getAttribute('href')]));
  assert.deepEqual(links.map(([text]) => text), ['HTML', 'Excel', 'ZIP']);
  const asked = links.map(([, href]) => new URL(href, served.url));
  assert.deepEqual(asked.map(({ searchParams }) => searchParams.get('format')), ['html', 'xlsx', 'zip']);
  const { pathname, searchParams } = asked[0];
  return [decodeURIComponent(pathname), ...['as_of', 'on', 'lang'].map((name) => searchParams.get(name))];
}

test('a dossier is offered of what a page is about, by its clocks and in its language', async () => {
  const opened = await open('', 'en');
  const kOffered = [
    ['entities/award:A1', ['/v1/dossiers/award/A1', null, null, 'en']],
    ['entities/party:x1:long', ['/v1/dossiers/party/x1:long', null, null, 'en']],
    ['views/subsidy_trace/drill/1?as_of=30&on=2026-03-02', ['/v1/dossiers/award/A1', '30', '2026-03-02', 'en']],
    ['views/subsidy_trace?award=A2&as_of=2026-03-01', ['/v1/dossiers/award/A2', '2026-03-01', null, 'en']],
    ['platform?platform=P1', ['/v1/dossiers/platform/P1', null, null, 'en']],
    [`pledge?number=${kPatent}&as_of=40`, ['/v1/dossiers/patent/CN2023110000011', '40', null, 'en']],
  ];
  for (const [place, asked] of kOffered) {
    await visit(opened, place);
    assert.deepEqual(await dossierAsked(opened.page), asked, place);
  }
  for (const place of ['entries/3', 'views/subsidy_trace', 'pledge?number=US9219817']) {
    await visit(opened, place);
    assert.equal(await opened.page.$('main .dossier'), null, place);
  }
  await opened.context.close();
});

test('a dossier is a file', async () => {
  const { page, context } = await open('entities/award:A1');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('main .dossier a:text-is("HTML")')]);
  const html = readFileSync(await download.path(), 'utf8');
  assert.ok(html.includes('A1') && html.includes('<html lang="zh'), html.slice(0, 400));
  await context.close();
});

test('on paper a table keeps its heads, says of what ledger it is, and leaves out what is to be pressed', async () => {
  const opened = await open('views/subsidy_trace?award=A1&as_of=2026-03-01');
  const { page } = opened;
  await page.emulateMedia({ media: 'print' });
  const shown = (selector) => page.$$eval(selector, (all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent));
  assert.ok((await shown('main thead th')).includes('下达'));
  assert.ok((await shown('main thead th')).every((head) => head !== '' && head !== '明细'));
  assert.deepEqual(await shown('main button:not(.sort), main .button, main summary, header nav'), []);
  const text = await page.evaluate(() => document.querySelector('main').innerText);
  for (const said of ['条件：补助 A1；账本记至 2026-03-01', '公众', '支出 发票号码', 'story.example', '如何核对', served.url]) {
    assert.ok(text.includes(said), `${said}\n${text}`);
  }
  await visit(opened, 'platform/due?platform=P1');
  assert.ok((await shown('main .tabs a')).includes('待办事项'));
  await opened.context.close();
});

test('the record of an entity is in words, its sums with their currency', async () => {
  const opened = await open('');
  await logIn(opened, 'aud');
  await opened.page.waitForSelector('text=91330100MA99A00146');
  await visit(opened, 'entities/award:A1');
  const text = await opened.page.evaluate(() => document.querySelector('main').innerText);
  assert.ok(/下达\s+1,000\.00 CNY/.test(text) && text.includes('已下达') && !text.includes('awarded'), text);
  assert.ok((await opened.page.textContent('main tbody')).includes('1,000.00 CNY'));
  await opened.context.close();
});

test('a key logs in and is not sent', async () => {
  const opened = await open('session');
  await logIn(opened, 'aud-locked', 'wrong');
  await opened.page.waitForSelector('.problem');
  await logIn(opened, 'aud-locked', kPassphrase);
  await opened.page.waitForSelector('text=91330100MA99A00146');
  const secrets = [served.secretOf('aud'), served.secretOf('aud-locked')].map((text) => text.slice(20, 60));
  for (const request of opened.requests) {
    const sent = `${request.url()} ${request.postData() ?? ''} ${JSON.stringify(await request.allHeaders())}`;
    assert.ok(!secrets.some((secret) => sent.includes(secret)), request.url());
  }
  assert.equal(await opened.page.evaluate(() => JSON.stringify(localStorage).includes('PRIVATE')), false);
  await opened.page.click('main button');  // log out
  await opened.page.waitForSelector('#key-file', { state: 'attached' });
  await opened.context.close();
});

test('a browser notices whether the history goes on', async () => {
  const { page, context } = await open('');
  await page.waitForSelector('text=首次见到本账本');
  await page.reload();
  await page.waitForSelector('text=未变：仍为');
  const submission = readFileSync(join(served.directory, 'more.sub'));
  const recorded = await fetch(`${served.url}/v1/submissions`, {
    method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: submission,
  });
  assert.equal(recorded.status, 200, await recorded.text());
  await page.reload();
  await page.waitForSelector('text=一致：延续');
  await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith('pilotledger/checkpoint/'));
    const [size] = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify([String(BigInt(size) - 1n), btoa('\x01'.repeat(32))]));
  });
  await page.reload();
  await page.waitForSelector('strong.alert');
  await context.close();
});

// --- the bank

test('a bank sees its loans, what falls due, and prints an answer', async () => {
  const opened = await open('');
  await logIn(opened, 'bnk');
  const { page, context } = opened;
  await page.waitForSelector('text=91330200MA2BNK027M');
  await visit(opened, 'bank');
  const text = await page.textContent('main');
  assert.ok(text.includes('7,777.00'), text);
  await page.click('table a[href="#/entities/loan%3AL"]');  // from the figure to its record
  await page.waitForSelector('h1:has-text("贷款 L")');
  await visit(opened, 'bank/calendar?days=365');
  assert.ok((await page.textContent('main')).includes('2027-03-01'));
  await page.selectOption('#days', '30');
  await page.waitForFunction(() => location.hash.includes('days=30'));
  await visit(opened, `pledge?number=${kPatent}`);
  await page.click('.card summary');
  await page.waitForSelector('.card tbody tr:nth-child(3)');
  assert.ok((await page.textContent('.card tbody')).includes('质押登记'));
  await assertWellMade({ page, problems: opened.problems.filter((problem) => !isAnswer(problem)) }, 'page-time-line', ['light']);
  await visit(opened, `certificate?number=${kPatent}`);
  assert.equal(await page.$$eval('svg.qr path', (all) => all.length), 1);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.isVisible('main button'), false);
  assert.ok(await page.isVisible('.answer.stands'));
  assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
  await context.close();
});

test('a watch list says what was recorded since, and is kept here only', async () => {
  const opened = await open('bank/watch');
  const { page, context } = opened;
  await page.fill('#watch-numbers', `${kPatent}，US9219817\n${kMarkup}`);
  await page.click('main form button[type=submit]');
  await settled(page);
  assert.equal(await page.$$eval('tbody tr', (rows) => rows.length), 3);
  assert.ok((await page.textContent('main')).includes('没有新记录'));
  await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith('pilotledger/watch/'));
    localStorage.setItem(name, JSON.stringify(JSON.parse(localStorage.getItem(name)).map((one) => ({ ...one, seen: 5 }))));
  });
  await page.reload();
  await settled(page);
  assert.ok((await page.textContent('tbody tr')).includes('质押合同'));
  await assertWellMade({ page, problems: opened.problems.filter((problem) => !isAnswer(problem)) }, 'page-bank-watching');
  await page.click('text=全部标为已查看');
  await settled(page);
  assert.ok((await page.textContent('main')).includes('没有新记录'));
  assert.ok(opened.requests.every((request) => request.method() === 'GET'));
  await page.click('tbody tr button');
  assert.equal(await page.$$eval('tbody tr', (rows) => rows.length), 2);
  await context.close();
});

test('a picture of a code names an answer, or is a proof', async () => {
  const opened = await openPage(browser);
  // Debian's browser reads no codes: what one would find stands in for it.
  await opened.context.addInitScript(() => {
    globalThis.BarcodeDetector = class {
      detect() { return Promise.resolve([{ rawValue: globalThis.wouldBeScanned }]); }
    };
    globalThis.createImageBitmap = () => Promise.resolve({});
  });
  await visit(opened, 'verify');
  const { page } = opened;
  const scanned = async (text) => {
    await page.evaluate((value) => { globalThis.wouldBeScanned = value; }, text);
    await page.setInputFiles('#proof-files', { name: 'code.png', mimeType: 'image/png', buffer: Buffer.from('picture') });
  };
  await scanned(`pilotledger pledge\nstory.example\n${kMarkup}\nACTIVE\n20\nAAAA\n`);
  await page.waitForSelector('h2:has-text("答复二维码")');
  await scanned('pilotledger/proof/v1\nno more of it');
  await page.waitForSelector('.card.unreadable .verdict, .card.rejected .verdict');
  await page.click('text=查询该时点的答复');
  await page.waitForFunction(() => location.hash.includes('as_of=19'));
  await opened.context.close();
});

test('new entries come while somebody looks', async () => {
  const { page, context } = await open('entries');
  await page.check('#live');
  await page.waitForSelector('text=正在等待新条目');
  const submission = readFileSync(join(served.directory, 'dry.sub'));
  const followed = page.waitForSelector('section[aria-live] tbody tr');
  const sent = await fetch(`${served.url}/v1/submissions`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: submission });
  assert.equal(sent.status, 200, await sent.text());
  await followed;
  assert.ok((await page.textContent('section[aria-live]')).includes('B2'));
  await page.uncheck('#live');
  await context.close();
});

test('a table of more than a page is sorted whole', async () => {
  const { page, context } = await open('views/entries?limit=5');
  const last = async () => Number((await page.textContent('tbody tr a')).replace(/,/g, ''));
  const before = await last();
  await page.click('thead .sort >> nth=0');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 5);
  await page.click('thead .sort >> nth=0');
  await page.waitForSelector('th[aria-sort=descending]');
  assert.ok((await last()) > before + 5);
  await context.close();
});

// --- the auditor

test('an auditor follows a finding to its entries, holds files to it, and raises it', async () => {
  const opened = await open('');
  await logIn(opened, 'aud');
  const { page, context } = opened;
  await page.waitForSelector('text=91330100MA99A00146');
  await visit(opened, 'findings?subject=A2&state=auto');
  assert.equal(await page.inputValue('#subject'), 'A2');
  const codes = await page.$$eval('tbody tr', (rows) => rows.map((row) => row.cells[1].textContent));
  assert.ok(codes.includes('S09'), codes.join());
  await page.click('tbody tr:has(td:text-is("S09")) a[aria-label^="详情"]');
  await page.waitForSelector('h1:has-text("S09")');
  await settled(page);
  assert.equal(await page.$$eval('.beside .card', (cards) => cards.length) > 0, true);
  await page.setInputFiles('#evidence-files', [
    { name: 'anything.pdf', mimeType: 'application/pdf', buffer: Buffer.from(kEvidence) },
    { name: 'invoice-2.pdf', mimeType: 'application/pdf', buffer: Buffer.from('changed') },
    { name: `${kMarkup}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from('of nobody') },
  ]);
  await page.waitForFunction(() => document.querySelectorAll('[aria-label^="核对结果"] tbody tr').length === 3);
  const verdicts = await page.$$eval('[aria-label^="核对结果"] tbody tr', (rows) => rows.map((row) => row.cells[1].textContent));
  assert.ok(verdicts[0].startsWith('与账本一致') && verdicts[1].startsWith('名称相同') && verdicts[2].startsWith('账本未载'), verdicts.join());
  assert.ok(opened.requests.every((request) => !(request.postData() ?? '').includes(kEvidence)));
  await assertWellMade({ page, problems: opened.problems.filter((problem) => !isAnswer(problem)) }, 'page-finding-aud');
  await page.click('text=提出该问题');
  await page.waitForSelector('#b-code');
  assert.deepEqual([await page.inputValue('#b-code'), await page.inputValue('#b-award')], ['S09', 'A2']);
  await fill(page, { 'h-legalDate': '2026-03-01', 'b-finding': 'SJ-1', 'b-legalBasis': '专项资金管理办法第八条', 'b-dueOn': '2026-06-01' });
  await page.click('main form button[type=submit]');
  await page.waitForSelector('article.card');
  await sign(page, 'aud');
  await page.click('main button:text-is("提交")');
  await page.waitForSelector('main ul[role=status] a');
  await visit(opened, 'findings?state=raised');
  assert.ok((await page.textContent('tbody')).includes('A2'));
  await visit(opened, 'platform/due?platform=P1');
  await context.close();
});

test('what changed between two positions is shown with the entries that did it', async () => {
  const { page, context } = await open('changes');
  await page.fill('#from', '20');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('tbody tr');
  assert.ok((await page.textContent('tbody')).includes('新增'));
  assert.ok((await page.$$('tbody a[href^="#/entries/"]')).length > 0);
  await page.fill('#from', '99999');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('.problem');
  await context.close();
});

// --- the platform and the authority

test('a platform sees what it earned, each figure with its receipts', async () => {
  const opened = await open('');
  await logIn(opened, 'plt');
  const { page, context } = opened;
  await page.waitForSelector('text=91330100MA2PLT015B');
  await visit(opened, 'platform?year=2026');
  assert.equal(await page.inputValue('#platform'), 'P1');
  assert.ok((await page.textContent('tfoot')).includes('3,150.00'));
  await page.click('tbody a[href^="#/views/receipts"]');
  await page.waitForSelector('tbody tr:nth-child(2)');
  assert.ok((await page.textContent('tbody')).includes('1,050.00'));
  await visit(opened, 'platform/due?platform=P1');
  assert.equal(await page.$('.problem'), null);
  await context.close();
});

test('an authority finds platforms by tier, city and sector, and a form in one click', async () => {
  const { page, context } = await open('authority');
  assert.ok((await page.textContent('main')).includes('测试中试平台'));
  await page.click('text=办理');
  await page.click('.acts a:has-text("补助下达")');
  await page.waitForSelector('#b-award');
  await page.fill('#b-payee', '中试公司');
  await page.click('#b-award');
  await page.waitForFunction(() => document.getElementById('b-payee').value === '91330100MA2PLT015B');  // found by its name
  assert.ok((await page.textContent('#b-payee-name')).includes('中试公司'));
  await context.close();
});

test('an entry is corrected and reversed, with what differs and why', async () => {
  const { page, context } = await open('entities/award:C1');
  const index = await page.textContent('tbody tr a');
  await visit({ page }, `record?correct=${index}`);
  await page.fill('#reason', '金额录入有误');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('.problem');  // nothing was changed
  await page.fill('#b-amountFen', '3,001.00');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('ins');
  assert.deepEqual([await page.textContent('del'), await page.textContent('ins')], ['3,000.00 CNY', '3,001.00 CNY']);
  await sign(page, 'trs');
  await sign(page, 'eit');
  await page.click('main button:text-is("提交")');
  await page.waitForSelector('main ul[role=status] li:nth-child(2) a, .problem');
  assert.equal(await page.$eval('main', (main) => main.querySelector('.problem')?.textContent ?? ''), '');
  await visit({ page }, `record?reverse=${index}`);
  await page.fill('#reason', '再次收回');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('h2:has-text("被收回的条目")');
  await sign(page, 'trs');
  await sign(page, 'eit');
  await page.click('text=预检（不记录）');
  await page.waitForSelector('.problem');  // it has been taken back already
  await context.close();
});

test('who may not see all of an entry cannot correct it', async () => {
  const { page, context } = await open('entries?kind=LoanGranted');
  await visit({ page }, `record?correct=${await page.textContent('tbody tr a')}`);
  await page.waitForSelector('.withheld');
  assert.equal(await page.$('main form'), null);
  await context.close();
});

test('what is due for a platform stands by its day, overdue said', async () => {
  const opened = await open('');
  const { page } = opened;
  const answering = (path, more) => page.route(`**/v1/${path}*`, async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, rows: [...answer.rows, ...more] } });
  });
  const award = (name, more) => ({ award: name, platform: 'P1', currency: 'CNY', balance: '100', acceptance: null, ...more });
  const awards = [
    award('LATER', { acceptance_due: '2099-01-01' }), award('LATE'), award('NO-DAY'),
    award('DONE', { acceptance: 'PASSED' }), award('AGAIN', { acceptance: 'FAILED', acceptance_due: '2098-01-01' }),
  ];
  await answering('views/subsidy_trace', awards);
  await answering('findings', [{ code: 'S22', subject: 'LATE', limit: '2025-12-31' }]);
  await visit(opened, 'platform/due?platform=P1');
  const rows = await page.$$eval('main tbody tr', (all) => all.map((row) => [row.cells[0].textContent, row.cells[2].textContent]));
  assert.deepEqual(rows, [
    ['2025-12-31　已逾期', 'LATE'], ['2098-01-01', 'AGAIN'], ['2099-01-01', 'LATER'], ['未定', 'NO-DAY'],
  ]);
  assert.equal(await page.$('#year'), null);
  await opened.context.close();
});

// --- spreadsheets

const kTable = [
  '省级专项资金下达表,,,,', '补助编号*,承担单位*,政策工具*,补助金额,法定日期*,备注',
  'T-1,中试公司,equipment,12万元,2026/3/1,一',
  `T-2,查无此公司,equipment,"1,200.50",2026年3月1日,${'"' + kMarkup.replace(/"/g, '""') + '"'}`,
  'T-3,91330100MA2PLT015B,equipment,十二万,2026-03-01,=1+1', '合计,,,12.12,,', '',
].join('\r\n');

const csvFile = (text) => ({ name: '下达表.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

async function verdicts(page) {
  await page.waitForSelector('td.verdict');
  return page.$$eval('td.verdict', (cells) => cells.map((cell) => cell.textContent));
}

test('a table is read, corrected in place, signed and recorded once', async () => {
  const opened = await open('sheet?kind=SubsidyAwarded');
  const { page, context } = opened;
  await page.setInputFiles('#table-file', csvFile(kTable));
  const said = await verdicts(page);
  assert.deepEqual([said[0], said[3]], ['可记录', '忽略']);
  assert.ok(said[1].startsWith('承担单位') && said[2].startsWith('补助金额'), said.join('|'));
  assert.ok((await page.textContent('main')).includes('将不记录：备注'));
  assert.equal(await page.inputValue('input[aria-label="第 3 行，承担单位*"]'), '91330100MA2PLT015B');  // found by its name
  await assertWellMade(opened, 'page-sheet-preview');
  const change = async (line, head, text) => {
    await page.fill(`input[aria-label="第 ${line} 行，${head}"]`, text);
    await page.press(`input[aria-label="第 ${line} 行，${head}"]`, 'Enter');
  };
  await change(4, '承担单位*', '91330100MA2PLT015B');
  await change(5, '补助金额', '￥120,000');
  await page.waitForFunction(() => [...document.querySelectorAll('td.verdict')].filter((cell) => cell.textContent === '可记录').length === 3);
  const record = async () => {
    await page.click('main button:has-text("核对并签名")');
    await page.waitForSelector('article.card');
    assert.ok((await page.textContent('main')).includes('1,200.50 CNY'));
    await sign(page, 'trs');
    await sign(page, 'eit');
    await page.click('main button:text-is("提交")');
    await page.waitForSelector('main ul[role=status] li:nth-child(3) a');
    return page.textContent('main ul[role=status]');
  };
  assert.ok((await record()).includes('已记录，序号'));
  await page.click('text=返回表格');
  assert.ok((await record()).includes('此前已记录'));
  await context.close();
});

function workbook(change) {
  const parts = unzipSync(readFileSync(join(served.directory, 'form.xlsx')));
  const name = 'xl/worksheets/sheet1.xml';
  return Buffer.from(zipSync({ ...parts, [name]: strToU8(change(strFromU8(parts[name]))) }));
}

const inline = (cell, text) => `<c r="${cell}" t="inlineStr"><is><t>${text}</t></is></c>`;

test("the command line's workbook is read, and what is wrong with a workbook is said", async () => {
  execFileSync(join(settings.bin, 'pilotledger'), ['--lang', 'zh', 'template', 'SubsidyAwarded', '--format', 'xlsx', '-o', 'form.xlsx'], { cwd: served.directory });
  const { page, context } = await open('sheet?kind=RevenueReceived');
  const file = (buffer) => ({ name: 'form.xlsx', mimeType: 'application/octet-stream', buffer });
  const row = [inline('A2', '2026-03-01'), inline('C2', 'X-1'), inline('D2', '91330100MA2PLT015B'), inline('F2', 'equipment'), '<c r="H2"><v>1200.5</v></c>'];
  const filled = (cells) => workbook((xml) => xml.replace('</sheetData>', `<row r="2">${cells.join('')}</row></sheetData>`));
  await page.setInputFiles('#table-file', file(filled(row)));
  assert.deepEqual(await verdicts(page), ['可记录']);
  assert.equal(await page.inputValue('#kind'), 'SubsidyAwarded');  // the workbook says of which kind it is
  await page.setInputFiles('#table-file', file(filled([...row.slice(0, 4), '<c r="H2"><f>A1*2</f></c>'])));
  await page.waitForSelector('text=公式没有计算结果');
  for (const [buffer, wanted] of [
    [workbook((xml) => xml.replace('<worksheet', '<!DOCTYPE x [<!ENTITY e "e">]><worksheet')), 'DOCTYPE'],
    [Buffer.from('PK\x03\x04 no workbook'), '不是 .xlsx 工作簿'],
  ]) {
    await page.setInputFiles('#table-file', file(buffer));
    await page.waitForSelector(`.problem:has-text("${wanted}")`);
  }
  writeFileSync(join(served.directory, 'large.xlsx'), Buffer.alloc(21 << 20, 'PK'));
  await page.setInputFiles('#table-file', join(served.directory, 'large.xlsx'));
  await page.waitForSelector('.problem:has-text("超过 20 MiB")');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=下载 xlsx 模板')]);
  await page.setInputFiles('#table-file', await download.path());
  await page.waitForSelector('.problem:has-text("没有填写任何行")');
  const form = join(served.directory, 'own.xlsx');
  await download.saveAs(form);
  assert.throws(() => execFileSync(join(settings.bin, 'pilotledger'), ['--lang', 'en', '--ledger', 'ledger', 'record', form, '--key', 'keys/trs.pem', '--dry-run'], { cwd: served.directory, stdio: 'pipe' }), /no row is filled in/);
  await context.close();
});

// A workbook of one sheet, of nothing but text.
function plainBook(rows, merges) {
  const cell = (line, i, text) => (text === '' ? '' : inline(`${'ABCDEF'[i]}${line}`, text));
  const cells = (line, texts) => texts.map((text, i) => cell(line, i, text)).join('');
  const data = rows.map((texts, i) => `<row r="${i + 1}">${cells(i + 1, texts)}</row>`).join('');
  const merged = merges.map((range) => `<mergeCell ref="${range}"/>`).join('');
  const parts = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml':
      `<worksheet><sheetData>${data}</sheetData><mergeCells>${merged}</mergeCells></worksheet>`,
  };
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)]))));
}

test('merged heads are filled in, also in groups; merged values are refused', async () => {
  const { page, context } = await open('sheet?kind=RevenueReceived');
  const rows = [
    ['收入明细表'], ['法定日期', '平台编号', '收入类型', '含税金额', '发票'], ['', '', '', '', '发票号码', '税额'],
    ['2026-03-01', 'P1', 'SERVICE', '1060', '25332000000012340001', '60'],
    ['2026-03-02', 'P1', 'SERVICE', '2120', '25332000000012340002', '120'],
    ['', 'P1', 'SERVICE', '3180', '25332000000012340003', '180'],
  ];
  const merges = ['A1:F1', 'A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:F2', 'A5:A6'];
  const buffer = plainBook(rows, merges);
  await page.setInputFiles('#table-file', { name: '收入.xlsx', mimeType: 'application/octet-stream', buffer });
  const said = await verdicts(page);
  assert.deepEqual(said.slice(0, 2), ['可记录', '可记录']);
  assert.ok(said[2].includes('与其他单元格合并'), said[2]);
  const heads = await page.$$eval('table.cells thead th, .cells th', (all) => all.map((one) => one.textContent));
  assert.ok(heads.includes('发票.税额') && heads.includes('发票.发票号码'), heads.join());
  await page.fill('input[aria-label="第 6 行，法定日期"]', '2026-03-02');
  await page.press('input[aria-label="第 6 行，法定日期"]', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('td.verdict').length === 3
    && [...document.querySelectorAll('td.verdict')].every((cell) => cell.textContent === '可记录'));
  const twice = plainBook([['法定日期', '平台编号', '收入类型', '含税金额', '含税金额'], ['2026-03-01', 'P1', 'SERVICE', '1', '2']], []);
  await page.setInputFiles('#table-file', { name: '两列.xlsx', mimeType: 'application/octet-stream', buffer: twice });
  await page.waitForSelector('td.verdict:has-text("表头相同")');
  await context.close();
});

// --- recording

test('an event is filled in, looked at, signed by two, checked and recorded', async () => {
  const opened = await open('record');
  const { page } = opened;
  await page.selectOption('#kind', 'SubsidyAwarded');
  await assertWellMade(opened, 'page-record-form');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('.problem');  // required fields are empty
  await fillInAward(page, 'W-1');
  assert.ok((await page.textContent('article.card')).includes('1,234.50 CNY'));
  await sign(page, 'trs');
  await page.click('text=预检（不记录）');
  await page.waitForSelector('.problem');  // one signature is not enough
  await sign(page, 'eit');
  await assertWellMade({ page, problems: opened.problems.filter((problem) => !isAnswer(problem)) }, 'page-record-signed');
  await page.click('text=预检（不记录）');
  await page.waitForSelector('.good');
  await page.click('main button:text-is("提交")');
  await page.click('main ul[role=status] a');
  await page.waitForSelector('h2:has-text("补助")');
  assert.ok((await page.textContent('main')).includes('1,234.50'));
  const secret = served.secretOf('trs').slice(20, 60);
  assert.ok(opened.requests.every((request) => !`${request.url()}${request.postData() ?? ''}`.includes(secret)));
  await opened.context.close();
});

test('a submission goes from hand to hand', async () => {
  const { page, context } = await open('record');
  await fillInAward(page, 'W-2');
  await sign(page, 'trs');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]')]);
  const file = join(served.directory, 'signed.plsub');
  await download.saveAs(file);
  await context.close();
  const other = await open('record');
  await other.page.click('summary');
  await other.page.setInputFiles('#submission', file);
  await other.page.waitForSelector('article.card');
  await sign(other.page, 'eit');
  await other.page.click('main button:text-is("提交")');
  await other.page.waitForSelector('main ul[role=status] a');
  await other.context.close();
});

// --- the inbox

const menu = (page) => page.textContent('.top nav');

test('one authority leaves a submission, the other looks at its bytes, signs it, and it is recorded', async () => {
  const trs = await openFor('trs');
  const place = await leaveInInbox(trs, 'I-1');
  await visit(trs, place);
  assert.equal(await trs.page.$('#key-file'), null);  // it waits for another
  const eit = await openFor('eit');
  const { page } = eit;
  await page.waitForSelector('.top a:text-is("待签事项（1）")');
  await visit(eit, 'authority');
  assert.ok((await page.textContent('main')).includes('财政厅提交'));
  await visit(eit, 'inbox');
  assert.deepEqual(await page.$$eval('main tbody tr td:nth-child(2)', (cells) => cells.map((cell) => cell.textContent)), ['财政厅']);
  await assertWellMade(eit, 'page-inbox-list');
  await page.click('main tbody a');
  await page.waitForSelector('article.card');
  assert.ok((await page.textContent('article.card')).includes('1,234.50 CNY'));
  await assertWellMade(eit, 'page-inbox-item');
  await page.click('.top button:text-is("English")');
  await page.waitForSelector('main dt:text-is("Must still sign")');
  await assertWellMade(eit, 'page-inbox-item-en', ['light']);
  await page.click('.top button:text-is("中文")');
  await page.setInputFiles('#key-file', served.key('plt'));
  await page.click('main button:text-is("签署")');
  await page.waitForSelector('.problem');  // nobody asked for that signature
  await page.setInputFiles('#key-file', served.key('eit'));
  await page.click('main button:text-is("签署")');
  await page.waitForSelector('main ul[role=status] a');
  await page.waitForSelector('.top a:text-is("待签事项")');
  assert.equal(await page.$('article.card'), null);  // the bytes are gone from the inbox
  await page.click('main ul[role=status] a');
  await page.waitForSelector('h2:has-text("补助")');
  assert.ok((await page.textContent('main')).includes('I-1'));
  const secret = served.secretOf('eit').slice(20, 60);
  assert.ok(eit.requests.every((request) => !`${request.url()}${request.postData() ?? ''}`.includes(secret)));
  await visit(trs, 'inbox');
  assert.ok((await trs.page.textContent('main')).includes('已办结'));
  assert.equal(await trs.page.$$eval('main tbody a[href^="#/entries/"]', (links) => links.length), 1);
  await trs.context.close();
  await eit.context.close();
});

test('what is left in the inbox is declined with a reason, and withdrawn', async () => {
  const trs = await openFor('trs');
  const place = await leaveInInbox(trs, 'I-2');
  const eit = await openFor('eit');
  await visit(eit, place);
  await eit.page.click('summary:text-is("拒签")');
  await eit.page.click('main details button');
  assert.equal(await eit.page.$('.good'), null);  // not without a reason
  await eit.page.fill('#decline-reason', kMarkup);
  await eit.page.click('main details button');
  await eit.page.waitForSelector('.good:has-text("已拒签")');
  assert.equal(await eit.page.$('#key-file'), null);
  await visit(trs, place);
  assert.ok((await trs.page.textContent('main')).includes(kMarkup));
  await trs.page.click('summary:text-is("撤回")');
  await trs.page.click('main details button');
  await trs.page.waitForSelector('.good:has-text("已撤回")');
  assert.equal(await trs.page.$('article.card'), null);
  await eit.context.close();
  await trs.context.close();
});

test('an inbox is for those concerned, and shows no bytes but those it was asked for', async () => {
  const event = { kind: 'PlatformEstablished', jurisdiction: '330100', body: {
    platform: 'P-9', name: '待签平台', legalEntity: kAuthorities.plt, constructionType: 'THIRD_PARTY', sectors: ['ROBOTICS'],
    areaType: 'HIGH_TECH_ZONE', division: '330100' } };
  const posted = await fetch(`${served.url}/v1/pending`, {
    method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: signedFile('for-platform', 'eit', event),
  });
  const { id } = await posted.json();
  assert.equal(posted.status, 200);
  const anyone = await open(`inbox/${id}`);
  assert.ok((await anyone.page.textContent('main')).includes('请先登录'));
  assert.ok(!(await menu(anyone.page)).includes('待签事项'));
  await anyone.context.close();
  const trs = await openFor('trs');
  await visit(trs, `inbox/${id}`);
  await trs.page.waitForSelector('.problem');
  await trs.context.close();
  const plt = await openFor('plt');
  await visit(plt, 'platform/due?platform=P1');
  await plt.page.click(`main a[href="#/inbox/${id}"]`);
  await plt.page.waitForSelector('article.card:has-text("待签平台")');
  assert.ok((await plt.page.textContent('main dl')).includes('中试平台：中试公司'));
  await plt.page.route(`**/v1/pending/${id}`, async (route) => {
    const answer = await (await route.fetch()).json();
    await route.fulfill({ json: { ...answer, lacking: [], refusal: { error: 'Refused', message: 'taken', messageZh: `平台${kMarkup}已存在` } } });
  });
  await plt.page.reload();  // all have signed, and the ledger refused it
  await plt.page.waitForSelector('.problem:has-text("账本不予记录")');
  assert.ok((await plt.page.textContent('.problem')).includes(kMarkup));
  const other = signedFile('of-another', 'eit', { ...event, body: { ...event.body, platform: 'P-8' } });
  await plt.page.route('**/v1/pending/*/file', (route) => route.fulfill({ body: other, contentType: 'application/octet-stream' }));
  await plt.page.reload();
  await plt.page.waitForSelector('.problem:has-text("不是所查的提交")');
  assert.equal(await plt.page.$('#key-file'), null);
  await plt.context.close();
});
