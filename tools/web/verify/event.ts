// Events read from their bytes, with the checks of events/codec.h: canonical, of known kinds and fields, each value as
// its format says.
import { type Bytes, toHex } from './bytes';
import { Message, type StructReader } from './capnp';
import { unreadable, within } from './fault';
import * as identifiers from './identifiers';
import { type Field, type Kind, type StructInfo, enumOf, schema, structOf } from './schema';
import { checkText } from './text';

const kMaxEventBytes = 65_528;
const kMaxListItems = 4096;
const kSealed = /^hmac:[0-9a-f]{64}$/;

export interface DecodedEvent {
  kind: Kind;
  header: Struct;
  body: Struct;
}

// A struct of known shape. Values are read when asked for.
export class Struct {
  constructor(
    readonly info: StructInfo,
    private readonly reader: StructReader,
  ) {}

  value(field: Field): Value {
    if (field.list) return this.list(field);
    if (field.type === 'struct') return new Struct(structOf(field), this.reader.struct(field.slot));
    return scalarOf(field, this.reader, field.slot);
  }

  private list(field: Field): Value[] {
    if (field.type === 'struct') {
      return this.reader.structs(field.slot).map((reader) => new Struct(structOf(field), reader));
    }
    const numbers = field.type !== 'text' && field.type !== 'data';
    return this.reader.structs(field.slot).map((element) => {
      if (numbers && element.dataBytes < widthOf(field)) throw unreadable('a list of another type', '列表类型不符');
      if (!numbers) element.elementPointer();
      return scalarOf({ ...field, default: 0 }, element, 0);
    });
  }

  checkLayout(): void {
    const { mask, pointers, name } = this.info;
    let known = this.reader.dataBytes <= mask.length && this.reader.pointerCount <= pointers;
    for (let i = 0; known && i < this.reader.dataBytes; ++i) known = (this.reader.dataByte(i) & ~(mask[i] as number)) === 0;
    if (!known) throw unreadable(`${name} has fields this version does not know`, `${name} 含有本版本不认识的字段`);
  }
  listSize(field: Field): number {
    return this.reader.listSize(field.slot);
  }
  union(slot: number): number {
    return Number(this.reader.number(slot, 2));
  }
  child(info: StructInfo, slot: number): Struct {
    return new Struct(info, this.reader.struct(slot));
  }
}

// Numbers of all widths and enums, booleans; text and data as bytes.
export type Value = bigint | boolean | Bytes | Struct | Value[];

const widthOf = (field: Field): number => (field.type === 'enum' ? 2 : Number(/[0-9]+$/.exec(field.type)) / 8);

function scalarOf(field: Field, reader: StructReader, slot: number): bigint | boolean | Bytes {
  if (field.type === 'text') return reader.text(slot);
  if (field.type === 'data') return reader.bytes(slot);
  if (field.type === 'bool') return reader.bit(slot);
  const width = widthOf(field);
  const bits = reader.number(slot, width) ^ BigInt(field.default ?? 0);
  return field.type.startsWith('int') ? BigInt.asIntN(8 * width, bits) : bits;
}

const missing = (field: Field) => unreadable(`required, but empty (${field.label[1]})`, `必填项为空（${field.label[0]}）`);

// The spelling in which a text of this field is recorded.
export function canonicalText(format: string | undefined, text: Bytes): Bytes {
  if (format === 'party') return identifiers.canonicalParty(text);
  if (format === 'ip') return identifiers.canonicalIp(text);
  if (format === 'division') return identifiers.canonicalDivision(text);
  if (format === 'decimal') return identifiers.canonicalDecimal(text);
  if (format === 'id') return identifiers.canonicalId(text);
  if (format === 'docno') return identifiers.canonicalDocNo(text);
  checkText(text);
  return text;
}

function checkTextField(field: Field, text: Bytes): void {
  if (field.sealed !== undefined && kSealed.test(text)) return;
  const good = canonicalText(field.format, text) === text && !(field.sealed !== undefined && text.startsWith('hmac:'));
  if (!good) throw unreadable('not the canonical spelling', '非规范写法');
}

