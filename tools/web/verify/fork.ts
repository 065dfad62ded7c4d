// Evidence that a log signed two histories.
import { type Bytes, parseDecimal, parseDigest } from './bytes';
import { rejected, unreadable } from './fault';
import { VerifyKey } from './key';
import { emptyRoot, verifyConsistency } from './merkle';
import { type Checkpoint, kMaxNoteBytes, openCheckpoint } from './note';

export const kForkMagic = 'pilotledger/fork/v1';
const kMaxHashes = 64;

export interface Fork {
  logKey: VerifyKey;
  first: Checkpoint;
  second: Checkpoint;
}

const badEvidence = (why: string) => unreadable(`fork evidence: ${why}`, `分叉证据格式错误：${why}`);
const noFork = (en: string, zh: string) => rejected('NoFork', en, zh);

class Lines {
  constructor(private rest: Bytes) {}
  line(): Bytes {
    const end = this.rest.indexOf('\n');
    if (end < 0) throw badEvidence('cut off');
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(end + 1);
    return line;
  }
  note(): Bytes {
    const size = parseDecimal(this.line());
    if (size === null || size > BigInt(Math.min(kMaxNoteBytes, this.rest.length))) {
      throw badEvidence('a checkpoint is cut off or longer than 1 MiB');
    }
    const note = this.rest.slice(0, Number(size));
    this.rest = this.rest.slice(Number(size));
    return note;
  }
  hashes(): Bytes[] {
    const hashes: Bytes[] = [];
    while (this.rest !== '') {
      const hash = parseDigest(this.line());
      if (hash === null) throw badEvidence('expected a hash in base64');
      hashes.push(hash);
      if (hashes.length > kMaxHashes + 1) throw badEvidence('more than 64 hashes');
    }
    return hashes;
  }
}

// Needs no key: who trusts the key that the file names sees what it did.
export async function verifyFork(file: Bytes, trusted: VerifyKey | null): Promise<Fork> {
  if (file.length > 4 * kMaxNoteBytes) throw badEvidence('longer than 4 MiB');
  const lines = new Lines(file);
  lines.line();  // the magic, by which the caller chose
  const logKey = VerifyKey.parse(lines.line());
  const [firstNote, secondNote, [prefixRoot, ...consistency]] = [lines.note(), lines.note(), lines.hashes()];
  if (trusted && !trusted.equals(logKey)) {
    throw rejected('UnknownKey', `expected ${trusted.vkey}, found ${logKey.vkey}`, `日志公钥不符：应为 ${trusted.vkey}，实为 ${logKey.vkey}`);
  }
  const first = await openCheckpoint(firstNote, logKey);
  const second = await openCheckpoint(secondNote, logKey);
  if (first.size > second.size) throw badEvidence('the smaller checkpoint comes first');
  if (first.size === second.size) {
    if (prefixRoot !== undefined) throw badEvidence('hashes after two checkpoints of one size');
    if (first.root === second.root) throw noFork('both checkpoints have the same root', '两个检查点的根相同');
    return { logKey, first, second };
  }
  if (prefixRoot === undefined) throw badEvidence('the root of the larger tree at the smaller size is missing');
  if (first.size === 0n && prefixRoot !== emptyRoot(logKey.suite)) throw noFork('an empty tree has one root only', '空树只有一个根');
  verifyConsistency(logKey.suite, { size: first.size, root: prefixRoot }, second, consistency);
  if (prefixRoot === first.root) throw noFork('the larger tree continues the smaller', '大树是小树的延续');
  return { logKey, first, second };
}
