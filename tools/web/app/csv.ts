// CSV as offices write it: UTF-8 with or without a mark, else GB18030; commas, semicolons or tabs; "sep=" above.
import { unreadable } from '../verify/fault';
import type { SheetRows } from './sheet';

const kMostBytes = 20 << 20;

function decoded(file: Uint8Array): string {
  if (file.length > kMostBytes) throw unreadable('larger than 20 MiB', '超过 20 MiB');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(file);
    } catch {
      throw unreadable('neither UTF-8 nor GB18030', '既不是 UTF-8 也不是 GB18030 编码');
    }
  }
}

function separatorOf(text: string): { separator: string; rest: string } {
  const told = /^sep=(.)\r?\n/.exec(text);
  if (told) return { separator: told[1] as string, rest: text.slice(told[0].length) };
  const start = text.slice(0, 4096);
  const count = (mark: string) => start.split(mark).length;
  const separator = [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  return { separator, rest: text };
}

export function readCsv(file: Uint8Array): SheetRows {
  const { separator, rest } = separatorOf(decoded(file).replace(/^\ufeff/, ''));
  const rows: SheetRows = [];
  let cells: string[] = [], cell = '', quoted = false, line = 1, begun = 1;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    rows.push({ line: begun, cells: cells.map((text) => ({ text })) });
    cells = [];
    begun = line;
  };
  for (let i = 0; i < rest.length; ++i) {
    const c = rest[i] as string;
    if (c === '\n') line += 1;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (rest[i + 1] === '"') cell += rest[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === separator) endCell();
    else if (c === '\n') endRow();
    else if (c !== '\r') cell += c;
  }
  if (quoted) throw unreadable(`line ${begun}: a quotation mark is not closed`, `第 ${begun} 行：引号没有闭合`);
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}
