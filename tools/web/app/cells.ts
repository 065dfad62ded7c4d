// What stands in a cell: codes by their labels, sums and days as people read them, and where its value leads.
import { visibleText } from '../verify/text';
import { amountText, sumText } from './amounts';
import type { Column, Row } from './api';
import * as format from './format';
import type { Speech } from './speech';

export type Cell = Row[string];

const kNumeric = ['int', 'real', 'money', 'bp', 'number'];
export const isNumeric = (column: Column): boolean => kNumeric.includes(column.type);

const kPlainNumbers = ['entry', 'year', 'entry_index', 'last_entry'];  // names rather than counts
const isWhole = (text: string): boolean => /^-?[0-9]+$/.test(text);

export const currencyOf = (row: Row): string => String(row.currency ?? 'CNY');

// A cell may hold several codes ("PP01 debt-past-due"), or have them in a sentence: whatever stands between other
// characters than those of codes.
function labelled(speech: Speech, column: Column, text: string): string {
  const { codes } = column;
  if (!codes) return text;
  return text.replace(/[A-Za-z0-9_.+-]+/g, (word) => {
    const label = Object.prototype.hasOwnProperty.call(codes, word) ? codes[word] : undefined;
    return label ? speech.message(label) : word;
  });
}

// "fen:120000" is a sum in the row's currency; other limits stand for themselves.
function measured(speech: Speech, text: string, row: Row): string {
  const fen = /^fen:(-?[0-9]+)$/.exec(text);
  return fen ? sumText(speech, BigInt(fen[1] as string), currencyOf(row)) : text;
}

const kBeforeAfter = ['before', 'after'];  // of what changed: sums come as the main unit

export function cellText(speech: Speech, column: Column, value: Cell | undefined, row: Row): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const { type, name } = column;
  if (type === 'money' && isWhole(text)) return amountText(speech, BigInt(text), currencyOf(row));
  if (type === 'date' && /^[0-9]{8}$/.test(text)) return format.civilDate(BigInt(text));
  if (type === 'int' && isWhole(text) && !kPlainNumbers.includes(name)) return format.count(BigInt(text));
  if (type === 'real' && typeof value === 'number') return value.toFixed(2);
  if (type === 'measure' && text.startsWith('fen:')) return measured(speech, text, row);
  if (kBeforeAfter.includes(name) && /^-?[0-9]+\.[0-9]{2}$/.test(text)) return text.replace(/\B(?=(?:[0-9]{3})+\.)/g, ',');
  return visibleText(labelled(speech, column, text));
}

const kEntryColumns = ['entry', 'entries', 'entry_index', 'last_entry'];

// What a cell of entries names, in parts: indexes, and days where a difference is due to the calendar; or none.
export function entriesOf(column: Column, value: Cell | undefined): string[] {
  const text = String(value ?? '');
  return kEntryColumns.includes(column.name) && /^[0-9][0-9-]*(?:[ ,]+[0-9][0-9-]*)*$/.test(text) ? text.split(/[ ,]+/) : [];
}

const kParty = /^(?:[0-9A-HJ-NPQRTUWXY]{18}|x1:\S+)$/;
const kPartyColumns = [
  'party', 'payee', 'payer', 'bank', 'debtor', 'pledgee', 'pledgor', 'owner', 'buyer', 'seller', 'legal_entity', 'client',
];
const kEntityColumns: Record<string, string> = {
  award: 'award', platform: 'platform', loan: 'loan', pledge: 'pledge', contract: 'contract', project: 'project', run: 'run',
};

// The record of what a cell names, where that follows from its column.
export function entityOf(column: Column, value: Cell | undefined): string | null {
  const text = String(value ?? '');
  if (text === '') return null;
  if (column.name === 'entity') return text.includes(':') ? text : null;
  if (column.name === 'asset' && /^CN[0-9]+[0-9X]$/.test(text)) return `ip:${text}`;
  if (kPartyColumns.includes(column.name)) return kParty.test(text) ? `party:${text}` : null;
  const kind = kEntityColumns[column.name];
  return kind !== undefined && !/\s/.test(text) ? `${kind}:${text}` : null;
}

const collator = new Intl.Collator('zh-u-co-pinyin', { numeric: true });

// What a cell is sorted by; found once, for it is compared many times.
export type Sortable = null | string | bigint | number;

export function sortKey(column: Column, value: Cell): Sortable {
  if (value === null) return null;
  const text = String(value);
  if (!isNumeric(column)) return text;
  return isWhole(text) ? BigInt(text) : Number(text);
}

export function compareKeys(a: Sortable, b: Sortable): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'string' || typeof b === 'string') return collator.compare(String(a), String(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
