// The answer of several ledgers at the instant that a parent recorded: ledger/proof/log_of_logs.h again.
import { type Bytes, numberBytes, parseDigest, readNumber } from './bytes';
import { BundleLines, type CombinedAnswer, type LedgerAnswer, requireAll, requireSameRight, standingOf } from './bundle';
import { requireAbsenceMeans } from './entity_name';
import { asReason, type Message, locatedIn, rejected } from './fault';
import type { VerifyKey } from './key';
import { type LedgerList, type ListedLedger, openLedgerList, readLedgerList } from './ledger_list';
import { type Checkpoint, parseEntry } from './note';
import { type ProofEntity, type ProofEntry, type ProofFile, parseProof } from './proof_file';
import { type EntityRecord, parseRecord } from './record';
import { type VerifiedProof, checkProof, verifyParsed } from './verify';

export const kLogOfLogsMagic = 'pilotledger/bundle/v2';
const kMaxLogPath = 64;
const kMaxMapPath = 256;
const kMaxHashes = 0xffff;

interface RecordedLedger {
  listed: ProofEntity;
  last: ProofEntry | null;
  records: ProofEntity[];
}

const notCanonical = () =>
  rejected('NotCanonical', 'the file is spelled in another way than bundles are written', '文件写法不规范');

// Every read is bounded by what is left.
class ByteReader {
  private at = 0;
  constructor(private readonly all: Bytes) {}
  get atEnd(): boolean {
    return this.at === this.all.length;
  }
  bytes(size: number): Bytes {
    if (size > this.all.length - this.at) throw rejected('BadFormat', 'bundle: cut off', '答复集不完整');
    this.at += size;
    return this.all.slice(this.at - size, this.at);
  }
  number(width: number): number {
    return Number(readNumber(this.bytes(width), 0, width));
  }
  text(): Bytes {
    return this.bytes(this.number(4));
  }
  path(most: number): Bytes[] {
    const count = this.number(2);
    if (count > most) throw rejected('PathTooLong', 'a path has too many hashes', '路径过长');
    return Array.from({ length: count }, () => this.bytes(32));
  }
}

// Hashes of the paths in the parent's map: each once, by first use, and all of them used.
class HashTable {
  private used = 0;
  constructor(private readonly hashes: Bytes[]) {
    if (new Set(hashes).size < hashes.length) throw notCanonical();
  }
  at(place: number): Bytes {
    const hash = this.hashes[place];
    if (hash === undefined) throw rejected('BadFormat', 'bundle: no such hash', '答复集格式错误');
    if (place > this.used) throw notCanonical();
    this.used = Math.max(this.used, place + 1);
    return hash;
  }
  get allUsed(): boolean {
    return this.used === this.hashes.length;
  }
}

const escaped = (text: Bytes): Bytes => text.replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'));

// The record with what the list says of the ledger already: left out where it is the same.
function withListed(text: Bytes, listed: ListedLedger): Bytes {
  const record = asReason('BadRecord', () => parseRecord(text));
  const lines = text.slice(0, -1).split('\n');
  for (const [name, value] of [['name', listed.name], ['url', listed.url], ['vkey', listed.key.vkey]] as const) {
    const said = record.all(name);
    if (said.length === 1 && said[0] === value) throw notCanonical();
    if (said.length === 0) lines.push(`${name}=${escaped(value)}`);
  }
  const nameOf = (line: Bytes) => line.slice(0, line.indexOf('='));
  const [trail, ...attributes] = lines;
  attributes.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));  // stable
  return `${[trail, ...attributes].join('\n')}\n`;
}

function takeEntity(input: ByteReader, number: Bytes): ProofEntity {
  const word = input.number(1);
  const own = [`ip:${number}`, `ipalias:${number}`];
  const key = word === 0 ? input.text() : own[word - 1];
  const siblings = input.path(kMaxMapPath);
  const kind = input.number(1);
  if (key === undefined || (word === 0 && own.includes(key)) || kind > 2) throw notCanonical();
  if (kind === 2) return { key, map: { siblings, otherLeaf: null }, record: input.text() };
  const otherLeaf: [Bytes, Bytes] | null = kind === 1 ? [input.bytes(32), input.bytes(32)] : null;
  return { key, map: { siblings, otherLeaf }, record: null };
}

// The index of the last entry is the recorded size less one.
function takeLast(input: ByteReader, listed: EntityRecord): ProofEntry {
  const index = numberBytes(BigInt.asUintN(64, listed.number('size') - 1n), 8);
  const entry = parseEntry(`\x01\x01${index}${input.bytes(8 + 32 + 32 + 4 + 32)}`);
  return { entry, path: input.path(kMaxLogPath), event: null, submission: null };
}

function takeListed(input: ByteReader, hashes: HashTable, listed: ListedLedger): ProofEntity {
  const siblings = Array.from({ length: input.number(1) }, () => hashes.at(input.number(2)));
  return { key: `ledger:${listed.key.name}`, map: { siblings, otherLeaf: null }, record: withListed(input.text(), listed) };
}

