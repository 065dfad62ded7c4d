// Debian's Chromium on the page's files, with what every page must hold to: nothing on the console, no report of the
// content policy, no scrolling sideways at 1280 and 375 px, axe without violations in both languages, light and dark.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env.PILOTLEDGER_SCREENSHOTS;  // a directory, when somebody wants to look

export async function openBrowser() {
  // As root, as in a container, Chromium has no sandbox of its own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

const kPatienceMs = 60_000;  // a machine may have other work
const kLookMs = 40;
const kCalmLooks = 3;
const underWay = new WeakMap();  // requests, by page

// Resolves when the page has drawn what it was asked for: it says it is working on nothing, no request is under way, and
// it stays as it is for a while. Counted here, for the page's own clock may be the test's.
export async function settled(page) {
  await page.waitForSelector('main h1, main .card');
  const end = Date.now() + kPatienceMs;
  let before = null;
  for (let calm = 0; calm < kCalmLooks;) {
    assert.ok(Date.now() < end, `${page.url()} goes on working, ${underWay.get(page).size} requests under way`);
    await sleep(kLookMs);
    const shown = await page.evaluate(() => (document.querySelector('[data-working]') ? null : document.body.textContent));
    calm = shown !== null && shown === before && underWay.get(page).size === 0 ? calm + 1 : 0;
    before = shown;
  }
}

// A page that notes what went wrong on it.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(kPatienceMs);
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  const open = new Set();
  underWay.set(page, open);
  page.on('request', (request) => { requests.push(request); open.add(request); });
  page.on('response', (response) => open.delete(response.request()));  // a body that nobody reads has no end
  page.on('requestfailed', (request) => open.delete(request));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, context, problems, requests };
}

// Of axe: rules about pages as a whole hold too; what is hidden from print and screen alike is not looked at.
async function axeViolations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

export async function assertWellMade({ page, problems }, name, colorSchemes = ['light', 'dark']) {
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axeViolations(page), [], `${name}, ${colorScheme}`);
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 900 });
      const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= seen, `${name}: ${wide} px of content in ${seen} px`);
      await picture(page, `${name}-${width}-${colorScheme}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.deepEqual(problems, [], name);
}

async function picture(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
