// Public keys of logs, parties and witnesses in the C2SP form NAME+ID+BASE64, and their signatures.
import { type Bytes, parseBase64, toArray, toBase64, toHex } from './bytes';
import { verifyEd25519 } from './ed25519';
import { unreadable } from './fault';
import { isSm2Point, verifySm2 } from './sm2';
import { type Suite, hash } from './suite';

const kMaxNameBytes = 200;

// What a key is used for: the type byte of each suite, and the identifier behind the private type 0xff.
const kNoteKey = { ed25519: '\x01', sm2: '\xffgmt0003-sm2-sm3-v1', sm2Type: '\xff' };
const kCosigner = { ed25519: '\x04', sm2: '\xffpilotledger-cosignature-v1-sm2-sm3' };

export function checkKeyName(name: Bytes): void {
  const bad = /[\x00-\x20\x7f+]|\xe3\x80\x80|\xc2\xa0/;  // U+3000 and U+00A0 are spaces too
  if (name !== '' && name.length <= kMaxNameBytes && !bad.test(name)) return;
  throw unreadable(
    "key name: expected 1 to 200 bytes without spaces or '+'",
    '密钥名称应为 1 至 200 字节，不含空格和“+”',
  );
}

export class VerifyKey {
  private constructor(
    readonly suite: Suite,
    readonly name: Bytes,
    readonly publicKey: Bytes,
    readonly id: string,  // of notes: eight hexadecimal digits
  ) {}

  static of(suite: Suite, name: Bytes, publicKey: Bytes): VerifyKey {
    checkKeyName(name);
    const good = suite === 'ed25519-sha256' ? publicKey.length === 32 : isSm2Point(publicKey);
    if (!good) throw unreadable('public key: of the wrong length, or not a point of the curve', '公钥长度不符或不在曲线上');
    const typed = suite === 'ed25519-sha256' ? kNoteKey.ed25519 : kNoteKey.sm2;
    return new VerifyKey(suite, name, publicKey, idOf(suite, name, typed + publicKey));
  }

  static parse(vkey: Bytes): VerifyKey {
    const { name, id, typed } = parts(vkey);
    if (typed[0] !== kNoteKey.ed25519 && typed[0] !== kNoteKey.sm2Type) throw badKey('unknown key type');
    const key = VerifyKey.of(typed[0] === kNoteKey.ed25519 ? 'ed25519-sha256' : 'sm2-sm3', name, typed.slice(1));
    if (key.id !== id) throw badKey('the id does not belong to the key');
    return key;
  }

  get keyName(): Bytes {
    return `${this.name}+${this.id}`;
  }
  get vkey(): Bytes {
    const type = this.suite === 'ed25519-sha256' ? kNoteKey.ed25519 : kNoteKey.sm2Type;
    return `${this.keyName}+${toBase64(type + this.publicKey)}`;
  }
  equals(other: VerifyKey): boolean {
    return this.vkey === other.vkey;
  }

  async verify(message: Bytes, signature: Bytes): Promise<void> {
    const good =
      this.suite === 'ed25519-sha256'
        ? await verifyEd25519(toArray(message), toArray(signature), toArray(this.publicKey))
        : verifySm2(message, signature, this.publicKey);
    if (good) return;
    throw unreadable(`the signature of key ${this.keyName} does not verify`, `密钥 ${this.keyName} 的签名验证失败`);
  }
}

// A witness's key: another type byte, hence another id, for the same public key.
export class CosignerKey {
  private constructor(
    readonly key: VerifyKey,
    readonly id: string,
  ) {}

  static parse(vkey: Bytes): CosignerKey {
    const { name, id, typed } = parts(vkey);
    const national = typed.startsWith(kCosigner.sm2);
    if (!national && typed[0] !== kCosigner.ed25519) throw badKey("the key is not of a cosigner's type");
    const suite = national ? 'sm2-sm3' : 'ed25519-sha256';
    const key = VerifyKey.of(suite, name, typed.slice(national ? kCosigner.sm2.length : 1));
    const cosigner = new CosignerKey(key, idOf(suite, name, typed));
    if (cosigner.id !== id) throw badKey('the id does not belong to the key');
    return cosigner;
  }
  get name(): Bytes {
    return this.key.name;
  }
  get keyName(): Bytes {
    return `${this.name}+${this.id}`;
  }
}

function idOf(suite: Suite, name: Bytes, typed: Bytes): string {
  return toHex(hash(suite, name, '\n', typed).slice(0, 4));
}

function parts(vkey: Bytes): { name: Bytes; id: Bytes; typed: Bytes } {
  const first = vkey.indexOf('+');
  const second = first < 0 ? -1 : vkey.indexOf('+', first + 1);
  if (second < 0 || second !== first + 9) throw badKey('expected name+id+key');
  const typed = parseBase64(vkey.slice(second + 1));
  if (typed === null || typed === '') throw badKey('malformed key');
  return { name: vkey.slice(0, first), id: vkey.slice(first + 1, second), typed };
}

const badKey = (why: string) =>
  unreadable(`public key: ${why}; a key looks like NAME+ID+BASE64`, '公钥格式错误，应为“名称+编号+BASE64”');
