// Rows in the order of a column. Few at once; many in slices, between which the browser does what its reader asks.
import { useEffect, useState } from 'preact/hooks';
import type { Column, Row } from './api';
import { type Sortable, compareKeys, sortKey } from './cells';

export interface Order {
  column: string;
  down: boolean;
}

export interface Numbered {
  row: Row;
  number: number;  // in the order of the server
}

interface Keyed {
  key: Sortable;
  one: Numbered;
}

const kFew = 1000;
const kSlice = 100;
const kSliceMs = 30;

const keyed = (column: Column, rows: Numbered[]): Keyed[] =>
  rows.map((one) => ({ key: sortKey(column, one.row[column.name] ?? null), one }));

// Stable, as Array.sort is: equal rows stay in the order of the server.
const compare = (order: Order) => {
  const sign = order.down ? -1 : 1;
  return (a: Keyed, b: Keyed): number => sign * compareKeys(a.key, b.key);
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

// Gives the browser its turn when a slice of time is used up.
function turns(): () => Promise<void> | null {
  let since = performance.now();
  return () => (performance.now() - since < kSliceMs ? null : pause().then(() => void (since = performance.now())));
}

async function merged(a: Keyed[], b: Keyed[], by: (a: Keyed, b: Keyed) => number, turn: () => Promise<void> | null) {
  const all: Keyed[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const takesA = j >= b.length || (i < a.length && by(a[i] as Keyed, b[j] as Keyed) <= 0);
    all.push((takesA ? a[i++] : b[j++]) as Keyed);
    if (all.length % kSlice === 0) await turn();
  }
  return all;
}

async function sortedInSlices(column: Column, rows: Numbered[], order: Order): Promise<Numbered[]> {
  const by = compare(order);
  const turn = turns();
  let runs: Keyed[][] = [];
  for (let at = 0; at < rows.length; at += kSlice) {
    runs.push(keyed(column, rows.slice(at, at + kSlice)).sort(by));
    await turn();
  }
  while (runs.length > 1) {
    const next: Keyed[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const [one, other] = [runs[i] as Keyed[], runs[i + 1]];
      next.push(other ? await merged(one, other, by, turn) : one);
    }
    runs = next;
  }
  return (runs[0] ?? []).map(({ one }) => one);
}

interface Sorted {
  rows: Row[];
  order: Order;
  sorted: Numbered[];
}

// Null while many are sorted.
export function useOrdered(columns: Column[], rows: Row[], first: number, order: Order | null): Numbered[] | null {
  const [many, setMany] = useState<Sorted | null>(null);
  const column = order && columns.find(({ name }) => name === order.column);
  const numbered = (): Numbered[] => rows.map((row, i) => ({ row, number: first + i }));
  useEffect(() => {
    if (!column || !order || rows.length <= kFew) return undefined;
    let current = true;
    sortedInSlices(column, numbered(), order).then((sorted) => current && setMany({ rows, order, sorted }));
    return () => {
      current = false;
    };
  }, [rows, order]);
  if (!column || !order) return numbered();
  if (rows.length <= kFew) return keyed(column, numbered()).sort(compare(order)).map(({ one }) => one);
  return many !== null && many.rows === rows && many.order === order ? many.sorted : null;
}
