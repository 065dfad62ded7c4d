// Cap'n Proto messages of one segment in canonical form, as ledger/README.md stores events: every object right behind
// the one before, in the order of the pointers, cut to what is not zero. One walk at the start proves that, and with it
// that every later read stays inside the bytes.
import { type Bytes, fromArray, toArray } from './bytes';
import { unreadable } from './fault';

const kMaxNesting = 16;
const kBitsOfSize = [0, 1, 8, 16, 32, 64];
const kPointers = 6;
const kComposite = 7;

const notCanonical = (why: string) => unreadable(`event bytes: ${why}`, `事件字节不规范：${why}`);

interface Pointer {
  isList: boolean;
  target: number;  // word
  dataWords: number;
  pointers: number;
  sizeCode: number;
  count: number;  // of list elements; of words when composite
}

// Elements of a list, or a struct alone: where the data bytes and the pointer words are.
export class StructReader {
  constructor(
    private readonly message: Message,
    readonly dataStart: number,  // byte
    readonly dataBytes: number,
    private readonly pointerStart: number,  // word
    readonly pointerCount: number,
  ) {}

  // Unsigned, little-endian; zero beyond the end.
  number(slot: number, bytes: number): bigint {
    if ((slot + 1) * bytes > this.dataBytes) return 0n;
    let value = 0n;
    for (let i = bytes - 1; i >= 0; --i) value = (value << 8n) | BigInt(this.message.byte(this.dataStart + slot * bytes + i));
    return value;
  }
  bit(slot: number): boolean {
    return slot < this.dataBytes * 8 && ((this.message.byte(this.dataStart + (slot >> 3)) >> (slot & 7)) & 1) === 1;
  }
  dataByte(at: number): number {
    return this.message.byte(this.dataStart + at);
  }
  bytes(slot: number): Bytes {
    return this.message.bytesAt(this.pointerWord(slot));
  }
  text(slot: number): Bytes {
    return this.message.textAt(this.pointerWord(slot));
  }
  struct(slot: number): StructReader {
    return this.message.structAt(this.pointerWord(slot));
  }
  listSize(slot: number): number {
    return this.message.listSizeAt(this.pointerWord(slot));
  }
  structs(slot: number): StructReader[] {
    return this.message.structsAt(this.pointerWord(slot));
  }
  private pointerWord(slot: number): number | null {
    return slot < this.pointerCount ? this.pointerStart + slot : null;
  }
  elementPointer(): number {
    if (this.pointerCount < 1) throw notCanonical('a list of another type');
    return this.pointerStart;
  }
}

export class Message {
  private readonly array: Uint8Array;
  private readonly view: DataView;

  // Throws when the bytes are not canonical.
  constructor(bytes: Bytes) {
    this.array = toArray(bytes);
    this.view = new DataView(this.array.buffer);
    if (this.check(0, 1, kMaxNesting) !== this.words) throw notCanonical('not in canonical form');
  }

  get words(): number {
    return this.array.length / 8;
  }
  root(): StructReader {
    return this.structAt(0);
  }
  byte(at: number): number {
    return this.array[at] as number;
  }

  private isZero(word: number): boolean {
    return this.view.getUint32(word * 8, true) === 0 && this.view.getUint32(word * 8 + 4, true) === 0;
  }

  private pointer(word: number): Pointer | null {
    if (this.isZero(word)) return null;
    const low = this.view.getInt32(word * 8, true);
    const high = this.view.getUint32(word * 8 + 4, true);
    if ((low & 3) > 1) throw notCanonical('a pointer of another kind');
    return {
      isList: (low & 3) === 1,
      target: word + 1 + (low >> 2),
      dataWords: high & 0xffff,
      pointers: high >>> 16,
      sizeCode: high & 7,
      count: high >>> 3,
    };
  }

  // Checks what hangs on the pointer; `next` is the first word that nothing uses yet. Gives the next one after it.
  private check(word: number, next: number, depth: number): number {
    const pointer = this.pointer(word);
    if (pointer === null) return next;
    if (depth === 0) throw notCanonical('nested too deeply');
    const empty = !pointer.isList && pointer.dataWords === 0 && pointer.pointers === 0;
    if (pointer.target !== (empty ? word : next)) throw notCanonical('not in canonical form');
    if (pointer.isList) return this.checkList(pointer, next, depth);
    return this.checkStructs(next, 1, pointer.dataWords, pointer.pointers, depth);
  }

