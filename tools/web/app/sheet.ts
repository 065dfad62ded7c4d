// Rows of a table as events: which column is which field, what stands in a cell, and why a row is none.
import { sha256 } from '@noble/hashes/sha2';
import { type Bytes, fromArray, toHex, utf8 } from '../verify/bytes';
import { encodeEvent } from '../verify/encode';
import { Fault, type Message, unreadable } from '../verify/fault';
import { type Field, type Kind, type StructInfo, enumOf, schema, structOf } from '../verify/schema';
import { type Values, headerInfo, minorOf } from './event_form';

export interface SheetCell {
  text: string;
  fault?: Message;  // found while reading
  merged?: string;  // what the cell says that it is merged with; then it has no text of its own
}

export type SheetRows = { line: number; cells: SheetCell[] }[];

// --- heads

export interface Head {
  path: string[];  // in the body; of one name in the header
  ofHeader: boolean;
  field: Field;
  labels: Message;
}

function headsIn(info: StructInfo, path: string[], label: Message): Head[] {
  return info.fields.flatMap((field) => {
    const [zh, en] = field.label;
    const labels = { zh: label.zh + zh, en: label.en + en };
    if (field.type !== 'struct') return [{ path: [...path, field.name], ofHeader: false, field, labels }];
    return field.list ? [] : headsIn(structOf(field), [...path, field.name], { zh: `${labels.zh}.`, en: `${labels.en}.` });
  });
}

// The day and the currency, then every field that holds one value or a list of plain ones.
export function headsOf(kind: Kind): Head[] {
  const header = headerInfo().fields.filter(({ name }) => name === 'legalDate' || name === 'currency');
  return [
    ...header.map((field) => ({ path: [field.name], ofHeader: true, field, labels: { zh: field.label[0], en: field.label[1] } })),
    ...headsIn(schema.structs[kind.body] as StructInfo, [], { zh: '', en: '' }),
  ];
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s+|\*+$|[（(]元[)）]$/g, '').toLowerCase();

// By its name in the schema, with or without its unit, or by its label in either language.
function namesOf({ path, labels }: Head): string[] {
  const name = path.join('.');
  return [name, name.replace(/(?:Fen|Bp)$/, ''), labels.zh, labels.en].map(plain);
}

export function headNamed(heads: Head[], text: string): Head | null {
  const wanted = plain(text);
  return wanted === '' ? null : heads.find((head) => namesOf(head).includes(wanted)) ?? null;
}

// --- cells

const narrow = (text: string): string => text.normalize('NFKC').trim();
const wrong = (en: string, zh: string) => unreadable(en, zh);

