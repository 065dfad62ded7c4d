// A workbook's first sheet as rows of text, read without trusting it: bytes are counted before they are inflated, no
// DOCTYPE, no formula without its value, no number that lost digits, no day that never was.
import { strFromU8, unzipSync } from 'fflate';
import { Fault, unreadable } from '../verify/fault';
import type { SheetCell, SheetRows } from './sheet';

const kMostFileBytes = 20 << 20;
const kMostPartBytes = 64 << 20;
const kMostBytes = 128 << 20;
const kMostParts = 1000;

const bad = (en: string, zh: string) => unreadable(`workbook: ${en}`, `工作簿：${zh}`);

function partsOf(file: Uint8Array): Map<string, string> {
  if (file.length > kMostFileBytes) throw bad('larger than 20 MiB', '超过 20 MiB');
  let bytes = 0, count = 0;
  const parts = unzipSync(file, {
    filter: ({ name, originalSize }) => {
      count += 1;
      const wanted = /\.(?:xml|rels)$/.test(name);
      if (wanted) bytes += originalSize;
      if (count > kMostParts || originalSize > kMostPartBytes || bytes > kMostBytes) throw bad('too large once unpacked', '解压后过大');
      return wanted;
    },
  });
  return new Map(Object.entries(parts).map(([name, content]) => [name, strFromU8(content)]));
}

// --- XML, as far as workbooks use it

interface Tag {
  name: string;  // without its prefix
  opens: boolean;
  closes: boolean;
  attributes: string;
}

const kToken = /<(\/?)([\w.:-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|<!\[CDATA\[([^]*?)\]\]>|<[?!][^>]*>|([^<]+)/g;
const kEntities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return kEntities[name] ?? whole;
    const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

function walk(xml: string, onTag: (tag: Tag) => void, onText: (text: string) => void): void {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw bad('it holds a DOCTYPE', '含有 DOCTYPE');
  for (const [, slash, name, attributes = '', empty, cdata, text] of xml.matchAll(kToken)) {
    if (name !== undefined) {
      onTag({ name: name.replace(/^.*:/, ''), opens: slash === '', closes: slash === '/' || empty === '/', attributes });
    } else if (cdata !== undefined) {
      onText(cdata);
    } else if (text !== undefined) {
      onText(unescaped(text));
    }
  }
}

function attribute(tag: Tag, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)(?:[\\w]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag.attributes);
  return found ? unescaped(found[1] ?? found[2] ?? '') : undefined;
}

function tagsOf(xml: string | undefined, name: string): Tag[] {
  const found: Tag[] = [];
  if (xml !== undefined) walk(xml, (tag) => tag.opens && tag.name === name && found.push(tag), () => undefined);
  return found;
}

// --- the book

interface Book {
  parts: Map<string, string>;
  strings: string[];
  dateStyles: Set<number>;
  is1904: boolean;
}

function sharedStrings(xml: string | undefined): string[] {
  const strings: string[] = [];
  let text = '', inText = false, phonetic = 0;
  if (xml === undefined) return strings;
  walk(xml, ({ name, opens, closes }) => {
    if (name === 'si' && opens) text = '';
    if (name === 'rPh') phonetic += opens && !closes ? 1 : closes && !opens ? -1 : 0;
    if (name === 't') inText = opens && !closes;
    if (name === 'si' && closes) strings.push(text);
  }, (one) => {
    if (inText && phonetic === 0) text += one;
  });
  return strings;
}

const kBuiltInDates = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);
const isDateFormat = (code: string): boolean => /[yd]|年|日/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, ''));

function dateStyles(xml: string | undefined): Set<number> {
  const formats = new Map(tagsOf(xml, 'numFmt').map((tag) => [Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '']));
  const styles = new Set<number>();
  const cells = /<(?:\w+:)?cellXfs[^]*?<\/(?:\w+:)?cellXfs>/.exec(xml ?? '')?.[0];
  tagsOf(cells, 'xf').forEach((tag, i) => {
    const format = Number(attribute(tag, 'numFmtId') ?? 0);
    if (kBuiltInDates.has(format) || isDateFormat(formats.get(format) ?? '')) styles.add(i);
  });
  return styles;
}

