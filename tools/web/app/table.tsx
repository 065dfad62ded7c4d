// A table of the server's: real rows in pages, with the columns' own labels, units and codes.
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import type { Column, Row, TableAnswer } from './api';
import * as format from './format';
import { link } from './router';
import { type Speech, useSpeech } from './speech';

type Cell = Row[string];

const kNumeric = ['int', 'real', 'money', 'bp', 'number'];
const isNumeric = (column: Column): boolean => kNumeric.includes(column.type);

function cellText(speech: Speech, column: Column, value: Cell, row: Row): string {
  if (value === null || value === undefined) return '';
  const label = column.codes?.[String(value)];
  if (label) return speech.message(label);
  const text = String(value);
  const whole = /^-?[0-9]+$/.test(text);
  if (column.type === 'money' && whole) return format.money(BigInt(text), String(row.currency ?? 'CNY'));
  if (column.type === 'date' && /^[0-9]{8}$/.test(text)) return format.civilDate(BigInt(text));
  if (column.type === 'int' && whole && column.name !== 'entry' && column.name !== 'year') return format.count(BigInt(text));
  return visibleText(text);
}

// Indexes of entries lead to them, names of entities to their records.
function CellValue({ column, value, row }: { column: Column; value: Cell; row: Row }) {
  const speech = useSpeech();
  const text = cellText(speech, column, value, row);
  if ((column.name === 'entry' || column.name === 'entries') && /^[0-9]+(?:[ ,]+[0-9]+)*$/.test(text)) {
    return (
      <>
        {text.split(/[ ,]+/).map((index) => (
          <>
            <a href={link(['entries', index])}>{index}</a>{' '}
          </>
        ))}
      </>
    );
  }
  if (column.name === 'entity' && text.includes(':')) return <a href={link(['entities', String(value)])}>{text}</a>;
  return <>{text}</>;
}

interface Order {
  column: string;
  down: boolean;
}

const collator = new Intl.Collator('zh-u-co-pinyin', { numeric: true });

function compare(column: Column, a: Cell, b: Cell): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (!isNumeric(column)) return collator.compare(String(a), String(b));
  if (/^-?[0-9]+$/.test(String(a)) && /^-?[0-9]+$/.test(String(b))) {
    const [x, y] = [BigInt(String(a)), BigInt(String(b))];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return Number(a) - Number(b);
}

interface TableProps {
  table: TableAnswer;
  drill?: ((row: number) => string) | undefined;  // where a row's details are
}

// Only what is here whole can be sorted here: a page sorted by itself would pass for the order of all.
export function DataTable({ table, drill }: TableProps) {
  const speech = useSpeech();
  const { views: words } = speech.words;
  const [order, setOrder] = useState<Order | null>(null);
  const whole = table.rows.length === table.rows_total;
  const numbered = table.rows.map((row, i) => ({ row, number: table.first_row + i }));
  const by = order === null ? undefined : table.columns.find((column) => column.name === order.column);
  if (by && order) {
    const sign = order.down ? -1 : 1;
    numbered.sort((a, b) => sign * compare(by, a.row[by.name] ?? null, b.row[by.name] ?? null));
  }
  if (table.rows.length === 0) return <p>{words.noRows}</p>;
  const sortBy = (name: string) => setOrder((old) => ({ column: name, down: old?.column === name && !old.down }));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.scrollable}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => {
              const sorted = order?.column === column.name ? (order.down ? 'descending' : 'ascending') : 'none';
              return (
                <th scope="col" class={isNumeric(column) ? 'number' : ''} aria-sort={whole ? sorted : undefined}>
                  {whole ? (
                    <button type="button" class="sort" onClick={() => sortBy(column.name)}>
                      {speech.message(column.label)}
                    </button>
                  ) : (
                    speech.message(column.label)
                  )}
                </th>
              );
            })}
            {drill && <th scope="col">{words.drill}</th>}
          </tr>
        </thead>
        <tbody>
          {numbered.map(({ row, number }) => (
            <tr key={number}>
              {table.columns.map((column) => (
                <td class={isNumeric(column) ? 'number' : ''}>
                  <CellValue column={column} value={row[column.name] ?? null} row={row} />
                </td>
              ))}
              {drill && (
                <td>
                  <a href={drill(number)} aria-label={words.drillOf(number)}>{words.drill}</a>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