function checkData(field: Field, data: Bytes): void {
  const expected = field.format === 'uuid' ? 16 : 32;
  if (data.length !== expected) {
    throw unreadable(`expected ${expected} bytes, found ${data.length}`, `应为 ${expected} 字节，实为 ${data.length} 字节`);
  }
  if (field.format === 'uuid' && !isEventId(data)) {
    throw unreadable('an event id is a UUID of version 7 or 8', '事件编号应为第 7 或第 8 版 UUID');
  }
}

function isEventId(id: Bytes): boolean {
  const version = id.charCodeAt(6) >> 4;
  return (version === 7 || version === 8) && id.charCodeAt(8) >> 6 === 2;
}

// yyyymmdd of a day that there is.
export function isCivilDate(date: number): boolean {
  const [year, month, day] = [Math.trunc(date / 10_000), Math.trunc(date / 100) % 100, date % 100] as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  const [first, last] = schema.years;
  return year >= first && year <= last && days !== undefined && day >= 1 && day <= days;
}

function checkNumber(field: Field, value: bigint): void {
  if (field.type === 'enum') {
    if (value >= BigInt(enumOf(field).values.length)) throw unreadable(`unknown value ${value}`, `没有取值 ${value}`);
    if (value === 0n && (field.required || field.list)) throw missing(field);
    return;
  }
  if (value === 0n) {
    if (field.required) throw missing(field);
    return;
  }
  const bad =
    (field.format === 'date' && !isCivilDate(Number(value))) ||
    (field.format === 'money' && value === -(1n << 63n)) ||
    (field.format === 'currency' && !schema.currencies.some(([numeric]) => BigInt(numeric) === value));
  if (bad) throw unreadable(`no ${field.format}: ${value}`, `取值不合规定：${value}`);
}

function checkValue(field: Field, value: Value): void {
  if (value instanceof Struct) return checkStruct(value);
  if (typeof value === 'bigint') return checkNumber(field, value);
  if (value === '' || value === false) {
    if (field.required) throw missing(field);
    return;
  }
  if (field.type === 'text') checkTextField(field, value as Bytes);
  if (field.type === 'data') checkData(field, value as Bytes);
}

function checkField(struct: Struct, field: Field): void {
  if (!field.list) return checkValue(field, struct.value(field));
  const size = struct.listSize(field);
  if (size === 0 && field.required) throw missing(field);
  if (size > kMaxListItems) throw unreadable(`a list of more than ${kMaxListItems} items`, `列表超过 ${kMaxListItems} 项`);
  if (size === 0) return;
  for (const value of struct.value(field) as Value[]) checkValue(field, value);
}

function checkStruct(struct: Struct): void {
  struct.checkLayout();
  for (const field of struct.info.fields) {
    within(field.name, field.label[0], () => checkField(struct, field));
  }
}

// Throws when the bytes are no event of this version.
export function decodeEvent(bytes: Bytes): DecodedEvent {
  if (bytes.length === 0 || bytes.length % 8 !== 0 || bytes.length > kMaxEventBytes) {
    throw unreadable(`event bytes: expected 8 to ${kMaxEventBytes} bytes, a multiple of 8`, '事件字节长度不合规定');
  }
  const header = new Struct(schema.structs[schema.header] as StructInfo, new Message(bytes).root());
  const kind = schema.kinds[header.union(schema.kindSlot)];
  if (kind === undefined) throw unreadable('unknown event kind number', '未知事件种类');
  checkStruct(header);
  const body = header.child(schema.structs[kind.body] as StructInfo, kind.slot);
  within('body', '内容', () => checkStruct(body));
  return { kind, header, body };
}

export function textField(struct: Struct, name: string): Bytes {
  const field = struct.info.fields.find((one) => one.name === name);
  if (field === undefined) throw new TypeError(`the schema has no field ${struct.info.name}.${name}`);
  return struct.value(field) as Bytes;
}

export function uuidText(id: Bytes): string {
  return toHex(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
