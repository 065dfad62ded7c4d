// Makes the page's files: node build.mjs SCHEMA.json OUT-DIRECTORY
//   OUT/verifier.mjs          the verifier alone, for tests in Node
//   OUT/page/                 the page that the server shows: index.html, and files that are named by their hashes
//   OUT/page_files.cpp        the same inside the program
//   OUT/share/verify-*.html   one file that works from disk, named by the beginning of its SHA-256
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const room = dirname(fileURLToPath(import.meta.url));
const [schema, out] = process.argv.slice(2).map((path) => resolve(path));

mkdirSync(out, { recursive: true });
const currencies = join(out, 'currencies.json');
writeFileSync(currencies, JSON.stringify(JSON.parse(readFileSync(schema, 'utf8')).currencies));

const options = {
  absWorkingDir: room,
  alias: { 'pilotledger:schema': schema, 'pilotledger:currencies': currencies },
  bundle: true,
  charset: 'utf8',
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  target: ['es2020', 'chrome86'],
  write: false,
};

async function bundled(entry, more = {}) {
  const result = await build({ ...options, entryPoints: [entry], ...more });
  return result.outputFiles[0].text;
}

const digest = (text, encoding) => createHash('sha256').update(text).digest(encoding);

// Scripts and styles of a file on disk are named in its policy by their hashes, so that it runs nothing else.
async function verifyPage() {
  const script = await bundled('app/verify_main.tsx', { format: 'iife' });
  const style = await bundled('app/style.css');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest(script, 'base64')}'`,
    `style-src 'sha256-${digest(style, 'base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const parts = { CSP: policy, STYLE: style, SCRIPT: script };
  const page = readFileSync(join(room, 'app/verify.html'), 'utf8');
  return page.replace(/@(CSP|STYLE|SCRIPT)@/g, (_, name) => parts[name]);
}

// Scripts come in parts: what only some readers need is fetched when they ask for it.
async function servedPage(verifier) {
  const names = { entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', outdir: join(out, 'page') };
  const { outputFiles } = await build({
    ...options, ...names, entryPoints: ['app/page_main.tsx', 'app/style.css'], splitting: true,
    define: { VERIFIER: JSON.stringify(verifier) },
  });
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), contents: Buffer.from(contents) }));
  const named = (start) => files.find(({ name }) => name.startsWith(start)).name;
  const index = readFileSync(join(room, 'app/index.html'), 'utf8')
    .replace('@STYLE@', `page/${named('style-')}`).replace('@SCRIPT@', `page/${named('page_main-')}`);
  return [{ name: 'index.html', contents: Buffer.from(index) }, ...files];
}

const kMediaTypes = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
};

// Bytes as a literal of C++: what is printable as it is, the rest in three octal digits, so that no digit after it
// is taken for a fourth.
function literal(bytes) {
  const escaped = (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f
      ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  const lines = [];
  for (let at = 0; at < bytes.length; at += 100) {
    lines.push(`"${Array.from(bytes.subarray(at, at + 100), escaped).join('')}"`);
  }
  return `std::string_view(\n${lines.join('\n')},\n${bytes.length})`;
}

function embedded(files) {
  const rows = files.map(({ name, contents }) => {
    const packed = gzipSync(contents, { level: 9 });
    return `{"${name}", "${kMediaTypes[extname(name)]}", ${literal(contents)}, ${literal(packed)}},`;
  });
  return [
    '#include "tools/web/page.h"', '', 'namespace pilotledger::web {', 'namespace {', '',
    `const std::array<PageFile, ${files.length}> kFiles = {{`, ...rows, '}};', '', '}  // namespace', '',
    'std::span<const PageFile> pageFiles() { return kFiles; }', '', '}  // namespace pilotledger::web', '',
  ].join('\n');
}

function emptied(name) {
  rmSync(join(out, name), { recursive: true, force: true });
  mkdirSync(join(out, name), { recursive: true });
}

emptied('share');
emptied('page');
const offline = await verifyPage();
const offlineName = `verify-${digest(offline, 'hex').slice(0, 16)}.html`;
writeFileSync(join(out, 'share', offlineName), offline);
const files = [...(await servedPage(offlineName)), { name: offlineName, contents: Buffer.from(offline) }];
for (const { name, contents } of files) writeFileSync(join(out, 'page', name), contents);
writeFileSync(join(out, 'page_files.cpp'), embedded(files));
writeFileSync(join(out, 'verifier.mjs'), await bundled('verify/files.ts', { minify: false }));
