// Makes the pictures that the README of the project shows, from the invented story, into tools/web/pictures/:
//   cd build/release && PILOTLEDGER_BIN=$PWD/bin PILOTLEDGER_SOURCE=$PWD/../.. node ../../tools/web/tests/pictures.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.mjs';
import { openStory } from './served.mjs';
import { logIn, open, visit, world } from './visits.mjs';

const kInto = join(dirname(fileURLToPath(import.meta.url)), '../pictures');
const kSize = { width: 1240, height: 860 };

// By the browser, which packs WebP smaller than its pictures of pages, which are PNG.
async function packed(context, png) {
  const page = await context.newPage();
  const url = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.9);
  }, `data:image/png;base64,${png.toString('base64')}`);
  await page.close();
  return Buffer.from(url.split(',')[1], 'base64');
}

async function picture(name, reader, place, prepare = () => undefined) {
  const opened = await open('', 'zh', { viewport: kSize, deviceScaleFactor: 1.4, colorScheme: 'light' });
  await logIn(opened, reader);
  await opened.page.waitForSelector('main dl code');
  await visit(opened, place);
  await prepare(opened.page);
  const file = await packed(opened.context, await opened.page.screenshot());
  writeFileSync(join(kInto, `${name}.webp`), file);
  console.log(`${name}.webp: ${file.length} bytes`);
  await opened.context.close();
}

const inWan = (page) => page.click('.top button:text-is("金额以万元显示")');

mkdirSync(kInto, { recursive: true });
world.browser = await openBrowser();
world.served = await openStory();
try {
  await picture('bank-answer', 'bank-yong', 'pledge?number=ZL202310990001.4');
  await picture('subsidy-trace', 'auditor', 'views/subsidy_trace', inWan);
} finally {
  await world.served.close();
  await world.browser.close();
}
