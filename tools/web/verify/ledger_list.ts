// Which ledgers there are, as an authority signed it (ledger/proof/README.md, "List of ledgers").
import type { Bytes } from './bytes';
import { asReason, becauseOf, rejected } from './fault';
import { VerifyKey } from './key';
import { findSignature, noteBytes, parseNote, verifyNote } from './note';
import { checkText } from './text';

export const kLedgerListMagic = 'pilotledger/ledgers/v1';
const kMaxLedgers = 4096;
const kMaxText = 512;

export interface ListedLedger {
  key: VerifyKey;  // its name is the origin
  url: Bytes;
  name: Bytes;
}

export interface LedgerList {
  parent: ListedLedger | null;
  ledgers: ListedLedger[];  // by origin, bytewise
}

const badList = (line: number, en: string, zh: string) =>
  rejected('BadFormat', `list of ledgers, line ${line}: ${en}`, `账本名录第 ${line} 行：${zh}`);

function isPlain(text: Bytes): boolean {
  if (text === '' || text.length > kMaxText || text.startsWith(' ') || text.endsWith(' ')) return false;
  try {
    checkText(text);
    return true;
  } catch {
    return false;
  }
}

function parseLine(text: Bytes, line: number): { word: Bytes; listed: ListedLedger } {
  const found = /^(parent|ledger) ([^ ]*) ([^ ]*) ([^ ]*) ([^]*)$/.exec(text);
  if (!found) throw badList(line, "expected 'ledger ORIGIN VKEY URL NAME' or 'parent …'", '应为“ledger 账本 公钥 地址 名称”');
  const [, word, origin, vkey, url, name] = found as unknown as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];
  const key = asReason('BadFormat', () => VerifyKey.parse(vkey));
  if (key.name !== origin) throw badList(line, 'the key is not one of that ledger', '密钥名称与账本名称不符');
  if (!isPlain(url) || !isPlain(name)) throw badList(line, 'expected an address and a name', '应有地址与名称');
  return { word, listed: { key, url, name } };
}

function requireDistinct({ parent, ledgers }: LedgerList): void {
  if (ledgers.length === 0) throw rejected('BadFormat', 'the list names no ledger', '名录中没有账本');
  const all = parent === null ? ledgers : [...ledgers, parent];
  const distinct = new Set(all.map((one) => one.key.name)).size === all.length && new Set(all.map((one) => one.url)).size === all.length;
  if (!distinct) throw rejected('BadFormat', 'a ledger or an address is listed twice', '账本或地址重复列名');
}

function parseList(text: Bytes): LedgerList {
  const [magic, ...lines] = text.split('\n');
  if (magic !== kLedgerListMagic) throw badList(1, `expected ${kLedgerListMagic}`, `应为 ${kLedgerListMagic}`);
  const notCanonical = () =>
    rejected('NotCanonical', 'the list is spelled in another way than lists are written', '名录写法不规范');
  if (lines.pop() !== '') throw notCanonical();
  const list: LedgerList = { parent: null, ledgers: [] };
  lines.forEach((line, i) => {
    const { word, listed } = parseLine(line, i + 2);
    if (word === 'ledger') {
      if (list.ledgers.length === kMaxLedgers) throw badList(i + 2, 'too many ledgers', '账本数量超限');
      list.ledgers.push(listed);
    } else if (list.parent !== null) {
      throw badList(i + 2, 'a second parent', '重复的上级账本');
    } else {
      list.parent = listed;
      if (i > 0) throw notCanonical();
    }
  });
  requireDistinct(list);
  if (list.ledgers.some(({ key }, i) => i > 0 && (list.ledgers[i - 1] as ListedLedger).key.name >= key.name)) throw notCanonical();
  return list;
}

// What the note says, whoever signed it.
export const readLedgerList = (text: Bytes): LedgerList => parseList(asReason('BadFormat', () => parseNote(text)).text);

// A list that the key signed.
export async function openLedgerList(text: Bytes, authority: VerifyKey): Promise<LedgerList> {
  const note = asReason('BadFormat', () => parseNote(text));
  if (noteBytes(note) !== text) {
    throw rejected('NotCanonical', 'the list is spelled in another way than lists are written', '名录写法不规范');
  }
  if (findSignature(note, authority) === undefined) {
    throw rejected('UnknownKey', `the list is not signed by ${authority.keyName}`, `名录没有密钥 ${authority.keyName} 的签名`);
  }
  await verifyNote(note, authority).catch((error) => {
    throw becauseOf('BadSignature', error);
  });
  return parseList(note.text);
}
