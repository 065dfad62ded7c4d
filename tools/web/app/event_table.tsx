// An event as the API gives it, with the labels, units and codes of its kind's JSON Schema.
import type { Message } from '../verify/fault';
import { visibleText } from '../verify/text';
import { sumText } from './amounts';
import { type EventJson, type Json, get } from './api';
import * as format from './format';
import { partyName } from './party_names';
import { link } from './router';
import { Row } from './row';
import { useEffect, useState } from 'preact/hooks';
import { type Speech, useSpeech } from './speech';

export interface SchemaNode {
  type?: string | string[];
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  enum?: string[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  const?: string;
  'x-label'?: Message;
  'x-labels'?: Record<string, Message>;
  'x-unit'?: string;
  'x-format'?: string;
  'x-sealed'?: string;
  'x-signers'?: string;
}

const known = new Map<string, Promise<SchemaNode>>();

export function schemaOf(kind: string): Promise<SchemaNode> {
  let schema = known.get(kind);
  if (schema === undefined) {
    schema = get<SchemaNode>(`v1/kinds/${encodeURIComponent(kind)}`, {});
    schema.catch(() => known.delete(kind));  // asked again next time
    known.set(kind, schema);
  }
  return schema;
}

export function useSchema(kind: string): SchemaNode | null {
  const [schema, setSchema] = useState<SchemaNode | null>(null);
  useEffect(() => {
    let current = true;
    setSchema(null);
    if (kind !== '') {
      schemaOf(kind).then((one) => current && setSchema(one), () => undefined);
    }
    return () => {
      current = false;
    };
  }, [kind]);
  return schema;
}

// The schemas of these kinds, as far as they have come.
export function useSchemas(kinds: string[]): Map<string, SchemaNode> {
  const [schemas, setSchemas] = useState(new Map<string, SchemaNode>());
  const wanted = [...new Set(kinds)].sort();
  useEffect(() => {
    let current = true;
    const one = (kind: string): Promise<[string, SchemaNode][]> => schemaOf(kind).then((schema) => [[kind, schema]], () => []);
    Promise.all(wanted.map(one)).then((all) => current && setSchemas(new Map(all.flat())));
    return () => {
      current = false;
    };
  }, [wanted.join()]);
  return schemas;
}

const isMoney = (node: SchemaNode | undefined): boolean => node?.['x-unit']?.startsWith('minor units') === true;

function scalarText(speech: Speech, node: SchemaNode | undefined, value: string | number | boolean, currency: string): string {
  if (typeof value === 'boolean') return value ? speech.words.event.yes : speech.words.event.no;
  const label = node?.['x-labels']?.[String(value)];
  if (label) return speech.message(label);
  const whole = /^-?[0-9]+$/.test(String(value));
  if (isMoney(node) && whole) return sumText(speech, BigInt(value), currency);
  if (node?.['x-unit'] === 'basis points' && whole) return `${format.minorText(BigInt(value), 2)} %`;
  return visibleText(String(value));
}

// A party by its code and its name, as far as the reader may know it.
function Party({ code }: { code: string }) {
  const [name, setName] = useState('');
  useEffect(() => {
    let current = true;
    partyName(code).then((one) => current && setName(one), () => undefined);
    return () => {
      current = false;
    };
  }, [code]);
  return (
    <>
      <a href={link(['entities', `party:${code}`])}>{visibleText(code)}</a> {visibleText(name)}
    </>
  );
}

function JsonValue({ node, value, currency }: { node: SchemaNode | undefined; value: Json; currency: string }) {
  const speech = useSpeech();
  if (value === null) return null;
  if (Array.isArray(value)) {
    return (
      <ol class="items">
        {value.map((one) => (
          <li>
            <JsonValue node={node?.items} value={one} currency={currency} />
          </li>
        ))}
      </ol>
    );
  }
  if (typeof value === 'object') return <JsonTable node={node} value={value} currency={currency} />;
  if (node?.['x-format'] === 'party code') return <Party code={String(value)} />;
  return <>{scalarText(speech, node, value, currency)}</>;
}

function JsonTable(props: { node: SchemaNode | undefined; value: Record<string, Json | undefined>; currency: string; skip?: string[] }) {
  const speech = useSpeech();
  const { node, value, currency, skip = [] } = props;
  return (
    <dl>
      {Object.entries(value).map(([name, one]) => {
        if (one === undefined || skip.includes(name)) return null;
        const field = node?.properties?.[name];
        return (
          <Row label={field?.['x-label'] ? speech.message(field['x-label']) : name}>
            <JsonValue node={field} value={one} currency={currency} />
          </Row>
        );
      })}
    </dl>
  );
}

const kToldFields = 4;
const kUntold = /^(?:hmac:.*|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;  // sealed numbers, hashes, ids

// What an event says, in a line: the first few of its fields that a person reads, and its sum. Numbers say nothing before their schema
// has come.
export function lineOf(speech: Speech, { body = {}, currency = 'CNY' }: EventJson, schema: SchemaNode | undefined): string {
  const said = Object.entries(body).flatMap(([name, value]) => {
    const field = schema?.properties?.body?.properties?.[name];
    if ((typeof value !== 'string' && typeof value !== 'number') || value === '' || kUntold.test(String(value))) return [];
    if (!field && /^-?[0-9]+$/.test(String(value))) return [];
    return [{ text: scalarText(speech, field, value, currency), isSum: isMoney(field) }];
  });
  const sum = said.find(({ isSum }) => isSum);
  const others = said.filter(({ isSum }) => !isSum).slice(0, kToldFields);
  return [...others, ...(sum ? [sum] : [])].map(({ text }) => text).join('　');
}

export function KindName({ kind }: { kind: string }) {
  const speech = useSpeech();
  const label = useSchema(kind)?.['x-label'];
  return <>{label ? speech.message(label) : visibleText(kind)}</>;
}

export function EventTable({ event }: { event: EventJson }) {
  const { words } = useSpeech();
  const schema = useSchema(event.kind);
  const currency = event.currency ?? 'CNY';
  return (
    <>
      <h2>
        <KindName kind={event.kind} />
      </h2>
      {event.body && <JsonTable node={schema?.properties?.body} value={event.body} currency={currency} />}
      <JsonTable node={schema ?? undefined} value={event} currency={currency} skip={['kind', 'body', 'withheld']} />
      {event.withheld && event.withheld.length > 0 && (
        <p class="withheld">
          {words.entries.withheld}{event.withheld.join(', ')}
        </p>
      )}
    </>
  );
}
