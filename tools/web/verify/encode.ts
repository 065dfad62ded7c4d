// Events written as the bytes that are signed: from their JSON form (events/json.h) to Cap'n Proto in canonical form.
// What this gives is read back by decodeEvent() before anybody signs it.
import { type Bytes, fromArray, parseHex, utf8 } from './bytes';
import { canonicalText, decodeEvent } from './event';
import { unreadable, within } from './fault';
import { type Field, type Kind, type StructInfo, enumOf, schema, structOf } from './schema';

export type EventValue = string | number | boolean | EventValue[] | { [name: string]: EventValue };

// What a pointer leads to.
type Object =
  | { type: 'struct'; struct: BuiltStruct }
  | { type: 'structs'; structs: BuiltStruct[] }
  | { type: 'bytes'; bytes: Bytes }
  | { type: 'numbers'; numbers: number[] }  // of two bytes
  | { type: 'pointers'; objects: Object[] };

interface BuiltStruct {
  data: Uint8Array;  // whole words
  pointers: (Object | null)[];
}

const kWord = 8;

function cut(struct: BuiltStruct): BuiltStruct {
  let words = struct.data.length / kWord;
  while (words > 0 && struct.data.subarray((words - 1) * kWord, words * kWord).every((byte) => byte === 0)) --words;
  let pointers = struct.pointers.length;
  while (pointers > 0 && struct.pointers[pointers - 1] === null) --pointers;
  return { data: struct.data.slice(0, words * kWord), pointers: struct.pointers.slice(0, pointers) };
}

// Objects one behind the other, each before what it points to.
class Writer {
  private bytes: number[] = [0, 0, 0, 0, 0, 0, 0, 0];

  static message(root: BuiltStruct): Bytes {
    const writer = new Writer();
    writer.put(0, { type: 'struct', struct: cut(root) });
    return fromArray(Uint8Array.from(writer.bytes));
  }

  private get words(): number {
    return this.bytes.length / kWord;
  }
  private allocate(words: number): number {
    const start = this.words;
    for (let i = 0; i < words * kWord; ++i) this.bytes.push(0);
    return start;
  }
  private word(at: number, low: number, high: number): void {
    for (let i = 0; i < 4; ++i) {
      this.bytes[at * kWord + i] = (low >>> (8 * i)) & 0xff;
      this.bytes[at * kWord + 4 + i] = (high >>> (8 * i)) & 0xff;
    }
  }
  private point(from: number, target: number, kind: number, high: number): void {
    this.word(from, ((target - from - 1) << 2) | kind, high);
  }
  private copy(at: number, data: Uint8Array): void {
    data.forEach((byte, i) => {
      this.bytes[at * kWord + i] = byte;
    });
  }

  private put(from: number, object: Object): void {
    if (object.type === 'struct') this.putStruct(from, object.struct);
    if (object.type === 'structs') this.putStructs(from, object.structs);
    if (object.type === 'bytes') this.putPlain(from, Uint8Array.from(object.bytes, (c) => c.charCodeAt(0)), 2, object.bytes.length);
    if (object.type === 'numbers') {
      this.putPlain(from, Uint8Array.from(object.numbers.flatMap((n) => [n & 0xff, n >> 8])), 3, object.numbers.length);
    }
    if (object.type === 'pointers') {
      const start = this.allocate(object.objects.length);
      this.point(from, start, 1, (object.objects.length << 3) | 6);
      object.objects.forEach((one, i) => this.put(start + i, one));
    }
  }
  private putPlain(from: number, data: Uint8Array, sizeCode: number, count: number): void {
    const start = this.allocate(Math.ceil(data.length / kWord));
    this.point(from, start, 1, (count << 3) | sizeCode);
    this.copy(start, data);
  }
  private putPointers(at: number, pointers: (Object | null)[]): void {
    pointers.forEach((object, i) => object && this.put(at + i, object));
  }
  private putStruct(from: number, { data, pointers }: BuiltStruct): void {
    const words = data.length / kWord;
    const start = this.allocate(words + pointers.length);
    this.point(from, words + pointers.length === 0 ? from : start, 0, words | (pointers.length << 16));
    this.copy(start, data);
    this.putPointers(start + words, pointers);
  }
  private putStructs(from: number, structs: BuiltStruct[]): void {
    const words = Math.max(...structs.map(({ data }) => data.length / kWord));
    const pointers = Math.max(...structs.map((one) => one.pointers.length));
    const width = words + pointers;
    const tag = this.allocate(1 + structs.length * width);
    this.point(from, tag, 1, ((structs.length * width) << 3) | 7);
    this.word(tag, structs.length << 2, words | (pointers << 16));
    structs.forEach(({ data }, i) => this.copy(tag + 1 + i * width, data));
    structs.forEach((one, i) => this.putPointers(tag + 1 + i * width + words, one.pointers));
  }
}

// --- from JSON

const wrong = (field: Field) => unreadable(`not a value of ${field.label[1]}`, `${field.label[0]}的取值不合规定`);

