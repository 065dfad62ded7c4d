// Makes the page's files: node build.mjs SCHEMA.json OUT-DIRECTORY
//   OUT/verifier.mjs          the verifier alone, for tests in Node
//   OUT/share/verify-*.html   one file that works from disk, named by the beginning of its SHA-256
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const room = dirname(fileURLToPath(import.meta.url));
const [schema, out] = process.argv.slice(2).map((path) => resolve(path));

const options = {
  absWorkingDir: room,
  alias: { 'pilotledger:schema': schema },
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

rmSync(join(out, 'share'), { recursive: true, force: true });
mkdirSync(join(out, 'share'), { recursive: true });
writeFileSync(join(out, 'verifier.mjs'), await bundled('verify/files.ts', { minify: false }));
const page = await verifyPage();
writeFileSync(join(out, 'share', `verify-${digest(page, 'hex').slice(0, 16)}.html`), page);
