// Writes the types of the API's answers from the document that the server gives of itself:
//   node api_types.mjs [--check]
// tools/server/openapi.json -> app/api_types.ts. With --check nothing is written, and exit 1 when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const room = dirname(fileURLToPath(import.meta.url));
const document = JSON.parse(readFileSync(join(room, '../server/openapi.json'), 'utf8'));
const target = join(room, 'app/api_types.ts');

const kScalars = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };
const nameOf = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
const literal = (value) => `'${String(value).replace(/['\\]/g, '\\$&')}'`;

function members(schema, indent) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, one]) =>
    `${indent}${nameOf(name)}${required.has(name) ? '' : '?'}: ${typeOf(one, indent)};`);
}

function objectType(schema, indent) {
  if (schema.properties) return `{\n${members(schema, `${indent}  `).join('\n')}\n${indent}}`;
  const values = schema.additionalProperties;
  return `Record<string, ${typeof values === 'object' ? typeOf(values, indent) : 'unknown'}>`;
}

function typeOf(schema, indent = '') {
  if (schema.$ref) return schema.$ref.replace('#/components/schemas/', '');
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, indent)).join(' | ');
  if (schema.type === 'array') {
    const item = typeOf(schema.items ?? {}, indent);
    return item.includes('|') ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === 'object') return objectType(schema, indent);
  return kScalars[schema.type] ?? 'unknown';
}

const types = Object.entries(document.components.schemas).map(([name, schema]) => {
  const type = typeOf(schema);
  return type.startsWith('{') ? `export interface ${name} ${type}` : `export type ${name} = ${type};`;
});

const text = [
  "// Made by api_types.mjs from the server's openapi.json. Not to be changed by hand: `node api_types.mjs`.", '', types.join('\n\n'), '',
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('app/api_types.ts is not what tools/server/openapi.json says: node tools/web/api_types.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
