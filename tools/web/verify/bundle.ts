// The answer of several ledgers: ledger/proof/bundle.h again, written from ledger/proof/README.md.
import { type Bytes, parseDecimal } from './bytes';
import { requireAbsenceMeans } from './entity_name';
import { locatedIn, type Message, rejected } from './fault';
import type { VerifyKey } from './key';
import { type LedgerList, type ListedLedger, openLedgerList } from './ledger_list';
import type { Checkpoint } from './note';
import { type VerifiedProof, verifyProof } from './verify';

export const kBundleMagic = 'pilotledger/bundle/v1';
const kMaxBytes = 64 << 20;

export interface LedgerAnswer {
  origin: Bytes;
  name: Bytes;
  claim: VerifiedProof | null;
  silent: Message | null;  // why there is no claim
}

export type Standing = 'ENCUMBERED' | 'NONE' | 'UNKNOWN' | 'UNCERTAIN';

export interface CombinedAnswer {
  number: Bytes;
  standing: Standing;
  listedBy: Bytes;
  ledgers: LedgerAnswer[];
  parent: { checkpoint: Checkpoint; asOfMs: bigint } | null;
}

export function standingOf(ledgers: LedgerAnswer[]): Standing {
  const statuses = ledgers.map((one) => one.claim?.pledge ?? null);
  if (statuses.some((one) => one !== null && (one.answer === 'ACTIVE' || one.frozen !== ''))) return 'ENCUMBERED';
  if (statuses.some((one) => one === null)) return 'UNCERTAIN';
  return statuses.some((one) => one !== null && one.answer !== 'UNKNOWN') ? 'NONE' : 'UNKNOWN';
}

// Lines and sized parts, one after the other.
export class BundleLines {
  private at = 0;
  constructor(private readonly text: Bytes) {
    if (text.length > kMaxBytes) throw this.bad('more than 64 MiB');
  }
  get atEnd(): boolean {
    return this.at === this.text.length;
  }
  bad(what: string) {
    return rejected('BadFormat', `bundle: ${what}`, `答复集格式错误（${what}）`);
  }
  line(): Bytes {
    const end = this.text.indexOf('\n', this.at);
    if (end < 0) throw this.bad('cut off');
    const line = this.text.slice(this.at, end);
    this.at = end + 1;
    return line;
  }
  field(word: string): Bytes {
    const line = this.line();
    if (!line.startsWith(`${word} `)) throw this.bad(`expected '${word}'`);
    return line.slice(word.length + 1);
  }
  sized(word: string): Bytes {
    const size = parseDecimal(this.field(word));
    if (size === null || size > BigInt(this.text.length - this.at)) throw this.bad(`'${word}' is cut off`);
    const part = this.text.slice(this.at, this.at + Number(size));
    this.at += Number(size);
    return part;
  }
}

// One ledger's answer is about that number, under that number.
export function requireSameRight(listed: ListedLedger, number: Bytes, claim: VerifiedProof): void {
  const { name } = listed.key;
  if (claim.pledge === null || claim.question.subject !== number) {
    throw rejected(
      'WrongQuestion',
      `${name}: expected the pledge answer on ${number}, found a proof about ${claim.question.subject}`,
      `${name}：应为 ${number} 的质押答复，实为关于 ${claim.question.subject} 的证明`,
    );
  }
  if (claim.pledge.number === number) return;
  throw rejected(
    'OtherName',
    `${name} records ${number} as ${claim.pledge.number}; all must be asked for that`,
    `${name} 将 ${number} 记录为 ${claim.pledge.number}；须以后者查询全部账本`,
  );
}

export function requireAll(list: LedgerList, answers: number): void {
  if (list.ledgers.length === answers) return;
  throw rejected(
    'MissingPart',
    `the list has ${list.ledgers.length} ledgers, the file ${answers} proofs`,
    `名录列有 ${list.ledgers.length} 个账本，文件含 ${answers} 个证明`,
  );
}

export async function verifyBundle(text: Bytes, authority: VerifyKey): Promise<CombinedAnswer> {
  const lines = new BundleLines(text);
  lines.line();  // the magic, by which the caller chose
  const number = lines.field('ask');
  const listText = lines.sized('list');
  const proofs: Bytes[] = [];
  while (!lines.atEnd) proofs.push(lines.sized('proof'));
  const list = await openLedgerList(listText, authority);
  requireAbsenceMeans(`ip:${number}`);
  requireAll(list, proofs.length);
  const ledgers: LedgerAnswer[] = [];
  for (const [i, listed] of list.ledgers.entries()) {
    const claim = await verifyProof(proofs[i] as Bytes, { logKey: listed.key, policy: null }).catch((error) => {
      throw locatedIn(listed.key.name, listed.key.name, error);
    });
    requireSameRight(listed, number, claim);
    ledgers.push({ origin: listed.key.name, name: listed.name, claim, silent: null });
  }
  return { number, standing: standingOf(ledgers), listedBy: authority.keyName, ledgers, parent: null };
}