// 2026-3-1, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301: year first, or it cannot be told.
function day(text: string): string {
  const parts = /^([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?$/.exec(text) ?? /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(text);
  if (!parts) throw wrong(`not a day that can be told: ${text}`, `不能确定的日期：${text}，请写作 2026-03-01`);
  return `${parts[1]}-${(parts[2] as string).padStart(2, '0')}-${(parts[3] as string).padStart(2, '0')}`;
}

// 1,200.50, ¥1,200, 1200元, 12万元, 0.5亿元.
function minor(text: string): string {
  const bare = text.replace(/^[¥￥]|(?:CNY|人民币)/g, '').replace(/[元圆]整?$/, '').trim();
  const unit = /[万亿]$/.exec(bare)?.[0];
  const places = unit === '万' ? 4 : unit === '亿' ? 8 : 0;
  const negative = /^\((.+)\)$/.exec(bare);
  const amount = minorOf(negative ? `-${negative[1]}` : unit ? bare.slice(0, -1).trim() : bare, 2 + places);
  if (amount === null) throw wrong(`not an amount: ${text}`, `不是金额：${text}`);
  return amount;
}

function share(text: string): string {
  const amount = minorOf(text.replace(/%$/, '').trim(), 2);
  if (amount === null) throw wrong(`not a percentage: ${text}`, `不是百分比：${text}`);
  return amount;
}

function code(field: Field, text: string): string {
  const found = enumOf(field).values.slice(1).find((names) => names.some((name) => plain(name) === plain(text)));
  if (found) return found[0];
  const all = enumOf(field).values.slice(1);
  throw wrong(`'${text}' is none of ${all.map(([, , en]) => en).join(', ')}`, `“${text}”不是下列之一：${all.map(([, zh]) => zh).join('、')}`);
}

function yes(text: string): boolean {
  if (/^(?:是|有|yes|true|y|1|√)$/i.test(text)) return true;
  if (/^(?:否|无|no|false|n|0|×)$/i.test(text)) return false;
  throw wrong(`neither yes nor no: ${text}`, `应填“是”或“否”：${text}`);
}

function scalar(field: Field, text: string): string | boolean {
  if (field.type === 'enum') return code(field, text);
  if (field.type === 'bool') return yes(text);
  if (field.format === 'date') return day(text);
  if (field.format === 'money') return minor(text);
  if (field.format === 'bp') return share(text);
  return text;
}

export function valueOf(field: Field, text: string): string | boolean | (string | boolean)[] {
  const told = field.type === 'text' && field.format === undefined ? text.trim() : narrow(text);
  if (!field.list) return scalar(field, told);
  return told.split(/[,，、;；]/).map((one) => one.trim()).filter((one) => one !== '').map((one) => scalar(field, one));
}

// --- rows

export interface SheetRow {
  line: number;  // in the file
  texts: string[];  // of the table's columns
  faults: (Message | null)[];
  ignored: boolean;
}

export interface Sheet {
  heads: (Head | null)[];  // of the columns
  titles: string[];
  rows: SheetRow[];
}

const kTotal = /^(?:合计|总计|小计|本页合计|total|sum)[:：]?/i;

const isMerged: Message = {
  en: 'the cell is merged with another: unmerge them and fill in each', zh: '单元格与其他单元格合并，请取消合并后逐格填写',
};

// Values are never taken from another cell; heads are.
function faultOf(cell: SheetCell | undefined, head: Head | null): Message | null {
  if (cell?.fault) return cell.fault;
  return head && cell?.merged?.trim() ? isMerged : null;
}

const isFilled = ({ text, fault }: SheetCell): boolean => text.trim() !== '' || fault !== undefined;

// The heads are in the first row in which at least two cells name fields; what stands above is a title.
export function sheetOf(kind: Kind, all: SheetRows): Sheet {
  const { titles, columns, end } = headRows(headsOf(kind), all);
  const rows = all.slice(end).filter(({ cells }) => cells.some(isFilled)).map(({ line, cells }) => {
    const texts = titles.map((_, i) => cells[i]?.text ?? '');
    const first = texts.find((text) => text.trim() !== '') ?? '';
    const faults = columns.map((head, i) => faultOf(cells[i], head));
    return { line, texts, faults, ignored: kTotal.test(first.trim()) };
  });
  return { heads: columns, titles, rows };
}

// Heads may go over several rows, merged down or across: a group above its parts, "发票" above "号码".
function headRows(heads: Head[], all: SheetRows): { titles: string[]; columns: (Head | null)[]; end: number } {
  const titleOf = (cell: SheetCell | undefined): string => (cell?.text.trim() || cell?.merged?.trim()) ?? '';
  const at = all.findIndex(({ cells }) => cells.filter((cell) => headNamed(heads, titleOf(cell))).length >= 2);
  if (at < 0) throw wrong('no row has heads of this kind of event; use the template', '没有找到该事件种类的表头，请使用模板');
  let titles = (all[at] as SheetRows[number]).cells.map(titleOf), end = at + 1;
  for (; isHeadToo(heads, all[end], titles); ++end) {
    const { cells } = all[end] as SheetRows[number];
    const width = Math.max(titles.length, cells.length);
    titles = Array.from({ length: width }, (_, i) => joined(heads, titles[i] ?? '', titleOf(cells[i])));
  }
  return { titles, columns: titles.map((title) => headNamed(heads, title)), end };
}

// A row below heads goes on with them when a cell of it is merged with the head above, or when all it says are heads.
function isHeadToo(heads: Head[], row: SheetRows[number] | undefined, titles: string[]): boolean {
  if (row === undefined) return false;
  if (row.cells.some(({ merged = '' }, i) => merged.trim() !== '' && merged.trim() === titles[i])) return true;
  const own = row.cells.map(({ text }) => text.trim());
  const isHead = (text: string, i: number): boolean => headNamed(heads, joined(heads, titles[i] ?? '', text)) !== null;
  return own.some((text) => text !== '') && own.every((text, i) => text === '' || isHead(text, i));
}

function joined(heads: Head[], above: string, own: string): string {
  if (own === '' || own === above) return above;
  const whole = `${above}.${own}`;
  return headNamed(heads, whole) ? whole : own;
}

export type Made = { event: Values } | { column: number | null; what: Message };

function put(into: Values, path: string[], value: Values[string]): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  into[name] = into[name] ?? {};
  put(into[name] as Values, rest, value);
}

const isTwice: Message = { en: 'another column has the same head', zh: '与前面一列表头相同，不能确定以何者为准' };

const isSaid = (text = ''): boolean => text.trim() !== '';

// What a row becomes, without an id.
export function made(kind: Kind, { heads }: Sheet, row: SheetRow): Made {
  const header: Values = {}, body: Values = {};
  for (const [i, head] of heads.entries()) {
    const fault = row.faults[i], text = row.texts[i] ?? '';
    if (fault) return { column: i, what: fault };
    if (head === null || !isSaid(text)) continue;
    const saidBefore = (one: Head | null, at: number): boolean => at < i && one === head && isSaid(row.texts[at]);
    if (heads.some(saidBefore)) return { column: i, what: isTwice };
    try {
      put(head.ofHeader ? header : body, head.path, valueOf(head.field, text));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { column: i, what: error.what };
    }
  }
  return { event: { kind: kind.name, ...header, body } };
}

// The same row of the same ledger has the same id, so that a file that is submitted again records nothing twice; `copy`
// tells equal rows of one file apart.
export function lastingId(origin: Bytes, event: Values, copy: number): string {
  const digest = toHex(fromArray(sha256(Uint8Array.from(`${origin}\n${copy}\n${utf8(JSON.stringify(event))}`, (c) => c.charCodeAt(0)))));
  const hex = `${digest.slice(0, 12)}8${digest.slice(13, 16)}8${digest.slice(17, 32)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export interface Encoded {
  made: Made;
  bytes: Bytes | null;
}

// The column that a fault of the whole event speaks of, by the labels it begins with.
function columnOf(heads: (Head | null)[], { en, zh }: Message): Made {
  const what = { en: en.replace(/^body: /, ''), zh: zh.replace(/^内容：/, '') };
  const column = heads.findIndex((head) => head && what.zh.startsWith(`${head.labels.zh.replace(/\./g, '：')}：`));
  const label = heads[column]?.labels;
  if (!label) return { column: null, what };
  return { column, what: { en: what.en.slice(label.en.length + 2), zh: what.zh.slice(label.zh.length + 1) } };
}

// Names that only one party bears, typed where its code is wanted, become the code.
export function withCodes(sheet: Sheet, codes: Map<string, string>): { sheet: Sheet; found: number } {
  let found = 0;
  const coded = (text: string, i: number): string => {
    const code = sheet.heads[i]?.field.format === 'party' ? codes.get(text.trim()) : undefined;
    if (code !== undefined) found += 1;
    return code ?? text;
  };
  const rows = sheet.rows.map((row) => ({ ...row, texts: row.texts.map(coded) }));
  return { sheet: { ...sheet, rows }, found };
}

export function encoded(kind: Kind, sheet: Sheet, origin: Bytes): Encoded[] {
  const seen = new Map<string, number>();
  return sheet.rows.map((row) => {
    if (row.ignored) return { made: { column: null, what: { en: '', zh: '' } }, bytes: null };
    const one = made(kind, sheet, row);
    if (!('event' in one)) return { made: one, bytes: null };
    const key = JSON.stringify(one.event);
    const copy = seen.get(key) ?? 0;
    seen.set(key, copy + 1);
    try {
      return { made: one, bytes: encodeEvent({ ...one.event, id: lastingId(origin, one.event, copy) }) };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { made: columnOf(sheet.heads, error.what), bytes: null };
    }
  });
}
