// The files that an event commits to: its evidence, and the documents whose hashes stand in its body.
import { decoded, toHex } from '../verify/bytes';
import { type Value, Struct, decodeEvent } from '../verify/event';
import { schema } from '../verify/schema';
import type { EventJson, Json, Row } from './api';
import type { Speech } from './speech';

export interface Committed {
  hash: string;
  title: string;
  locator: string;
}

const committed = (hash: string, title: string, locator = ''): Committed => ({ hash, title, locator });

const kHash = /^[0-9a-f]{64}$/;
const isFileField = (name: string): boolean => name.endsWith('Hash');  // others are commitments, keys, digests of rules

// Labels of the schema, by the names of its fields.
function labelOf(speech: Speech, kind: string, name: string): string {
  const body = schema.kinds.find((one) => one.name === kind)?.body;
  const field = body === undefined ? undefined : schema.structs[body]?.fields.find((one) => one.name === name);
  return field ? speech.label(field.label) : name;
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

// As far as the reader may see them.
export function committedIn(speech: Speech, event: EventJson): Committed[] {
  const evidence = Array.isArray(event.evidence) ? (event.evidence as Record<string, Json>[]) : [];
  const listed = evidence.map(({ hash, title, locator }) => committed(textOf(hash), textOf(title), textOf(locator)));
  const documents = Object.entries(event.body ?? {})
    .filter(([name]) => isFileField(name))
    .map(([name, hash]) => committed(textOf(hash), labelOf(speech, event.kind, name)));
  return [...listed, ...documents].filter(({ hash }) => kHash.test(hash));
}

const named = (struct: Struct, name: string): Value => {
  const field = struct.info.fields.find((one) => one.name === name);
  return field ? struct.value(field) : '';
};
const told = (struct: Struct, name: string): string => decoded(named(struct, name) as string) ?? '';

// The same from the bytes that are signed.
export function committedInBytes(speech: Speech, bytes: string): Committed[] {
  const { header, kind, body } = decodeEvent(bytes);
  const listed = (named(header, 'evidence') as Value[]).filter((one): one is Struct => one instanceof Struct)
    .map((one) => committed(toHex(named(one, 'hash') as string), told(one, 'title'), told(one, 'locator')));
  const documents = body.info.fields.filter(({ name, format }) => format === 'hash' && isFileField(name))
    .map((field) => committed(toHex(body.value(field) as string), labelOf(speech, kind.name, field.name)));
  return [...listed, ...documents].filter(({ hash }) => kHash.test(hash));
}

// As rows of the view of evidence has them.
export const committedOf = (row: Row): Committed => ({
  hash: String(row.hash ?? ''), title: String(row.title ?? ''), locator: String(row.locator ?? ''),
});