// The parts of the sheets, visible ones first, by the book's relations.
function sheetPaths(parts: Map<string, string>): { visible: string[]; hidden: string[] } {
  const targets = new Map(tagsOf(parts.get('xl/_rels/workbook.xml.rels'), 'Relationship').map((tag) => [attribute(tag, 'Id'), attribute(tag, 'Target') ?? '']));
  const sheets = tagsOf(parts.get('xl/workbook.xml'), 'sheet').map((tag) => {
    const target = targets.get(attribute(tag, 'id')) ?? '';
    return { path: target.startsWith('/') ? target.slice(1) : `xl/${target}`, hidden: attribute(tag, 'state') !== undefined && attribute(tag, 'state') !== 'visible' };
  });
  return { visible: sheets.filter((one) => !one.hidden).map(({ path }) => path), hidden: sheets.filter((one) => one.hidden).map(({ path }) => path) };
}

const kDayMs = 86_400_000;

function serialDay(serial: number, is1904: boolean): string {
  const days = Math.floor(serial);
  if (!is1904 && days === 60) throw bad('29 February 1900 never was', '1900-02-29 并不存在');
  const origin = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  return new Date(origin + days * kDayMs).toISOString().slice(0, 10);
}

// What a spreadsheet shows of a number: fifteen digits.
function numberText(raw: string, isText: boolean): SheetCell {
  const value = Number(raw);
  if (!Number.isFinite(value)) throw bad(`not a number: ${raw}`, `不是数字：${raw}`);
  if (/^-?[0-9]{16,}$/.test(raw) && !isText) return { text: raw, fault: { en: 'a number of more than 15 digits has lost some: make the cell text', zh: '超过 15 位的数字在表格中已丢失精度，请将单元格设为文本后重新填写' } };
  if (/^-?[0-9]+(?:\.[0-9]+)?$/.test(raw) && raw.replace(/[-.]/g, '').length <= 15) return { text: raw };
  const rounded = Number(value.toPrecision(15));
  const plain = rounded.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 15 });
  return { text: plain };
}

interface RawCell {
  column: number;
  type: string;
  style: number;
  value: string;
  hasValue: boolean;
  hasFormula: boolean;
}