function takeLedger(input: ByteReader, listed: ProofEntity, number: Bytes): RecordedLedger {
  const { record } = listed;
  if (record === null) throw rejected('MissingPart', 'a ledger without a record', '缺少账本记录');
  const parsed = asReason('BadRecord', () => parseRecord(record));
  if (whyNotAsked(parsed) !== null) return { listed, last: null, records: [] };
  const last = takeLast(input, parsed);
  const records = Array.from({ length: input.number(2) }, () => takeEntity(input, number));
  return { listed, last, records };
}

interface LogOfLogs {
  number: Bytes;
  list: Bytes;
  parent: ProofFile;
  ledgers: RecordedLedger[];
}

function parseLogOfLogs(text: Bytes): LogOfLogs {
  const lines = new BundleLines(text);
  lines.line();  // the magic, by which the caller chose
  const number = lines.field('ask');
  const list = lines.sized('list');
  const listed = readLedgerList(list);
  const parent = parseProof(lines.sized('parent'));
  const [first, ...more] = parent.entities;
  if (first === undefined || more.length > 0) throw lines.bad('the parent proves one record');
  const input = new ByteReader(lines.sized('ledgers'));
  const hashes = new HashTable(input.path(kMaxHashes));
  const ledgers = listed.ledgers.map((one, i) =>
    takeLedger(input, i === 0 ? first : takeListed(input, hashes, one), number));
  if (!lines.atEnd || !input.atEnd || !hashes.allUsed) throw notCanonical();
  return { number, list, parent, ledgers };
}

// Whether the parent's record lets the ledger be asked: it has recorded a checkpoint, and no second history.
function whyNotAsked(listed: EntityRecord): Message | null {
  if (listed.get('state') === 'forked') {
    return {
      en: 'it signed two histories, as the parent records: its answers cannot be relied on',
      zh: '上级账本记录其签署过两份历史：其答复不足为凭',
    };
  }
  if (listed.get('root') !== '') return null;
  return { en: 'the parent has recorded no checkpoint of it yet', zh: '上级账本尚未记录其检查点' };
}

function recordedCheckpoint(listed: ListedLedger, record: EntityRecord): Checkpoint {
  const origin = listed.key.name;
  if (record.get('vkey') !== listed.key.vkey) {
    throw rejected('UnknownKey', `the parent knows ${origin} by another key than the list`, `上级账本所记 ${origin} 的公钥与名录不同`);
  }
  const root = parseDigest(record.get('root'));
  const size = record.number('size');
  if (root === null || size <= 0n) throw rejected('BadRecord', `${origin}: no size and root`, `${origin}：缺少规模与日志根`);
  return { origin, size, root };
}

async function checkRecordedAnswer(
  listed: ListedLedger, record: EntityRecord, given: RecordedLedger, number: Bytes,
): Promise<VerifiedProof> {
  const checkpoint = recordedCheckpoint(listed, record);
  const origin = listed.key.name;
  if (given.last === null) throw rejected('MissingPart', `${origin} has not answered`, `${origin} 未作答`);
  const file: ProofFile = {
    suite: listed.key.suite, question: { kind: 'pledge', subject: number }, checkpoint: '', timestamps: [], rotations: [],
    entries: [given.last], entities: given.records,
  };
  const claim = await checkProof(file, checkpoint, [listed.key]).catch((error) => {
    throw locatedIn(origin, origin, error);
  });
  requireSameRight(listed, number, claim);
  return claim;
}

async function check(proof: LogOfLogs, list: LedgerList, authority: VerifyKey): Promise<CombinedAnswer> {
  requireAbsenceMeans(`ip:${proof.number}`);
  if (list.parent === null) throw rejected('MissingPart', 'the list names no parent', '名录未列上级账本');
  requireAll(list, proof.ledgers.length);
  if (proof.parent.question.kind !== 'entity') {
    throw rejected('WrongQuestion', "the parent's proof is not of a record", '上级账本的证明所证并非记录');
  }
  const { claim: fixed, logKeys } = await verifyParsed(proof.parent, { logKey: list.parent.key, policy: null });
  const ledgers: LedgerAnswer[] = [];
  for (const [i, listed] of list.ledgers.entries()) {
    const given = proof.ledgers[i] as RecordedLedger;
    const origin = listed.key.name;
    const own: ProofFile = { ...proof.parent, question: { kind: 'entity', subject: `ledger:${origin}` }, entities: [given.listed] };
    const recorded = (await checkProof(own, fixed.checkpoint, logKeys)).entities[0]?.record ?? null;
    if (recorded === null) throw rejected('MissingPart', `the parent does not list ${origin}`, `上级账本未列名 ${origin}`);
    const silent = whyNotAsked(recorded);
    const claim = silent === null ? await checkRecordedAnswer(listed, recorded, given, proof.number) : null;
    ledgers.push({ origin, name: listed.name, claim, silent });
  }
  const parent = { checkpoint: fixed.checkpoint, asOfMs: fixed.asOfMs };
  return { number: proof.number, standing: standingOf(ledgers), listedBy: authority.keyName, ledgers, parent };
}

export async function verifyLogOfLogs(text: Bytes, authority: VerifyKey): Promise<CombinedAnswer> {
  const proof = parseLogOfLogs(text);
  return check(proof, await openLedgerList(proof.list, authority), authority);
}