function wholeNumber(field: Field, value: EventValue): bigint {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrong(field);
  if (field.format === 'date') {
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(String(value))) throw wrong(field);
    return BigInt(String(value).replace(/-/g, ''));
  }
  if (field.format === 'currency') {
    const currency = schema.currencies.find(([, code]) => code === value);
    if (!currency) throw wrong(field);
    return BigInt(currency[0]);
  }
  if (field.type === 'enum') {
    const index = enumOf(field).values.findIndex(([code]) => code === value);
    if (index < 0) throw wrong(field);
    return BigInt(index);
  }
  if (!/^-?[0-9]{1,20}$/.test(String(value)) || (typeof value === 'number' && !Number.isSafeInteger(value))) throw wrong(field);
  return BigInt(value);
}

function bytesOf(field: Field, value: EventValue): Bytes {
  if (typeof value !== 'string') throw wrong(field);
  if (field.type === 'text') return canonicalText(field.format, spelled(value));
  const bytes = parseHex(field.format === 'uuid' ? value.replace(/-/g, '') : value);
  if (bytes === null) throw wrong(field);
  return bytes;
}

// One spelling of what people type: composed, full-width letters and digits as ASCII, single blanks.
function spelled(text: string): Bytes {
  const narrow = text.normalize('NFC').replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (c) => c.normalize('NFKC'));
  return utf8(narrow.replace(/[\p{Zs}\t]+/gu, ' ').replace(/ *\n */g, '\n').trim());
}

const textObject = (field: Field, bytes: Bytes): Object => ({ type: 'bytes', bytes: field.type === 'text' ? `${bytes}\0` : bytes });

function listObject(field: Field, value: EventValue): Object | null {
  if (!Array.isArray(value)) throw wrong(field);
  if (value.length === 0) return null;
  if (field.type === 'struct') return { type: 'structs', structs: value.map((one) => cut(structFrom(structOf(field), one))) };
  if (field.type === 'text' || field.type === 'data') {
    return { type: 'pointers', objects: value.map((one) => textObject(field, bytesOf(field, one))) };
  }
  return { type: 'numbers', numbers: value.map((one) => Number(wholeNumber(field, one))) };
}

function putNumber(data: Uint8Array, field: Field, value: EventValue): void {
  if (field.type === 'bool') {
    if (value === true) data[field.slot >> 3] = (data[field.slot >> 3] as number) | (1 << (field.slot & 7));
    return;
  }
  const width = field.type === 'enum' ? 2 : Number(/[0-9]+$/.exec(field.type)) / 8;
  const number = wholeNumber(field, value);
  const bits = BigInt.asUintN(8 * width, number);
  const back = field.type.startsWith('int') ? BigInt.asIntN(8 * width, bits) : bits;
  if (back !== number) throw wrong(field);
  const stored = bits ^ BigInt(field.default ?? 0);
  for (let i = 0; i < width; ++i) data[field.slot * width + i] = Number((stored >> BigInt(8 * i)) & 0xffn);
}

function putField(struct: BuiltStruct, field: Field, value: EventValue): void {
  if (field.list) {
    struct.pointers[field.slot] = listObject(field, value);
  } else if (field.type === 'struct') {
    const inner = cut(structFrom(structOf(field), value));
    struct.pointers[field.slot] = { type: 'struct', struct: inner };
  } else if (field.type === 'text' || field.type === 'data') {
    const bytes = bytesOf(field, value);
    struct.pointers[field.slot] = bytes === '' ? null : textObject(field, bytes);
  } else {
    putNumber(struct.data, field, value);
  }
}

function structFrom(info: StructInfo, value: EventValue): BuiltStruct {
  if (typeof value !== 'object' || Array.isArray(value)) throw unreadable(`${info.name}: expected an object`, `${info.name}：应为对象`);
  const struct: BuiltStruct = {
    data: new Uint8Array(info.mask.length),
    pointers: Array.from({ length: info.pointers }, () => null),
  };
  for (const [name, one] of Object.entries(value)) {
    const field = info.fields.find((each) => each.name === name);
    if (!field) throw unreadable(`${info.name} has no field '${name}'`, `${info.name}没有字段“${name}”`);
    within(field.label[1], field.label[0], () => putField(struct, field, one));
  }
  return struct;
}

// The event's bytes. `json` as the command line takes it, the id included. Throws what is wrong with it.
export function encodeEvent(json: { [name: string]: EventValue }): Bytes {
  const { kind: kindName, body = {}, ...header } = json;
  const index = schema.kinds.findIndex(({ name }) => name === kindName);
  const kind = schema.kinds[index] as Kind | undefined;
  if (kind === undefined) throw unreadable('no such kind of event', '没有此事件种类');
  const event = structFrom(schema.structs[schema.header] as StructInfo, header);
  event.data[schema.kindSlot * 2] = index & 0xff;
  event.data[schema.kindSlot * 2 + 1] = index >> 8;
  const inner = within('body', '内容', () => cut(structFrom(schema.structs[kind.body] as StructInfo, body)));
  event.pointers[kind.slot] = { type: 'struct', struct: inner };
  const bytes = Writer.message(event);
  decodeEvent(bytes);
  return bytes;
}

// UUID version 7 (RFC 9562).
export function newEventId(nowMs: number, random: Uint8Array): string {
  const bytes = [...random.subarray(0, 10)];
  const time = BigInt(nowMs).toString(16).padStart(12, '0');
  bytes[0] = 0x70 | ((bytes[0] as number) & 0x0f);
  bytes[2] = 0x80 | ((bytes[2] as number) & 0x3f);
  const hex = time + bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

