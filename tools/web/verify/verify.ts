// Checks proof files offline. Trusts the reader's key and nothing in the file; the same checks in the same order as
// ledger/proof/verify.cpp, written from ledger/proof/README.md.
import type { Bytes } from './bytes';
import { decodeEvent, textField } from './event';
import { asReason, becauseOf, locatedIn, rejected, within } from './fault';
import { canonicalIp } from './identifiers';
import { VerifyKey } from './key';
import { checkKeyChain } from './key_chain';
import { leafHash, verifyInclusion } from './merkle';
import {
  type Checkpoint, type Entry, type Note, type NoteSignature, findSignature, keyNameOf, parseCheckpoint, parseNote,
  parseSubmission,
} from './note';
import { type PledgeStatus, pledgeStatus } from './pledge';
import type { Cosigned, WitnessPolicy } from './policy';
import { type ProofEntry, type ProofFile, type Question, parseProof } from './proof_file';
import { type EntityRecord, emptyTrail, extendTrail, parseRecord, verifyAbsence, verifyPresence } from './record';
import { hash } from './suite';

export interface ProvenSigner {
  key: Bytes;
  party: Bytes;  // empty for the log's own key
  boundBy: bigint | null;
}

export interface ProvenEntry {
  entry: Entry;
  event: Bytes | null;  // null: withheld, its digest stands for it
  signers: ProvenSigner[];
}

export interface ProvenEntity {
  key: Bytes;
  record: EntityRecord | null;
}

// What a proof shows, all of it as of `checkpoint`.
export interface VerifiedProof {
  question: Question;
  checkpoint: Checkpoint;
  signedBy: Bytes;
  keyChanges: bigint[];
  cosignatures: Cosigned[];  // by witnesses of the reader's policy
  cosignaturesGiven: number;
  timestampsGiven: number;  // counted, never looked at
  asOfMs: bigint;
  entries: ProvenEntry[];
  entities: ProvenEntity[];
  pledge: PledgeStatus | null;
}

const unexpected = (what: string) => rejected('UnexpectedPart', `${what} does not belong to the question`, `${what} 与所问无关`);
const last = <T>(items: T[]): T => items[items.length - 1] as T;

interface BoundKey {
  index: bigint;
  party: Bytes;
  key: VerifyKey;
  used: boolean;
}

class ProofChecker {
  private readonly claim: VerifiedProof;

  constructor(
    private readonly file: ProofFile,
    private readonly checkpoint: Checkpoint,
    private readonly logKeys: VerifyKey[],
  ) {
    this.claim = {
      question: file.question,
      checkpoint,
      signedBy: last(logKeys).keyName,
      keyChanges: file.rotations.map((one) => one.entry.index),
      cosignatures: [],
      cosignaturesGiven: 0,
      timestampsGiven: file.timestamps.length,
      asOfMs: 0n,
      entries: [],
      entities: [],
      pledge: null,
    };
  }

  async run(): Promise<VerifiedProof> {
    this.checkEntries();
    const kind = this.file.question.kind;
    if (kind === 'event' || kind === 'entry') await this.checkEvent();
    if (kind === 'entity') this.checkEntity();
    if (kind === 'history') this.checkHistory();
    if (kind === 'pledge') this.checkPledge();
    return this.claim;
  }

  // Each entry is in the tree, each event is the entry's.
  private checkEntries(): void {
    if (this.file.entries.length === 0) throw rejected('MissingPart', 'no entry', '缺少条目');
    let previous = -1n;
    for (const one of this.file.entries) {
      const index = one.entry.index;
      if (previous >= index) throw rejected('NotCanonical', 'entries out of order', '条目次序不规范');
      within(`entry ${index}`, `第 ${index} 条`, () => {
        verifyInclusion(this.file.suite, index, this.checkpoint, leafHash(this.file.suite, one.entry.bytes), one.path);
      });
      if (one.event !== null && hash(this.file.suite, one.event) !== one.entry.eventDigest) {
        throw rejected('WrongEvent', `entry ${index} has the digest of another event`, `第 ${index} 条的摘要属于另一事件`);
      }
      previous = index;
    }
  }

  private async checkEvent(): Promise<void> {
    const { entries, entities, question } = this.file;
    const asked = entries.find((one) => String(one.entry.index) === question.subject);
    if (entries.some((one) => one !== asked && one.submission !== null)) throw unexpected('the submission of another entry');
    if (asked === undefined || asked.submission === null) {
      throw rejected('MissingPart', 'the entry asked for, with its submission', '缺少所问条目及其提交文本');
    }
    if (entities.length > 0) throw unexpected('an entity');
    const shown = question.kind === 'event';
    if (shown && asked.event === null) throw rejected('MissingPart', 'the event asked for', '缺少所问事件');
    if (!shown && asked.event !== null) throw unexpected('the event of the entry asked for');
    const proven: ProvenEntry = { entry: asked.entry, event: asked.event, signers: [] };
    this.claim.entries.push(proven);
    this.claim.asOfMs = asked.entry.recordedAtMs;
    await this.checkSubmission(asked, asked.submission, proven);
  }

