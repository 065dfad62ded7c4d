// All rows of a table of the server's.
import { type Query, type Row, type TableAnswer, get } from './api';

export const kMostRows = '1000';  // that the server gives at once

// The table with every row, from the first page on, all at the same position.
export async function wholeTable(path: string, query: Query, signal?: AbortSignal): Promise<TableAnswer> {
  const first = await get<TableAnswer>(path, { ...query, cursor: '', limit: kMostRows }, signal);
  const rows: Row[] = [...first.rows];
  // The cursor holds the position; the server takes no other beside it.
  for (let next = first.next; next !== null;) {
    const page: TableAnswer = await get<TableAnswer>(path, { ...query, as_of: '', cursor: next, limit: kMostRows }, signal);
    rows.push(...page.rows);
    next = page.next;
  }
  return { ...first, rows, next: null };
}
