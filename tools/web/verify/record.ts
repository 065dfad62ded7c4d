// What the ledger records of an entity, its place under the state root, and the trail of the entries that name it.
import { type Bytes, numberBytes, parseHex } from './bytes';
import { rejected, unreadable } from './fault';
import { type Suite, hash } from './suite';

const kMaxMapPath = 256;
const kPlaceholder = 'SPARSE_MERKLE_PLACEHOLDER_HASH__';

export interface MapProof {
  siblings: Bytes[];
  otherLeaf: [Bytes, Bytes] | null;  // key hash and value hash of the leaf that lies there instead
}

const leafOf = (suite: Suite, key: Bytes, value: Bytes): Bytes => hash(suite, 'JMT::LeafNode', key, value);
const bitOf = (key: Bytes, depth: number): number => (key.charCodeAt(depth >> 3) >> (7 - (depth & 7))) & 1;

function verifyPath(suite: Suite, root: Bytes, keyHash: Bytes, start: Bytes, siblings: Bytes[]): void {
  if (siblings.length > kMaxMapPath) throw rejected('PathTooLong', 'more than 256 levels', '路径超过 256 层');
  let running = start;
  siblings.forEach((sibling, i) => {
    const right = bitOf(keyHash, siblings.length - 1 - i) === 1;
    running = hash(suite, 'JMT::IntrnalNode', right ? sibling : running, right ? running : sibling);
  });
  if (running !== root) throw rejected('WrongRoot', 'the path leads to another root', '路径得到的根不一致');
}

export function verifyPresence(suite: Suite, root: Bytes, keyHash: Bytes, valueHash: Bytes, proof: MapProof): void {
  verifyPath(suite, root, keyHash, leafOf(suite, keyHash, valueHash), proof.siblings);
}

export function verifyAbsence(suite: Suite, root: Bytes, keyHash: Bytes, proof: MapProof): void {
  if (proof.otherLeaf === null) return verifyPath(suite, root, keyHash, kPlaceholder, proof.siblings);
  const [otherKey, otherValue] = proof.otherLeaf;
  if (otherKey === keyHash) throw rejected('WrongKind', 'the leaf is the key itself', '该叶子正是所查对象');
  if (proof.siblings.length > kMaxMapPath) throw rejected('PathTooLong', 'more than 256 levels', '路径超过 256 层');
  if (proof.siblings.some((_, depth) => bitOf(otherKey, depth) !== bitOf(keyHash, depth))) {
    throw rejected('BadPrefix', "the other leaf does not lie on the key's path", '另一叶子不在所查路径上');
  }
  verifyPath(suite, root, keyHash, leafOf(suite, otherKey, otherValue), proof.siblings);
}

export interface Trail {
  count: bigint;
  hash: Bytes;
}

export const emptyTrail = (): Trail => ({ count: 0n, hash: '\0'.repeat(32) });

export function extendTrail(suite: Suite, trail: Trail, index: bigint, eventDigest: Bytes): Trail {
  const folded = hash(suite, 'pilotledger/trail/v1\n', trail.hash, numberBytes(index, 8), eventDigest);
  return { count: trail.count + 1n, hash: folded };
}

export class EntityRecord {
  constructor(
    readonly trail: Trail,
    readonly attributes: [name: Bytes, value: Bytes][],
  ) {}
  all(name: string): Bytes[] {
    return this.attributes.filter(([key]) => key === name).map(([, value]) => value);
  }
  get(name: string): Bytes {
    return this.all(name)[0] ?? '';
  }
  number(name: string): bigint {
    const digits = /^-?[0-9]+/.exec(this.get(name));
    const value = digits ? BigInt(digits[0]) : 0n;
    return BigInt.asIntN(64, value) === value ? value : 0n;
  }
}

const badRecord = (what: string) => unreadable(`entity record: ${what}`, `对象记录格式错误（${what}）`);

function parseTrail(line: Bytes): Trail {
  const found = /^trail (0|[1-9][0-9]{0,19}) ([0-9a-f]{64})$/.exec(line);
  const count = found ? BigInt(found[1] as string) : 0n;
  if (!found || count >> 64n !== 0n) throw badRecord('bad trail');
  return { count, hash: parseHex(found[2] as string) as Bytes };
}

function parseAttribute(line: Bytes): [Bytes, Bytes] {
  const equals = line.indexOf('=');
  if (!/^[a-z0-9.-]+$/.test(line.slice(0, Math.max(equals, 0)))) throw badRecord('expected name=value');
  const text = line.slice(equals + 1);
  if (/\\(?![\\n])/.test(text.replace(/\\\\/g, ''))) throw badRecord('bad escape');
  if (text === '') throw badRecord('empty value');
  return [line.slice(0, equals), text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : '\\'))];
}

export function parseRecord(text: Bytes): EntityRecord {
  if (!text.endsWith('\n')) throw badRecord('empty, or no newline at the end');
  const [first, ...lines] = text.slice(0, -1).split('\n');
  const trail = parseTrail(first as Bytes);
  const attributes = lines.map(parseAttribute);
  attributes.forEach(([name, value], i) => {
    const [before, valueBefore] = attributes[i - 1] ?? ['', ''];
    const ascending = before < name || (before === name && valueBefore < value);
    if (!ascending) throw badRecord('attributes out of order');
  });
  return new EntityRecord(trail, attributes);
}
