// RFC 6962 trees over either hash: the checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
import type { Bytes } from './bytes';
import { rejected } from './fault';
import { type Suite, hash } from './suite';

export const leafHash = (suite: Suite, entry: Bytes): Bytes => hash(suite, '\x00', entry);
export const nodeHash = (suite: Suite, left: Bytes, right: Bytes): Bytes => hash(suite, '\x01', left, right);
export const emptyRoot = (suite: Suite): Bytes => hash(suite);

export interface Tree {
  size: bigint;
  root: Bytes;
}

// A walk from a leaf or subtree to the root. `onLeft` says that the sibling stands left of what is carried.
class Climb {
  constructor(
    private position: bigint,
    private last: bigint,
  ) {}
  get isAtRoot(): boolean {
    return this.last === 0n;
  }
  step(): 'left' | 'right' {
    if (this.isAtRoot) throw rejected('PathTooLong', 'more hashes than levels', '路径过长');
    const left = (this.position & 1n) !== 0n || this.position === this.last;
    while (left && (this.position & 1n) === 0n && this.position !== 0n) this.up();
    this.up();
    return left ? 'left' : 'right';
  }
  up(): void {
    this.position >>= 1n;
    this.last >>= 1n;
  }
}

export function verifyInclusion(suite: Suite, index: bigint, tree: Tree, leaf: Bytes, path: Bytes[]): void {
  if (index >= tree.size) throw rejected('BadIndex', 'the index is not below the size', '序号不小于树的大小');
  const climb = new Climb(index, tree.size - 1n);
  let running = leaf;
  for (const sibling of path) {
    running = climb.step() === 'left' ? nodeHash(suite, sibling, running) : nodeHash(suite, running, sibling);
  }
  if (!climb.isAtRoot) throw rejected('PathTooShort', 'fewer hashes than levels', '路径过短');
  if (running !== tree.root) throw rejected('WrongRoot', 'the path leads to another root', '路径得到的根不一致');
}

export function verifyConsistency(suite: Suite, from: Tree, to: Tree, path: Bytes[]): void {
  if (from.size > to.size) throw rejected('BadSize', 'the older tree is larger', '旧树大于新树');
  if (from.size === to.size || from.size === 0n) {
    if (path.length > 0) throw rejected('PathTooLong', 'no hash is needed', '路径过长');
    if (from.size === to.size && from.root !== to.root) {
      throw rejected('WrongRoot', 'same size, other root', '大小相同而根不同');
    }
    return;
  }
  if (path.length === 0) throw rejected('PathTooShort', 'empty', '路径过短');
  let position = from.size - 1n;
  let last = to.size - 1n;
  for (; (position & 1n) !== 0n; position >>= 1n) last >>= 1n;
  const climb = new Climb(position, last);
  const [first, ...others] = position === 0n ? [from.root, ...path] : (path as [Bytes, ...Bytes[]]);
  let old = first as Bytes;
  let now = old;
  for (const sibling of others) {
    if (climb.step() === 'left') {
      old = nodeHash(suite, sibling, old);
      now = nodeHash(suite, sibling, now);
    } else {
      now = nodeHash(suite, now, sibling);
    }
  }
  if (!climb.isAtRoot) throw rejected('PathTooShort', 'fewer hashes than levels', '路径过短');
  if (old !== from.root || now !== to.root) {
    throw rejected('WrongRoot', 'the path leads to other roots', '路径得到的根不一致');
  }
}
