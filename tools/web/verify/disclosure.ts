// Disclosed fields of a document whose commitment a ledger holds. Shown against the commitment alone: that the ledger
// holds it is shown by the entry that the file names, not by the file.
import { type Bytes, parseDecimal, parseDigest, parseHex } from './bytes';
import { locatedIn, unreadable, within } from './fault';
import { leafHash, verifyInclusion } from './merkle';
import { type Suite, isSuite } from './suite';
import { checkText } from './text';

export const kDisclosureMagic = 'pilotledger/disclosure/v1';
const kMaxDisclosureBytes = 64 << 20;
const kMaxPath = 16;
const kMaxFieldName = 128;
const kMaxFieldValue = 8192;

interface DisclosedField {
  place: bigint;
  name: Bytes;
  value: Bytes;
  salt: Bytes;
  path: Bytes[];
}

export interface Disclosure {
  suite: Suite;
  origin: Bytes;
  entry: bigint | null;
  commitment: Bytes;
  size: bigint;
  fields: DisclosedField[];
}

// Takes lines "<word> <rest>" off the text in a fixed order.
class DisclosureLines {
  private number = 0;
  constructor(private rest: Bytes) {}
  get done(): boolean {
    return this.rest === '';
  }
  take(word: string): Bytes {
    ++this.number;
    const end = this.rest.indexOf('\n');
    const line = this.rest.slice(0, Math.max(end, 0));
    const good = end >= 0 && line.startsWith(word) && (line.length === word.length || line[word.length] === ' ');
    if (!good) throw this.fault(`expected '${word}'`, `应为“${word}”`);
    this.rest = this.rest.slice(end + 1);
    return line.slice(word.length + 1);
  }
  hex(word: string, size: number): Bytes {
    const bytes = parseHex(this.take(word));
    if (bytes === null || bytes.length !== size) {
      throw this.fault(`expected ${size * 2} hexadecimal digits`, `应为 ${size * 2} 位十六进制数`);
    }
    return bytes;
  }
  decimal(text: Bytes): bigint {
    const value = parseDecimal(text);
    if (value === null) throw this.fault('expected a plain decimal number', '应为十进制整数');
    return value;
  }
  fault(en: string, zh: string) {
    return locatedIn(`disclosure, line ${this.number}`, `披露文件第 ${this.number} 行`, unreadable(en, zh)) as Error;
  }
}

const isField = (text: Bytes, most: number) => text !== '' && text.length <= most && !/[\x00-\x1f\x7f]/.test(text);

function takeField(lines: DisclosureLines): DisclosedField {
  const head = lines.take('field');
  const space = head.indexOf(' ') < 0 ? head.length : head.indexOf(' ');
  const place = lines.decimal(head.slice(0, space));
  const name = head.slice(space + 1);
  const value = lines.take('value');
  if (!isField(name, kMaxFieldName) || !isField(value, kMaxFieldValue)) {
    throw lines.fault('a field has a name and a value without control characters', '字段名或字段值不合规定');
  }
  const salt = lines.hex('salt', 16);
  const pathText = lines.take('path');
  const path = pathText === '' ? [] : pathText.replace(/ $/, '').split(' ').map(parseDigest);
  if (path.length > kMaxPath || path.includes(null)) throw lines.fault('the path is too long or malformed', '路径过长或格式错误');
  return { place, name, value, salt, path: path as Bytes[] };
}

function parse(text: Bytes): Disclosure {
  if (text.length > kMaxDisclosureBytes) throw unreadable('the disclosure is too large', '披露文件过大');
  const lines = new DisclosureLines(text);
  if (lines.take(kDisclosureMagic) !== '') throw lines.fault('not a disclosure file of this version', '不是本版本的披露文件');
  const suite = lines.take('suite');
  if (!isSuite(suite)) throw lines.fault('expected ed25519-sha256 or sm2-sm3', '应为 ed25519-sha256 或 sm2-sm3');
  const origin = lines.take('origin');
  const entry = lines.take('entry');
  const disclosure: Disclosure = {
    suite,
    origin,
    entry: entry === 'none' ? null : lines.decimal(entry),
    commitment: lines.hex('commitment', 32),
    size: lines.decimal(lines.take('fields')),
    fields: [],
  };
  while (!lines.done) {
    const one = takeField(lines);
    const before = disclosure.fields[disclosure.fields.length - 1];
    if (before && !(before.place < one.place && before.name < one.name)) {
      throw lines.fault('fields must be in the order of their places and names', '字段须按位置和名称排序');
    }
    disclosure.fields.push(one);
  }
  if (disclosure.fields.length === 0) throw lines.fault('no field is disclosed', '未披露任何字段');
  return disclosure;
}

// Names and values are text as the committing program would have written it, so that they may be shown.
function requirePlainFields(disclosure: Disclosure): void {
  for (const { name, value } of disclosure.fields) {
    if (!isJsonScalar(checkText(value))) throw unreadable('a value is not a JSON scalar', '字段值不是 JSON 标量');
    checkText(name);
  }
}

function isJsonScalar(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') encodeURIComponent(value);  // throws on half a character
    return value === null || (typeof value !== 'object' && value !== Infinity && value !== -Infinity);
  } catch {
    return false;
  }
}

export function verifyDisclosure(text: Bytes): Disclosure {
  const disclosure = parse(text);
  requirePlainFields(disclosure);
  const tree = { size: disclosure.size, root: disclosure.commitment };
  for (const one of disclosure.fields) {
    const leaf = leafHash(disclosure.suite, one.salt + String.fromCharCode(one.name.length) + one.name + one.value);
    within(`field '${one.name}'`, `字段“${one.name}”`, () => {
      verifyInclusion(disclosure.suite, one.place, tree, leaf, one.path);
    });
  }
  return disclosure;
}
