// What readers do on the page of a served ledger, for the tests: open a place, log in, fill in a form, sign, leave what
// others must sign.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, settled } from './browser.mjs';
import { openServed } from './served.mjs';
import { settings } from './tools.mjs';

export { settled };

export const world = { browser: null, served: null };

export async function openWorld() {
  world.browser = await openBrowser();
  world.served = await openServed();
  return world;
}

export async function closeWorld() {
  await world.browser?.close();
  await world.served?.close();
}

// Refusals of the server that a page shows in words are told on the console by the browser itself.
export const isAnswer = (problem) => /^error: Failed to load resource: .* (400|401|403|404)/.test(problem);

export async function open(place, language = 'zh', options = {}) {
  const opened = await openPage(world.browser, options);
  await opened.context.addInitScript((chosen) => localStorage.setItem('pilotledger/language', chosen), language);
  await visit(opened, place);
  return opened;
}

export async function visit({ page }, place) {
  await page.goto(`${world.served.url}/#/${place}`);
  await settled(page);
}

export async function logIn(opened, key, passphrase = '') {
  await visit(opened, 'session');
  await opened.page.setInputFiles('#key-file', world.served.key(key));
  await opened.page.fill('#passphrase', passphrase);
  await opened.page.click('main button[type=submit]');
}

export async function fill(page, values) {
  for (const [id, value] of Object.entries(values)) {
    const isSelect = await page.$eval(`[id="${id}"]`, (element) => element.tagName === 'SELECT');
    await (isSelect ? page.selectOption(`[id="${id}"]`, value) : page.fill(`[id="${id}"]`, value));
  }
}

export async function fillInAward(page, award, more = {}) {
  await page.selectOption('#kind', 'SubsidyAwarded');
  await fill(page, {
    'h-legalDate': '2026-03-01', 'b-award': award, 'b-payee': '91330100MA2PLT015B', 'b-instrument': 'equipment',
    'b-amountFen': '1,234.50', ...more,
  });
  await page.click('main form button[type=submit]');
  await page.waitForSelector('article.card');
}

export async function sign(page, key) {
  const before = await page.$$eval('main p', (all) => all.filter((one) => one.textContent.includes('签名密钥')).length);
  await page.setInputFiles('#key-file', world.served.key(key));
  await page.click('main form button[type=submit]');
  const signed = (n) => [...document.querySelectorAll('main p')].filter((one) => one.textContent.includes('签名密钥')).length > n;
  await page.waitForFunction(signed, before);
}

export const kAuthorities = { trs: '11330000MB99010246', eit: '113300000024820075', plt: '91330100MA2PLT015B' };

export async function openFor(reader) {
  const opened = await open('');
  await logIn(opened, reader);
  await opened.page.waitForSelector(`text=${kAuthorities[reader]}`);
  return opened;
}

// Signed by the treasury and left for the others; the address of the item.
export async function leaveInInbox(opened, award) {
  const { page } = opened;
  await visit(opened, 'record');
  await fillInAward(page, award, { 'h-jurisdiction': '330000' });
  await sign(page, 'trs');
  await page.click('main button:text-is("提交")');
  await page.waitForSelector('.problem');
  await page.click('main button:text-is("转入待签事项")');
  await page.waitForSelector('main [role=status]:has-text("经信部门（浙江省）")');
  return (await page.getAttribute('main [role=status] a', 'href')).slice(2);
}

// A submission file that the command line signed.
export function signedFile(name, key, event) {
  const header = { legalDate: '2026-03-01', jurisdiction: '330000' };
  writeFileSync(join(world.served.directory, `${name}.json`), JSON.stringify({ ...header, ...event }));
  const args = ['sign', `${name}.json`, '--key', `keys/${key}.pem`, '-o', `${name}.sub`];
  execFileSync(join(settings.bin, 'pilotledger'), args, {
    cwd: world.served.directory, env: { ...process.env, PILOTLEDGER_DIR: 'ledger' }, stdio: 'ignore',
  });
  return readFileSync(join(world.served.directory, `${name}.sub`));
}
