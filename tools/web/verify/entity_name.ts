// Whether "nothing is recorded of it" may be said of a name: it is the spelling in which the ledger would record it, and
// can mean nothing else. events/entity_name.h again.
import type { Bytes } from './bytes';
import { canonicalText } from './event';
import { Fault, rejected, unreadable } from './fault';
import * as identifiers from './identifiers';
import { readIpNumber } from './ip_number';
import { type IdPart, schema } from './schema';
import { identifierSpelling, requireOneScript } from './text';

const trimmed = (text: Bytes): Bytes => text.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, '');

// The parts of the ids of one kind, where all events that name it make them alike and put "/" between them.
function partsOf(kind: Bytes): IdPart[] | null {
  let parts: IdPart[] | null = null;
  for (const rule of schema.kinds.flatMap((one) => one.entities ?? [])) {
    if (rule.kind !== kind) continue;
    if (rule.id.some((part) => part.literal !== undefined && part.literal !== '/')) return null;
    const own = rule.id.filter((part) => part.literal === undefined);
    if (parts === null || own.length > parts.length) parts = own;
  }
  return parts;
}

function spellUuid(text: Bytes): Bytes {
  const lower = identifiers.lowerCase(text);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(lower)) return lower;
  throw unreadable('expected a UUID 8-4-4-4-12', '应为 UUID（8-4-4-4-12）');
}

function spellParty(text: Bytes): Bytes {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0));
  return identifiers.canonicalParty(identifiers.lowerCase(scheme) + text.slice(Math.max(colon, 0)));
}

function spellPart(part: IdPart, text: Bytes): Bytes {
  if (part.eventId || (part.format === 'uuid' && !part.sealed)) return spellUuid(text);
  if (part.sealed) return text;
  if (part.format === 'party') return spellParty(text);
  if (part.format === 'ip') return readIpNumber(text).canonical;
  if (part.format === 'hash' || part.format === 'commitment') return identifiers.lowerCase(text);
  if (['division', 'decimal', 'docno', 'id'].includes(part.format as string)) return canonicalText(part.format, text);
  return text;
}

function spellParts(parts: IdPart[], text: Bytes): Bytes {
  const pieces = text.split('/');
  if (pieces.length !== parts.length) return text;
  return pieces.map((piece, i) => spellPart(parts[i] as IdPart, piece)).join('/');
}

interface AskedEntity {
  key: Bytes;
  ambiguous: boolean;
}

function readId(kind: Bytes, typed: Bytes): AskedEntity {
  if (kind === 'ip' || kind === 'ipalias') {
    const number = readIpNumber(typed);
    return { key: `${kind}:${number.canonical}`, ambiguous: number.ambiguous !== null };
  }
  requireOneScript(typed);
  const parts = partsOf(kind);
  if (parts === null) return { key: `${kind}:${typed}`, ambiguous: false };
  const id = parts.length === 1 ? spellPart(parts[0] as IdPart, typed) : spellParts(parts, typed);
  const mistyped = kind === 'party' && identifiers.looksLikeUscc(id) && !identifiers.usccAgrees(id);
  // NAME+ID, the id of eight hexadecimal digits: half of it is no key's name.
  const half = kind === 'key' && !/^[^]+\+[0-9a-f]{8}$/.test(id);
  return { key: `${kind}:${id}`, ambiguous: mistyped || half };
}

function readEntityName(text: Bytes): AskedEntity {
  const whole = identifierSpelling(trimmed(text).replace(/\t/g, ' '));
  const colon = whole.indexOf(':');
  const kind = trimmed(identifiers.lowerCase(whole.slice(0, Math.max(colon, 0))));
  const known = schema.kinds.some((one) => one.entities?.some((rule) => rule.kind === kind));
  if (colon < 0 || !known) throw unreadable('no such kind of entity', '没有此对象种类');
  const typed = trimmed(whole.slice(colon + 1));
  if (typed === '') throw unreadable('expected KIND:ID, found no id', '格式为 种类:编号，缺少编号');
  return readId(kind, typed);
}

// Rejects with AmbiguousName where an absence under this name proves nothing that a reader would take it for.
export function requireAbsenceMeans(key: Bytes): void {
  let why = { en: 'it is recorded in another spelling', zh: '记录写法与此不同' };
  try {
    const asked = readEntityName(key);
    if (asked.key === key && !asked.ambiguous) return;
    if (asked.ambiguous) why = { en: 'it may mean something else besides', zh: '可能另有所指' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    why = error.what;
  }
  throw rejected(
    'AmbiguousName',
    `an absence under this name says nothing: ${why.en}`,
    `以此名称证明“未记录”没有意义：${why.zh}`,
  );
}
