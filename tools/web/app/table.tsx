// A table of the server's: real rows in pages, with the columns' own labels, units and codes.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { unitOfHead } from './amounts';
import type { Column, Row, TableAnswer } from './api';
import { type Cell, cellText, currencyOf, entriesOf, entityOf, isNumeric } from './cells';
import { useDrawn } from './drawing';
import * as format from './format';
import { Problem, asApiError } from './loading';
import { link } from './router';
import { type Numbered, type Order, useOrdered } from './sorting';
import { type Speech, useSpeech } from './speech';

const kPage = 200;
const kMostEntries = 6;  // named in a cell
export const kMostSorted = 20_000;

// Indexes of entries lead to them, names of entities to their records.
function CellValue({ column, value, row }: { column: Column; value: Cell; row: Row }) {
  const speech = useSpeech();
  const entries = entriesOf(column, value);
  if (entries.length > 0) {
    return (
      <>
        {entries.slice(0, kMostEntries).map((index) => (
          <>
            {/^[0-9]+$/.test(index) ? <a href={link(['entries', index])}>{index}</a> : index}{' '}
          </>
        ))}
        {entries.length > kMostEntries && (
          <a href={link(['views', 'entries'], { list: entries.join(',') })}>{speech.words.views.allEntries(entries.length)}</a>
        )}
      </>
    );
  }
  const text = cellText(speech, column, value, row);
  const entity = entityOf(column, value);
  return entity === null ? <>{text}</> : <a href={link(['entities', entity])}>{text}</a>;
}

interface HeadingProps {
  column: Column;
  unit: string;  // of its amounts, where that must be said
  order: Order | null;
  onSort: (() => void) | null;
}

function Heading({ column, unit, order, onSort }: HeadingProps) {
  const speech = useSpeech();
  const label = visibleText(speech.message(column.label)) + (column.type === 'money' ? unit : '');
  const sorted = order?.column === column.name ? (order.down ? 'descending' : 'ascending') : 'none';
  return (
    <th scope="col" class={isNumeric(column) ? 'number' : ''} aria-sort={onSort ? sorted : undefined}>
      {onSort ? (
        <button type="button" class="sort" onClick={onSort}>{label}</button>
      ) : (
        label
      )}
    </th>
  );
}

// Many columns want a sheet lengthwise, most of them smaller print.
const widthOnPaper = (columns: number): string => (columns > 16 ? 'many most' : columns > 9 ? 'many' : '');

const kNarrow = ['code', 'severity', 'state', 'currency'];

function cellClass(column: Column): string {
  if (isNumeric(column)) return 'number';
  if (column.type === 'date' || column.type === 'measure') return 'short';
  if (column.name.startsWith('title')) return 'title';
  if (column.name === 'entries') return 'entries';
  if (kNarrow.includes(column.name)) return 'narrow';
  return column.name === 'alerts' ? 'alert' : '';
}

// Titles and details come in both languages, a column each: people read one.
function columnsFor({ language }: Speech, columns: Column[], only: string[] | undefined): Column[] {
  const other = language === 'zh' ? '_en' : '_zh';
  const chosen = only ? only.flatMap((name) => columns.filter((column) => column.name === name)) : columns;
  return chosen.filter(({ name }) => !name.endsWith(other));
}

interface TableProps {
  table: TableAnswer;
  label?: string | undefined;  // which of a page's tables this is
  drill?: ((row: number) => string) | undefined;  // where a row's details are
  only?: string[] | undefined;  // columns
  more?: { title: string; isFirst?: boolean; cell(row: Row): ComponentChildren } | undefined;  // a column of the page's own
  loadAll?: (() => Promise<Row[]>) | undefined;  // every row, when these are not all
}

// What is sorted is sorted whole: a page sorted by itself would pass for the order of all.
export function DataTable({ table, label, drill, only, more, loadAll }: TableProps) {
  const speech = useSpeech();
  const { views: words, page } = speech.words;
  const [order, setOrder] = useState<Order | null>(null);
  const [all, setAll] = useState<Row[] | null>(null);
  const [first, setFirst] = useState(0);
  const [state, setState] = useState<'ready' | 'loading' | { error: unknown }>('ready');
  const isWhole = table.rows.length === table.rows_total || all !== null;
  const canSort = isWhole || (loadAll !== undefined && table.rows_total <= kMostSorted);
  const rows = all ?? table.rows;
  const sorted = useOrdered(table.columns, rows, all ? 1 : table.first_row, order);
  const before = useRef<{ rows: Row[]; sorted: Numbered[] } | null>(null);
  if (sorted) before.current = { rows, sorted };
  // As they were, while they are sorted anew.
  const numbered = sorted ?? (before.current?.rows === rows ? before.current.sorted : []);
  const shown = numbered.slice(first, first + kPage);
  const drawn = useDrawn(shown.length, [sorted === null ? null : rows, order, first]);
  if (table.rows.length === 0) return <p>{words.noRows}</p>;
  const sortBy = async (name: string) => {
    if (!isWhole && loadAll) {
      setState('loading');
      try {
        setAll(await loadAll());
      } catch (error) {
        return setState({ error });
      }
      setState('ready');
    }
    setFirst(0);
    setOrder((old) => ({ column: name, down: old?.column === name && !old.down }));
  };
  const columns = columnsFor(speech, table.columns, only);
  const unit = unitOfHead(speech, table.rows.map(currencyOf));
  return (
    <>
      {(state === 'loading' || sorted === null) && <p role="status" data-working>{page.working}</p>}
      {typeof state === 'object' && <Problem error={asApiError(state.error)} />}
      <div class="scroll" tabIndex={0} role="region" aria-label={words.tableOf(label ?? speech.message(table.title))}>
        <table class={widthOnPaper(columns.length)}>
          <thead>
            <tr>
              {more?.isFirst && <th scope="col" class="no-print">{more.title}</th>}
              {columns.map((column) => (
                <Heading
                  column={column}
                  unit={unit}
                  order={order}
                  onSort={canSort ? () => void sortBy(column.name) : null}
                />
              ))}
              {more && !more.isFirst && <th scope="col">{more.title}</th>}
              {drill && <th scope="col" class="no-print">{words.drill}</th>}
            </tr>
          </thead>
          <tbody data-working={drawn < shown.length || undefined}>
            {shown.slice(0, drawn).map(({ row, number }) => (
              <tr key={number}>
                {more?.isFirst && <td class="short no-print">{more.cell(row)}</td>}
                {columns.map((column) => (
                  <td class={cellClass(column)}>
                    <CellValue column={column} value={row[column.name] ?? null} row={row} />
                  </td>
                ))}
                {more && !more.isFirst && <td>{more.cell(row)}</td>}
                {drill && (
                  <td class="no-print">
                    <a href={drill(number)} aria-label={words.drillOf(number)}>{words.drill}</a>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {numbered.length > kPage && <Pager first={first} total={numbered.length} onGo={setFirst} />}
    </>
  );
}

function Pager({ first, total, onGo }: { first: number; total: number; onGo(first: number): void }) {
  const { views: words } = useSpeech().words;
  return (
    <p class="no-print">
      {words.rows(format.count(first + 1), format.count(Math.min(first + kPage, total)), format.count(total))}{' '}
      <button type="button" class="quiet" disabled={first === 0} onClick={() => onGo(first - kPage)}>{words.previous}</button>{' '}
      <button type="button" class="quiet" disabled={first + kPage >= total} onClick={() => onGo(first + kPage)}>{words.next}</button>
    </p>
  );
}