function cellOf(raw: RawCell, book: Book): SheetCell {
  if (raw.hasFormula && !raw.hasValue) return { text: '', fault: { en: 'a formula without its value: open the file and save it', zh: '公式没有计算结果，请用表格软件打开并保存后再试' } };
  if (raw.type === 's') return { text: book.strings[Number(raw.value)] ?? '' };
  if (raw.type === 'e') return { text: raw.value, fault: { en: `the cell shows ${raw.value}`, zh: `单元格为错误值 ${raw.value}` } };
  if (raw.type === 'b') return { text: raw.value === '1' ? 'yes' : 'no' };
  if (raw.type === 'str' || raw.type === 'inlineStr' || raw.value === '') return { text: raw.value };
  if (raw.type === 'd') return { text: raw.value.slice(0, 10) };
  if (!book.dateStyles.has(raw.style)) return numberText(raw.value, false);
  try {
    return { text: serialDay(Number(raw.value), book.is1904) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { text: raw.value, fault: error.what };
  }
}

const columnOf = (reference: string): number =>
  [...reference.replace(/[0-9]+$/, '')].reduce((all, letter) => all * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const kMostColumns = 512;
export const kMostRows = 10_001;  // events of a submission, and heads

function rowsOf(xml: string, book: Book): SheetRows {
  const rows: SheetRows = [];
  const merges: string[] = [];
  let row: SheetCell[] = [], line = 0, cell: RawCell | null = null, inValue = false;
  walk(xml, (tag) => {
    const { name, opens, closes } = tag;
    if (name === 'row' && opens) {
      row = [];
      line = Number(attribute(tag, 'r') ?? line + 1);
    }
    if (name === 'c' && opens) {
      const column = attribute(tag, 'r') ? columnOf(attribute(tag, 'r') as string) : row.length;
      cell = { column, type: attribute(tag, 't') ?? 'n', style: Number(attribute(tag, 's') ?? 0), value: '', hasValue: false, hasFormula: false };
    }
    if (cell && name === 'f') cell.hasFormula = true;
    if (name === 'v' || name === 't') inValue = opens && !closes;
    if (name === 'c' && closes && cell) {
      if (cell.column >= kMostColumns) throw bad('more than 512 columns', '超过 512 列');
      row[cell.column] = cellOf(cell, book);
      cell = null;
    }
    if (name === 'mergeCell' && opens) merges.push(attribute(tag, 'ref') ?? '');
    if (name === 'row' && closes) {
      if (rows.length >= kMostRows + 100) throw bad('more than 10,000 rows', '超过 10,000 行');
      rows.push({ line, cells: Array.from(row, (one) => one ?? { text: '' }) });
    }
  }, (text) => {
    if (!inValue || cell === null) return;
    cell.value += text;
    cell.hasValue = true;
  });
  return withMerged(rows, merges);
}

const kMostMerged = 200_000;  // cells

// Every cell of a merged range but its first, which alone has a value, knows what that says.
function withMerged(rows: SheetRows, merges: string[]): SheetRows {
  const byLine = new Map(rows.map((row) => [row.line, row.cells]));
  const lastLine = rows[rows.length - 1]?.line ?? 0;
  let filled = 0;
  for (const merge of merges) {
    const range = /^([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})$/.exec(merge);
    if (!range) continue;
    const [left, right] = [columnOf(range[1] as string), Math.min(columnOf(range[3] as string), kMostColumns - 1)];
    const [top, bottom] = [Number(range[2]), Math.min(Number(range[4]), lastLine)];
    const merged = byLine.get(top)?.[left]?.text ?? '';
    for (let line = top; line <= bottom; ++line) {
      const cells = byLine.get(line);
      for (let column = left; cells && column <= right; ++column) {
        if ((filled += 1) > kMostMerged) throw bad('too many merged cells', '合并单元格过多');
        if (line !== top || column !== left) setMerged(cells, column, merged);
      }
    }
  }
  return rows;
}

function setMerged(cells: SheetCell[], column: number, merged: string): void {
  while (cells.length <= column) cells.push({ text: '' });
  cells[column] = { text: '', merged };
}

// The first sheet that people see; and of which kind of event a form made here is, or "".
export function readWorkbook(file: Uint8Array): { rows: SheetRows; kind: string } {
  let parts: Map<string, string>;
  try {
    parts = partsOf(file);
  } catch (error) {
    throw error instanceof Fault ? error : bad('not a workbook (.xlsx)', '不是 .xlsx 工作簿');
  }
  const { visible, hidden } = sheetPaths(parts);
  const is1904 = /^(?:1|true)$/.test(attribute(tagsOf(parts.get('xl/workbook.xml'), 'workbookPr')[0] ?? { name: '', opens: true, closes: true, attributes: '' }, 'date1904') ?? '');
  const book = { parts, strings: sharedStrings(parts.get('xl/sharedStrings.xml')), dateStyles: dateStyles(parts.get('xl/styles.xml')), is1904 };
  const sheet = parts.get(visible[0] ?? '');
  if (sheet === undefined) throw bad('it has no sheet', '没有工作表');
  const facts = hidden.map((path) => rowsOf(parts.get(path) ?? '', book)).find((rows) => rows[0]?.cells[0]?.text === 'kind');
  return { rows: rowsOf(sheet, book), kind: facts?.[0]?.cells[1]?.text ?? '' };
}
