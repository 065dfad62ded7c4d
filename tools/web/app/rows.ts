// All rows of a table of the server's.
import { type Query, type Row, type TableAnswer, get } from './api';

export const kMostRows = '1000';  // that the server gives at once

// Every row, from the first page on, all at the same position.
export async function allRows(path: string, query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  let asked: Query = { ...query, cursor: '', limit: kMostRows };
  for (;;) {
    const table = await get<TableAnswer>(path, asked);
    rows.push(...table.rows);
    if (table.next === null) return rows;
    asked = { ...asked, as_of: '', cursor: table.next };
  }
}
