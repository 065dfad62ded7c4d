// What the readers' desks are made of: tabs, a view as a section, the conditions that stand in the address.
import type { ComponentChildren } from 'preact';
import { sumText } from './amounts';
import type { Query, Row, TableAnswer } from './api';
import { deskWords } from './desk_words';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { link } from './router';
import { kMostRows } from './rows';
import { kEverybody } from './session';
import { type Speech, useSpeech } from './speech';
import { DataTable } from './table';

export const useDeskWords = () => deskWords[useSpeech().language];

export const useView = (name: string, query: Query) => useAnswer<TableAnswer>(`v1/views/${name}`, { ...query, limit: kMostRows });

export type Tab = [path: string[], text: string];

export function Tabs({ label, here, tabs }: { label: string; here: string[]; tabs: Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      <ul>
        {tabs.map(([path, text]) => (
          <li>
            <a href={link(path)} aria-current={path.join('/') === here.join('/') ? 'page' : undefined}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

// Whose matters are shown, and the way to those of everybody and back.
export function Whose({ here, query, name, own, party }: { here: string[]; query: Query; name: string; own: string; party: string }) {
  const words = useDeskWords();
  if (party === '') return null;
  const all = own === '';
  return (
    <p class="hint">
      {all ? words.everybodys : words.ownOnly(own)}{' '}
      <a class="no-print" href={link(here, { ...query, [name]: all ? party : kEverybody })}>{all ? words.showOwn : words.showAll}</a>
    </p>
  );
}

interface ViewSectionProps {
  title: string;
  lead?: string;
  name: string;
  query?: Query;
  only?: string[];
  rows?: number;  // shown here; the view has all
  keep?: (row: Row) => boolean;
  empty?: string;
  children?: (table: TableAnswer) => ComponentChildren;
}

// The first rows of a view, and the way to all of it, with its conditions and exports.
export function ViewSection({ title, lead, name, query = {}, only, rows = 20, keep, empty, children }: ViewSectionProps) {
  const words = useDeskWords();
  const answer = useView(name, query);
  return (
    <section>
      <h2>{title}</h2>
      {lead && <p class="hint">{lead}</p>}
      <Answer answer={answer}>
        {(table) => {
          const kept = keep ? table.rows.filter(keep) : table.rows;
          const shown = kept.slice(0, rows);
          return (
            <>
              {children?.(table)}
              {shown.length === 0 ? (
                <p>{empty ?? words.nothing}</p>
              ) : (
                <DataTable table={{ ...table, rows: shown, rows_total: shown.length }} only={only} />
              )}
              <p class="no-print">
                <a href={link(['views', name], query)}>{words.whole(format.count(table.rows_total))}</a>
              </p>
            </>
          );
        }}
      </Answer>
    </section>
  );
}

// Sums of a column, a line a currency.
export function sumsOf(speech: Speech, rows: Row[], column: string): string[] {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const value = row[column];
    if (value === null || value === undefined || value === '') continue;
    const currency = String(row.currency ?? 'CNY');
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(String(value)));
  }
  return [...sums].map(([currency, sum]) => sumText(speech, sum, currency));
}