  private async checkSubmission(asked: ProofEntry, part: { note: Bytes; path: Bytes[] }, proven: ProvenEntry): Promise<void> {
    const { suite } = this.file;
    if (hash(suite, part.note) !== asked.entry.submissionDigest) {
      throw rejected('WrongSubmission', 'the entry names another submission', '条目所指为另一提交');
    }
    const note = asReason('BadFormat', () => parseNote(part.note));
    const body = asReason('BadFormat', () => parseSubmission(note.text));
    if (body.origin !== this.checkpoint.origin) {
      throw rejected('WrongOrigin', `signed for the ledger ${body.origin}`, `该提交是为账本 ${body.origin} 签署的`);
    }
    const event = asked.event;
    if (event !== null) {
      within('place in the submission', '提交内位置', () => {
        verifyInclusion(suite, asked.entry.position, body, leafHash(suite, event), part.path);
      });
    } else if (part.path.length > 0) {
      throw unexpected('the place of an event that is withheld');
    }
    const keys = this.boundKeys(asked);
    for (const signature of note.signatures) proven.signers.push(await this.checkSigner(asked, note, signature, keys));
    const unused = keys.find((key) => !key.used);
    if (unused) throw unexpected(`entry ${unused.index}`);
  }

  // The other entries of the file: each bound a key, before the entry asked for.
  private boundKeys(asked: ProofEntry): BoundKey[] {
    return this.file.entries.filter((one) => one !== asked).map(({ entry: { index }, event }) => {
      if (index > asked.entry.index || event === null) throw unexpected(`entry ${index}`);
      const { kind, body } = asReason('BadEvent', () => decodeEvent(event));
      if (kind.name !== 'KeyBound') throw unexpected(`entry ${index}`);
      const key = asReason('BadKey', () => VerifyKey.parse(textField(body, 'key')));
      return { index, party: textField(body, 'party'), key, used: false };
    });
  }

  private async checkSigner(asked: ProofEntry, note: Note, signature: NoteSignature, keys: BoundKey[]): Promise<ProvenSigner> {
    const isBy = (key: VerifyKey) => key.name === signature.name && key.id === signature.id;
    const verified = (key: VerifyKey) => verifyAs('BadSignature', key, note.text, signature.signature);
    // A log key signs the submission that founds the ledger, and later what names the next one, which lists its keys.
    const { index, position } = asked.entry;
    const own = index === position || this.file.rotations.some((one) => one.entry.index === index);
    const logKey = this.logKeys.find(isBy);
    if (own && logKey) {
      await verified(logKey);
      return { key: keyNameOf(signature), party: '', boundBy: null };
    }
    const bound = keys.find((key) => !key.used && isBy(key.key));
    if (!bound) {
      const name = keyNameOf(signature);
      throw rejected('UnknownKey', `no entry of the file binds the key ${name}`, `文件中没有绑定密钥 ${name} 的条目`);
    }
    await verified(bound.key);
    bound.used = true;
    return { key: keyNameOf(signature), party: bound.party, boundBy: bound.index };
  }

  // The last entry of the tree ends a commit, so it carries the state root.
  private lastEntry(): { entry: Entry; stateRoot: Bytes } {
    const { entry } = last(this.file.entries);
    const size = this.checkpoint.size;
    if (entry.index + 1n === size && entry.stateRoot !== null) return { entry, stateRoot: entry.stateRoot };
    throw rejected(
      'MissingStateRoot',
      `the last entry of ${size} is not there, or has no state root`,
      `缺少第 ${size} 条（最后一条）或其状态根`,
    );
  }

  // Each entity is, or is not, under the state root.
  private checkEntities(): void {
    const { suite, entries, entities } = this.file;
    const { entry, stateRoot } = this.lastEntry();
    this.claim.asOfMs = entry.recordedAtMs;
    if (entries.some((one) => one.submission !== null)) throw unexpected('a submission');
    for (const [i, one] of entities.entries()) {
      const before = entities[i - 1];
      if (before && before.key >= one.key) throw rejected('NotCanonical', 'entities out of order', '对象次序不规范');
      const { key, record, map } = one;
      const keyHash = hash(suite, key);
      within(key, key, () => {
        if (record !== null) verifyPresence(suite, stateRoot, keyHash, hash(suite, record), map);
        else verifyAbsence(suite, stateRoot, keyHash, map);
      });
      const parsed = record === null ? null : asReason('BadRecord', () => parseRecord(record));
      this.claim.entities.push({ key, record: parsed });
    }
  }

  private requireTheEntity(): void {
    const { entities, question } = this.file;
    if (entities.length === 1 && entities[0]?.key === question.subject) return;
    throw rejected('MissingPart', 'the entity asked for, and no other', '应恰有所问对象');
  }

  private requireOneEntry(): void {
    if (this.file.entries.length !== 1 || this.file.entries[0]?.event !== null) throw unexpected('an event');
  }

  private checkEntity(): void {
    this.requireTheEntity();
    this.requireOneEntry();
    this.checkEntities();
  }

