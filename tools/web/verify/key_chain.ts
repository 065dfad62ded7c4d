// The log keys that a proof file shows, each named by the one before.
import type { Bytes } from './bytes';
import { decodeEvent, textField } from './event';
import { asReason, becauseOf, locatedIn, rejected } from './fault';
import { VerifyKey } from './key';
import { leafHash, verifyInclusion } from './merkle';
import { type Checkpoint, parseNote, parseSubmission, verifyNote } from './note';
import type { ProofEntry, ProofFile } from './proof_file';
import { hash } from './suite';

const broken = (en: string, zh: string) => rejected('BrokenKeyChain', en, zh);

interface KeyChange {
  from: VerifyKey;
  to: VerifyKey;
}

function readChange(file: ProofFile, one: ProofEntry): KeyChange {
  const { event, submission } = one;
  if (event === null || submission === null) {
    throw rejected('MissingPart', 'the event that names the next log key, with its submission', '缺少日志密钥轮换事件及其提交文本');
  }
  if (hash(file.suite, event) !== one.entry.eventDigest) {
    throw rejected('WrongEvent', 'its digest is of another event', '摘要属于另一事件');
  }
  const decoded = asReason('BadEvent', () => decodeEvent(event));
  if (decoded.kind.name !== 'LogKeyRotated') throw broken('the event names no log key', '该事件并非日志密钥轮换');
  return asReason('BadKey', () => ({
    from: VerifyKey.parse(textField(decoded.body, 'oldKey')),
    to: VerifyKey.parse(textField(decoded.body, 'newKey')),
  }));
}

// The outgoing key signs this event alone, for this log.
async function checkSignature(file: ProofFile, origin: Bytes, one: ProofEntry, outgoing: VerifyKey): Promise<void> {
  const { note: text, path } = one.submission as NonNullable<ProofEntry['submission']>;
  if (hash(file.suite, text) !== one.entry.submissionDigest) {
    throw rejected('WrongSubmission', 'the entry names another submission', '条目所指为另一提交');
  }
  const note = asReason('BadFormat', () => parseNote(text));
  const body = asReason('BadFormat', () => parseSubmission(note.text));
  if (body.origin !== origin) {
    throw rejected('WrongOrigin', `signed for the ledger ${body.origin}`, `该提交是为账本 ${body.origin} 签署的`);
  }
  if (body.size !== 1n || path.length > 0 || body.root !== leafHash(file.suite, one.event as Bytes)) {
    throw broken('what was signed is not this event alone', '所签署的并非仅此事件');
  }
  await verifyNote(note, outgoing).catch((error) => {
    throw becauseOf('BadSignature', error);
  });
}

async function checkChange(file: ProofFile, checkpoint: Checkpoint, one: ProofEntry): Promise<KeyChange> {
  const leaf = leafHash(file.suite, one.entry.bytes);
  verifyInclusion(file.suite, one.entry.index, checkpoint, leaf, one.path);
  const change = readChange(file, one);
  const alike = change.from.name === checkpoint.origin && change.to.name === checkpoint.origin;
  if (!alike || change.to.suite !== change.from.suite) {
    throw broken('a key of another log or suite', '密钥属于其他日志或套件');
  }
  await checkSignature(file, checkpoint.origin, one, change.from);
  return change;
}

// The keys in the order in which they were in force; the last one signs the checkpoint. `trusted` is among them.
export async function checkKeyChain(file: ProofFile, checkpoint: Checkpoint, trusted: VerifyKey): Promise<VerifyKey[]> {
  const chain: VerifyKey[] = [];
  for (const [i, one] of file.rotations.entries()) {
    const index = one.entry.index;
    const before = file.rotations[i - 1];
    if (before && before.entry.index >= index) {
      throw rejected('NotCanonical', 'changes of the log key out of order', '日志密钥轮换次序不规范');
    }
    const change = await checkChange(file, checkpoint, one).catch((error) => {
      throw locatedIn(`change of the log key, entry ${index}`, `日志密钥轮换，第 ${index} 条`, error);
    });
    const last = chain[chain.length - 1];
    if (last && !last.equals(change.from)) {
      throw broken(`entry ${index} does not go on from the key before`, `第 ${index} 条与前一密钥不相接`);
    }
    chain.push(...(last ? [] : [change.from]), change.to);
  }
  if (chain.length === 0) chain.push(trusted);
  if (chain.some((key) => key.equals(trusted))) return chain;
  throw rejected('UnknownKey', `the log's keys do not include ${trusted.keyName}`, `日志的各把密钥中没有 ${trusted.keyName}`);
}
