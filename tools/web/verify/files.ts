// A file that somebody was given, judged: what it shows, or why not. One row for each kind of file, by its first line.
import { type Bytes, utf8 } from './bytes';
import { type CombinedAnswer, kBundleMagic, verifyBundle } from './bundle';
import { type Disclosure, kDisclosureMagic, verifyDisclosure } from './disclosure';
import { requireAbsenceMeans } from './entity_name';
import { Fault, type Message, unreadable } from './fault';
import { type Fork, kForkMagic, verifyFork } from './fork';
import { VerifyKey } from './key';
import { kLogOfLogsMagic, verifyLogOfLogs } from './log_of_logs';
import { WitnessPolicy } from './policy';
import { kProofMagic } from './proof_file';
import { type VerifiedProof, verifyProof } from './verify';

export { toBase64, toHex } from './bytes';
export { encodeEvent } from './encode';
export { decodeEvent } from './event';
export { Fault } from './fault';
export { visible, visibleText } from './text';

export interface Trust {
  logKey: VerifyKey | null;
  policy: WitnessPolicy | null;
}

export type Shown =
  | { kind: 'proof'; proof: VerifiedProof }
  | { kind: 'bundle'; answer: CombinedAnswer }
  | { kind: 'disclosure'; disclosure: Disclosure }
  | { kind: 'fork'; fork: Fork; trusted: boolean };

export type Verdict =
  | { verdict: 'verified'; shown: Shown }
  | { verdict: 'rejected'; reason: string; what: Message }  // it does not show what it claims
  | { verdict: 'unreadable'; what: Message };  // it is no file, or no key, that can be judged

// Mail programs end lines with CR LF and begin with a mark; no file that is judged here holds a CR of its own.
const withPlainLines = (file: Bytes): Bytes => file.replace(/^\xef\xbb\xbf/, '').replace(/\r\n/g, '\n');

export function readTrust(given: { key: string; policy: Bytes | null }): Trust {
  const key = withPlainLines(utf8(given.key)).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  return {
    logKey: key === '' ? null : VerifyKey.parse(key),
    policy: given.policy === null ? null : WitnessPolicy.parse(given.policy),
  };
}

async function showProof(file: Bytes, trust: Trust): Promise<Shown> {
  if (trust.logKey === null) {
    throw unreadable(
      "the log's public key is needed: from its operator or from a publication, not from whoever gave you the file",
      '须给出日志公钥，应取自运营者或其公告，而非文件提供者',
    );
  }
  const proof = await verifyProof(file, { logKey: trust.logKey, policy: trust.policy });
  const absent = proof.pledge ? proof.pledge.answer === 'UNKNOWN' : proof.entities[0]?.record === null;
  if (absent) requireAbsenceMeans((proof.pledge ? 'ip:' : '') + proof.question.subject);
  return { kind: 'proof', proof };
}

// The key is the authority's that signed the list: it names the keys of the ledgers.
async function showBundle(file: Bytes, trust: Trust, verify: typeof verifyBundle): Promise<Shown> {
  refusePolicy(trust);
  if (trust.logKey === null) {
    throw unreadable('the public key of the authority that signed the list of ledgers is needed', '须给出签署账本名录的机关的公钥');
  }
  return { kind: 'bundle', answer: await verify(file, trust.logKey) };
}

function refusePolicy(trust: Trust): void {
  if (trust.policy === null) return;
  throw unreadable('a witness policy is for proofs; this file carries no cosignatures', '见证策略仅用于证明文件；此文件不含见证联署');
}

async function show(given: Bytes, trust: Trust): Promise<Shown> {
  const file = withPlainLines(given);
  const first = file.slice(0, Math.max(file.indexOf('\n'), 0));
  if (first === kBundleMagic) return showBundle(file, trust, verifyBundle);
  if (first === kLogOfLogsMagic) return showBundle(given, trust, verifyLogOfLogs);  // its bytes are taken as they are
  if (first === kProofMagic) return showProof(file, trust);
  if (first === kDisclosureMagic) {
    refusePolicy(trust);
    return { kind: 'disclosure', disclosure: verifyDisclosure(file) };
  }
  if (first === kForkMagic) {
    refusePolicy(trust);
    return { kind: 'fork', fork: await verifyFork(file, trust.logKey), trusted: trust.logKey !== null };
  }
  const known = [kProofMagic, kBundleMagic, kLogOfLogsMagic, kDisclosureMagic, kForkMagic].join(', ');
  throw unreadable(`expected a file whose first line is one of ${known}`, `文件首行应为 ${known} 之一`);
}

// Never throws for what is in the file.
export async function judge(file: Bytes, trust: Trust): Promise<Verdict> {
  try {
    return { verdict: 'verified', shown: await show(file, trust) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (!error.isRejection) return { verdict: 'unreadable', what: error.what };
    return { verdict: 'rejected', reason: error.reason, what: error.what };
  }
}
