// One finding: how it is named in an address, and what its forms begin with.
import type { EventJson, Json, Query, Row } from './api';
import { link } from './router';

const kNamed = ['code', 'subject', 'entries', 'finding'];

export const findingLink = (row: Row, clocks: Query): string =>
  link(['finding'], { ...Object.fromEntries(kNamed.map((name) => [name, String(row[name] ?? '')])), ...clocks });

export const isNamed = (row: Row, query: Query): boolean => kNamed.every((name) => String(row[name] ?? '') === (query[name] ?? ''));

export const entriesOfFinding = (row: Row): string[] => String(row.entries ?? '').split(/[ ,]+/).filter((one) => /^[0-9]+$/.test(one));

// The place of a form that begins with these values.
export const formLink = (kind: string, body: Record<string, Json>): string => link(['record'], { kind, fill: JSON.stringify({ body }) });

const kSeverities: Record<string, string> = { H: 'HIGH', M: 'MEDIUM', L: 'LOW' };
const kAnswerable = ['payee', 'spender', 'debtor', 'operator', 'legalEntity', 'party'];

function firstText(events: EventJson[], names: string[]): string {
  for (const name of names) {
    for (const { body } of events) {
      const value = body?.[name];
      if (typeof value === 'string' && value !== '') return value;
    }
  }
  return '';
}

// An auditor's finding that cites the automatic one: the same code, on its award or its entries.
export function raised(row: Row, events: EventJson[], text: string): Record<string, Json> {
  return {
    code: String(row.code),
    severity: kSeverities[String(row.severity)] ?? '',
    audited: firstText(events, kAnswerable),
    award: firstText(events, ['award']),
    targets: events.map(({ id }) => id).filter((id) => id !== undefined),
    amountFen: row.amount_at_risk === null ? '' : String(row.amount_at_risk),
    text,
  };
}