  // The entries fold to the trail in the record: there are no others.
  private checkHistory(): void {
    this.requireTheEntity();
    this.checkEntities();
    let trail = emptyTrail();
    for (const one of this.file.entries) {
      const { entry, event } = one;
      if (event === null) {
        if (one === last(this.file.entries)) break;  // there for its state root
        throw rejected('MissingPart', `the event of entry ${entry.index}`, `缺少第 ${entry.index} 条的事件`);
      }
      trail = extendTrail(this.file.suite, trail, entry.index, entry.eventDigest);
      this.claim.entries.push({ entry, event, signers: [] });
    }
    const recorded = this.claim.entities[0]?.record?.trail ?? emptyTrail();
    if (trail.count === recorded.count && trail.hash === recorded.hash) return;
    throw rejected(
      'TrailMismatch',
      `the record has a trail of ${recorded.count} entries, the file shows ${trail.count} that lead elsewhere`,
      `记录的轨迹含 ${recorded.count} 条，文件所示 ${trail.count} 条与之不符`,
    );
  }

  private checkPledge(): void {
    this.requireOneEntry();
    this.checkEntities();
    const { subject } = this.file.question;
    if (!isCanonicalIp(subject)) {
      throw rejected('NotCanonical', 'the number is not in its recorded spelling', '知识产权编号写法不规范');
    }
    const used = new Set<Bytes>();
    this.claim.pledge = pledgeStatus((key) => {
      const entity = this.claim.entities.find((one) => one.key === key);
      if (!entity) throw rejected('MissingPart', `the answer also rests on ${key}`, `答复还须依据 ${key}`);
      used.add(key);
      return entity.record;
    }, subject);
    const unused = this.claim.entities.find((one) => !used.has(one.key));
    if (unused) throw unexpected(unused.key);
  }
}

function isCanonicalIp(number: Bytes): boolean {
  try {
    return canonicalIp(number) === number;
  } catch {
    return false;
  }
}

async function verifyAs(reason: string, key: VerifyKey, message: Bytes, signature: Bytes): Promise<void> {
  await key.verify(message, signature).catch((error) => {
    throw becauseOf(reason, error);
  });
}

// The newest key signed; and where older ones of the chain signed too, they did so before it and well.
async function checkLogSignatures(note: Note, logKeys: VerifyKey[]): Promise<void> {
  let from = 0;
  for (const signature of note.signatures) {
    const isBy = (key: VerifyKey) => findSignature(note, key) === signature;
    if (!logKeys.some(isBy)) continue;
    const at = logKeys.findIndex((key, i) => i >= from && isBy(key));
    if (at < 0) throw rejected('NotCanonical', "the log's signatures are out of order", '日志签名次序有误');
    await verifyAs('BadSignature', logKeys[at] as VerifyKey, note.text, signature.signature);
    from = at + 1;
  }
  const newest = last(logKeys);
  if (findSignature(note, newest) !== undefined) return;
  throw rejected('UnknownKey', `the checkpoint is not signed by ${newest.keyName}`, `检查点没有密钥 ${newest.keyName} 的签名`);
}

// What the reader has from elsewhere, not from the file.
export interface ProofTrust {
  logKey: VerifyKey;  // any that the log has signed with
  policy: WitnessPolicy | null;  // given: the cosignatures must make its quorum
}

export async function verifyProof(text: Bytes, trust: ProofTrust): Promise<VerifiedProof> {
  return (await verifyParsed(parseProof(text), trust)).claim;
}

// All of it but the signatures of the checkpoint: for one who verified those before.
export const checkProof = (file: ProofFile, checkpoint: Checkpoint, logKeys: VerifyKey[]): Promise<VerifiedProof> =>
  new ProofChecker(file, checkpoint, logKeys).run();

// Of a file that is read already; with the keys that the log signed with, up to the one that signed its checkpoint.
export async function verifyParsed(
  file: ProofFile,
  trust: ProofTrust,
): Promise<{ claim: VerifiedProof; logKeys: VerifyKey[] }> {
  let note: Note;
  try {
    note = parseNote(file.checkpoint);
  } catch (error) {
    throw becauseOf('BadFormat', locatedIn('checkpoint', '检查点', error));
  }
  const checkpoint = asReason('BadFormat', () => parseCheckpoint(note.text));
  if (file.suite !== trust.logKey.suite) {
    throw rejected('WrongSuite', "the file names another suite than the log key's", '密码套件与日志密钥不符');
  }
  const logKeys = await checkKeyChain(file, checkpoint, trust.logKey);
  const signer = last(logKeys);
  await checkLogSignatures(note, logKeys);
  if (checkpoint.origin !== signer.name) {
    throw rejected('WrongOrigin', `expected ${signer.name}, found ${checkpoint.origin}`, `来源应为 ${signer.name}，实为 ${checkpoint.origin}`);
  }
  const claim = await checkProof(file, checkpoint, logKeys);
  claim.cosignaturesGiven = note.signatures.filter((one) => one.name !== checkpoint.origin).length;
  if (trust.policy !== null) {
    claim.cosignatures = await trust.policy.requireQuorum(note).catch((error) => {
      throw becauseOf('BadSignature', error);
    });
  }
  return { claim, logKeys };
}