  private checkStructs(start: number, count: number, dataWords: number, pointers: number, depth: number): number {
    const width = dataWords + pointers;
    let next = start + count * width;
    this.requireInside(next);
    const anyAt = (offset: number) => {
      for (let i = 0; i < count; ++i) if (!this.isZero(start + i * width + offset)) return true;
      return false;
    };
    if ((dataWords > 0 && !anyAt(dataWords - 1)) || (pointers > 0 && !anyAt(width - 1))) {
      throw notCanonical('not in canonical form');
    }
    for (let i = 0; i < count && pointers > 0; ++i) {
      for (let p = dataWords; p < width; ++p) next = this.check(start + i * width + p, next, depth - 1);
    }
    return next;
  }

  private checkList(list: Pointer, start: number, depth: number): number {
    if (list.sizeCode === kComposite) return this.checkComposite(list, start, depth);
    if (list.sizeCode === kPointers) {
      let next = start + list.count;
      this.requireInside(next);
      for (let i = 0; i < list.count; ++i) next = this.check(start + i, next, depth - 1);
      return next;
    }
    const bits = (kBitsOfSize[list.sizeCode] as number) * list.count;
    const next = start + Math.ceil(bits / 64);
    this.requireInside(next);
    for (let bit = bits; bit < (next - start) * 64; ++bit) {
      if (((this.byte(start * 8 + (bit >> 3)) >> (bit & 7)) & 1) !== 0) throw notCanonical('not in canonical form');
    }
    return next;
  }

  private checkComposite(list: Pointer, start: number, depth: number): number {
    const { count, dataWords, pointers } = this.tag(start);
    if (count * (dataWords + pointers) !== list.count || count > this.words * 8 + 64) {
      throw notCanonical('not in canonical form');
    }
    return this.checkStructs(start + 1, count, dataWords, pointers, depth);
  }

  private tag(word: number): { count: number; dataWords: number; pointers: number } {
    this.requireInside(word + 1);
    const low = this.view.getUint32(word * 8, true);
    if ((low & 3) !== 0) throw notCanonical('not in canonical form');
    const high = this.view.getUint32(word * 8 + 4, true);
    return { count: low >>> 2, dataWords: high & 0xffff, pointers: high >>> 16 };
  }

  private requireInside(end: number): void {
    if (end > this.words) throw notCanonical('a pointer beyond the end');
  }

  structAt(word: number | null): StructReader {
    const pointer = word === null ? null : this.pointer(word);
    if (pointer === null) return new StructReader(this, 0, 0, 0, 0);
    if (pointer.isList) throw notCanonical('a list where a struct belongs');
    const { target, dataWords, pointers } = pointer;
    return new StructReader(this, target * 8, dataWords * 8, target + dataWords, pointers);
  }

  private list(word: number | null): Pointer | null {
    const pointer = word === null ? null : this.pointer(word);
    if (pointer !== null && !pointer.isList) throw notCanonical('a struct where a list belongs');
    return pointer;
  }

  bytesAt(word: number | null): Bytes {
    const list = this.list(word);
    if (list === null) return '';
    if (list.sizeCode !== 2) throw notCanonical('a list of another type where bytes belong');
    return fromArray(this.array.subarray(list.target * 8, list.target * 8 + list.count));
  }
  textAt(word: number | null): Bytes {
    const bytes = this.bytesAt(word);
    if (word === null || this.pointer(word) === null) return '';
    if (!bytes.endsWith('\0')) throw notCanonical('a text without its end');
    return bytes.slice(0, -1);
  }

  listSizeAt(word: number | null): number {
    const list = this.list(word);
    if (list === null) return 0;
    return list.sizeCode === kComposite ? this.tag(list.target).count : list.count;
  }
  // Elements of whatever width, as Cap'n Proto lets lists grow.
  structsAt(word: number | null): StructReader[] {
    const list = this.list(word);
    if (list === null) return [];
    if (list.sizeCode === 1) throw notCanonical('a list of another type');
    const composite = list.sizeCode === kComposite;
    const tag = composite ? this.tag(list.target) : null;
    const start = (list.target + (composite ? 1 : 0)) * 8;
    const dataBytes = tag ? tag.dataWords * 8 : (kBitsOfSize[list.sizeCode] ?? 0) / 8;
    const pointers = tag ? tag.pointers : list.sizeCode === kPointers ? 1 : 0;
    const width = dataBytes + pointers * 8;
    return Array.from({ length: tag ? tag.count : list.count }, (_, i) => {
      const at = start + i * width;
      return new StructReader(this, at, dataBytes, (at + dataBytes) / 8, pointers);
    });
  }
}
