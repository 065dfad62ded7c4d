// The newest checkpoint, held to the key of the log and to the checkpoint that this browser saw last: the older tree
// must be the beginning of the newer one (RFC 9162), recomputed here from the log's tiles.
import { type Bytes, fromArray, toBase64, utf8 } from '../verify/bytes';
import { VerifyKey } from '../verify/key';
import { type Tree, nodeHash, verifyConsistency } from '../verify/merkle';
import { type Checkpoint, openCheckpoint, parseNote } from '../verify/note';
import type { Suite } from '../verify/suite';
import { request } from './api';

const kTileBits = 8n;
const kTileHashes = 256n;
const kHashBytes = 32;

export interface Seen {
  checkpoint: Checkpoint;
  cosignatures: number;
  before: { size: bigint; verdict: 'first' | 'same' | 'consistent' | 'shrunk' | 'forked' };
}

function tilePath(level: bigint, number: bigint, width: bigint): string {
  let name = String(number % 1000n).padStart(3, '0');
  for (let rest = number / 1000n; rest > 0n; rest /= 1000n) name = `x${String(rest % 1000n).padStart(3, '0')}/${name}`;
  return `tile/${level}/${name}${width < kTileHashes ? `.p/${width}` : ''}`;
}

class Tiles {
  private readonly fetched = new Map<string, Promise<Bytes>>();
  constructor(
    private readonly suite: Suite,
    private readonly size: bigint,
  ) {}

  private tile(level: bigint, number: bigint): Promise<Bytes> {
    const hashes = this.size >> (kTileBits * level);
    const width = hashes - number * kTileHashes < kTileHashes ? hashes - number * kTileHashes : kTileHashes;
    const path = tilePath(level, number, width);
    const fetched = this.fetched.get(path) ?? request(path).then(async (response) => {
      const bytes = fromArray(new Uint8Array(await response.arrayBuffer()));
      if (bytes.length !== Number(width) * kHashBytes) throw new RangeError(`${path}: ${bytes.length} bytes`);
      return bytes;
    });
    this.fetched.set(path, fetched);
    return fetched;
  }

  // The root of the 2^level leaves from index * 2^level on.
  private async node(level: bigint, index: bigint): Promise<Bytes> {
    const tileLevel = level / kTileBits;
    const inside = level % kTileBits;
    const first = index << inside;
    const tile = await this.tile(tileLevel, first / kTileHashes);
    const at = Number(first % kTileHashes) * kHashBytes;
    let hashes: Bytes[] = [];
    for (let i = 0; i < 1 << Number(inside); ++i) hashes.push(tile.slice(at + i * kHashBytes, at + (i + 1) * kHashBytes));
    while (hashes.length > 1) {
      hashes = hashes.filter((_, i) => i % 2 === 0).map((left, i) => nodeHash(this.suite, left, hashes[2 * i + 1] as Bytes));
    }
    return hashes[0] as Bytes;
  }

  async root(begin: bigint, size: bigint): Promise<Bytes> {
    const split = splitOf(size);
    if (split * 2n === size || size === 1n) {
      const level = BigInt(size.toString(2).length - 1);
      return this.node(level, begin >> level);
    }
    return nodeHash(this.suite, await this.root(begin, split), await this.root(begin + split, size - split));
  }

  // From the first `from` of the `size` leaves to all of them. `whole`: their root is known to who checks.
  async consistency(from: bigint, begin: bigint, size: bigint, whole: boolean): Promise<Bytes[]> {
    if (from === size) return whole ? [] : [await this.root(begin, size)];
    const split = splitOf(size);
    if (from <= split) {
      return [...(await this.consistency(from, begin, split, whole)), await this.root(begin + split, size - split)];
    }
    return [...(await this.consistency(from - split, begin + split, size - split, false)), await this.root(begin, split)];
  }
}

// The largest power of two below a size above one.
const splitOf = (size: bigint): bigint => (size <= 1n ? 1n : 1n << BigInt((size - 1n).toString(2).length - 1));

const kRemembered = 'pilotledger/checkpoint/';

function remembered(origin: string): Tree | null {
  try {
    const [size, root] = JSON.parse(localStorage.getItem(kRemembered + origin) ?? 'null') as [string, string];
    return { size: BigInt(size), root: atob(root) };
  } catch {
    return null;  // none, or storage that the reader does not allow
  }
}

function remember(origin: string, { size, root }: Tree): void {
  try {
    localStorage.setItem(kRemembered + origin, JSON.stringify([String(size), toBase64(root)]));
  } catch {
    // Storage is the reader's to give; then each visit is the first.
  }
}

async function compare(suite: Suite, before: Tree, now: Tree): Promise<Seen['before']['verdict']> {
  if (before.size === now.size) return before.root === now.root ? 'same' : 'forked';
  if (before.size > now.size) return 'shrunk';
  if (before.size === 0n) return 'consistent';
  const path = await new Tiles(suite, now.size).consistency(before.size, 0n, now.size, true);
  try {
    verifyConsistency(suite, before, now, path);
    return 'consistent';
  } catch {
    return 'forked';
  }
}

export async function look(logKey: string): Promise<Seen> {
  const text = utf8(await (await request('v1/checkpoint', { cache: 'no-cache' })).text());
  const key = VerifyKey.parse(utf8(logKey));
  const checkpoint = await openCheckpoint(text, key);
  const cosignatures = parseNote(text).signatures.filter((one) => one.name !== checkpoint.origin).length;
  const before = remembered(checkpoint.origin);
  const verdict = before === null ? 'first' : await compare(key.suite, before, checkpoint);
  // What contradicts is not forgotten by looking again.
  if (verdict !== 'shrunk' && verdict !== 'forked') remember(checkpoint.origin, checkpoint);
  return { checkpoint, cosignatures, before: { size: before?.size ?? 0n, verdict } };
}
