// What takes an entry back: the events that are signed for it, and what differs.
import type { EventValue } from '../verify/encode';
import { newEventId } from '../verify/encode';
import { type Field, type Kind, type Label, type StructInfo, schema, structOf } from '../verify/schema';
import type { EventJson } from './api';
import { type Values, filledIn, headerInfo } from './event_form';

export const newId = (): string => newEventId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

const kChinaOffsetMs = 8 * 3_600_000;
export const todayInChina = (): string => new Date(Date.now() + kChinaOffsetMs).toISOString().slice(0, 10);

export const kindNamed = (name: string): Kind | undefined => schema.kinds.find((kind) => kind.name === name);

export interface Filled {
  header: Values;
  body: Values;
}

// A form that begins with an event as the API gives it.
export function filledFrom({ kind, id, body, withheld, ...header }: EventJson): Filled {
  return { header: header as Values, body: (body ?? {}) as Values };
}

export function reversal(target: string, kind: string, reason: string): Values {
  return { kind: 'EventReversed', id: newId(), legalDate: todayInChina(), body: { target, kind, reason } };
}

// The correction first, then what stands in the old one's place.
export function correction(target: string, replacement: Values, reason: string): Values[] {
  const body = { target, replacement: replacement.id as string, reason };
  return [{ kind: 'EventCorrected', id: newId(), legalDate: todayInChina(), body }, replacement];
}

export interface Difference {
  label: Label;
  field: Field;
  before: EventValue | undefined;
  after: EventValue | undefined;
}

const same = (a: EventValue | undefined, b: EventValue | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
const isObject = (value: EventValue | undefined): value is Values => typeof value === 'object' && !Array.isArray(value);

function differencesIn(info: StructInfo, before: Values, after: Values, path: Label): Difference[] {
  return info.fields.flatMap((field) => {
    const [old, now] = [filledIn(before[field.name] ?? ''), filledIn(after[field.name] ?? '')];
    if (same(old, now)) return [];
    const label: Label = [`${path[0]}${field.label[0]}`, `${path[1]}${field.label[1]}`];
    if (field.type === 'struct' && !field.list && (isObject(old) || isObject(now))) {
      return differencesIn(structOf(field), isObject(old) ? old : {}, isObject(now) ? now : {}, [`${label[0]}：`, `${label[1]}: `]);
    }
    return [{ label, field, before: old, after: now }];
  });
}

// Field by field, header and body.
export function differences(kind: Kind, before: Filled, after: Filled): Difference[] {
  const body = schema.structs[kind.body] as StructInfo;
  return [...differencesIn(headerInfo(), { ...before.header, id: '' }, { ...after.header, id: '' }, ['', '']),
    ...differencesIn(body, before.body, after.body, ['', ''])];
}
