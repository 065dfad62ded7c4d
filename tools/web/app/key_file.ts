// Key files as `pilotledger key new` writes them: a line "Name: NAME", then PKCS#8 in PEM, encrypted by PBES2 or not.
// Opened here and nowhere else: the secret goes into a CryptoKey that cannot be taken out where the browser has
// Ed25519, else into a closure; it is neither stored nor sent.
import { ed25519 } from '@noble/curves/ed25519';
import { sm2 } from 'sm-crypto-v2';
import { type Bytes, fromArray, numberBytes, parseHex, toArray, toBase64, toHex, utf8 } from '../verify/bytes';
import { VerifyKey } from '../verify/key';
import { NotDer, elementsOf, kInteger, kObject, kOctets, kSequence, takeTagged } from './der';

export type KeyFault = 'wrongFile' | 'noName' | 'wrongPassphrase' | 'unknownCipher' | 'insecure';

export class KeyError extends Error {
  constructor(readonly fault: KeyFault) {
    super(fault);
  }
}

export interface OpenKey {
  key: VerifyKey;
  sign(message: Bytes): Promise<Bytes>;
}

const kObjects = {
  ed25519: '2b6570',
  ec: '2a8648ce3d0201',
  sm2: '2a811ccf5501822d',
  pbes2: '2a864886f70d01050d',
  pbkdf2: '2a864886f70d01050c',
};
const kPrfs: Record<string, string> = {
  '2a864886f70d0207': 'SHA-1',
  '2a864886f70d0209': 'SHA-256',
  '2a864886f70d020b': 'SHA-512',
};
const kCiphers: Record<string, number> = {
  '608648016503040102': 128,
  '60864801650304012a': 256,
};
const kMostIterations = 10_000_000;

interface Pem {
  name: string;
  encrypted: boolean;
  der: Bytes;
}

function parsePem(text: string): Pem {
  const block = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END (?:ENCRYPTED )?PRIVATE KEY-----/.exec(text);
  const name = /^Name: (.+)$/m.exec(text);
  if (!block) throw new KeyError('wrongFile');
  if (!name) throw new KeyError('noName');
  try {
    return { name: (name[1] as string).trim(), encrypted: block[1] !== undefined, der: atob((block[2] as string).replace(/\s/g, '')) };
  } catch {
    throw new KeyError('wrongFile');
  }
}

const numberOf = (bytes: Bytes): number => parseInt(toHex(bytes), 16);

// PBES2 with PBKDF2 and AES-CBC, as OpenSSL writes it.
async function decrypt(der: Bytes, passphrase: string): Promise<Bytes> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new KeyError('insecure');
  const [algorithm, data] = elementsOf(takeTagged(der, kSequence).content);
  const [scheme, parameters] = elementsOf(algorithm?.content ?? '');
  if (!data || !parameters || toHex(scheme?.content ?? '') !== kObjects.pbes2) throw new KeyError('unknownCipher');
  const [derivation, encryption] = elementsOf(parameters.content).map((one) => elementsOf(one.content));
  const bits = kCiphers[toHex(encryption?.[0]?.content ?? '')];
  if (bits === undefined || toHex(derivation?.[0]?.content ?? '') !== kObjects.pbkdf2) throw new KeyError('unknownCipher');
  const [salt, iterations, ...more] = elementsOf(derivation?.[1]?.content ?? '');
  const prf = more.find((one) => one.tag === kSequence);
  const hash = prf ? kPrfs[toHex(takeTagged(prf.content, kObject).content)] : 'SHA-1';
  const rounds = iterations?.tag === kInteger ? numberOf(iterations.content) : 0;
  if (hash === undefined || !salt || rounds < 1 || rounds > kMostIterations) throw new KeyError('unknownCipher');
  const base = await subtle.importKey('raw', toArray(utf8(passphrase)), 'PBKDF2', false, ['deriveKey']);
  const key = await subtle.deriveKey(
    { name: 'PBKDF2', hash, salt: toArray(salt.content), iterations: rounds }, base, { name: 'AES-CBC', length: bits }, false, ['decrypt']);
  try {
    const iv = toArray(encryption?.[1]?.content ?? '');
    return fromArray(new Uint8Array(await subtle.decrypt({ name: 'AES-CBC', iv }, key, toArray(data.content))));
  } catch {
    throw new KeyError('wrongPassphrase');
  }
}

async function ed25519Key(name: string, der: Bytes, inner: Bytes): Promise<OpenKey> {
  const seed = toArray(takeTagged(inner, kOctets).content);
  if (seed.length !== 32) throw new KeyError('wrongFile');
  const key = VerifyKey.of('ed25519-sha256', utf8(name), fromArray(ed25519.getPublicKey(seed)));
  try {
    const secret = await crypto.subtle.importKey('pkcs8', toArray(der), 'Ed25519', false, ['sign']);
    seed.fill(0);
    return { key, sign: async (message) => fromArray(new Uint8Array(await crypto.subtle.sign('Ed25519', secret, toArray(message)))) };
  } catch {
    return { key, sign: async (message) => fromArray(ed25519.sign(toArray(message), seed)) };
  }
}

function sm2Key(name: string, inner: Bytes): OpenKey {
  const secret = toHex(elementsOf(takeTagged(inner, kSequence).content)[1]?.content ?? '');
  if (secret.length !== 64) throw new KeyError('wrongFile');
  const publicKey = sm2.getPublicKeyFromPrivateKey(secret);
  const key = VerifyKey.of('sm2-sm3', utf8(name), parseHex(publicKey.toLowerCase()) ?? '');
  const options = { hash: true, der: true, publicKey, userId: '1234567812345678' };
  return { key, sign: async (message) => parseHex(sm2.doSignature(toArray(message), secret, options).toLowerCase()) ?? '' };
}

async function openDer(name: string, der: Bytes): Promise<OpenKey> {
  const [, algorithm, secret] = elementsOf(takeTagged(der, kSequence).content);
  const [object, curve] = elementsOf(algorithm?.content ?? '').map((one) => toHex(one.content));
  if (secret?.tag !== kOctets) throw new KeyError('wrongFile');
  if (object === kObjects.ed25519) return ed25519Key(name, der, secret.content);
  if (object === kObjects.sm2 || (object === kObjects.ec && curve === kObjects.sm2)) return sm2Key(name, secret.content);
  throw new KeyError('wrongFile');
}

export async function openKeyFile(text: string, passphrase: string): Promise<OpenKey> {
  const { name, encrypted, der } = parsePem(text);
  try {
    return await openDer(name, encrypted ? await decrypt(der, passphrase) : der);
  } catch (error) {
    throw error instanceof NotDer ? new KeyError(encrypted ? 'wrongPassphrase' : 'wrongFile') : error;
  }
}

// A signed note over the text, by that key alone.
export async function signNote(text: Bytes, { key, sign }: OpenKey): Promise<Bytes> {
  const blob = numberBytes(BigInt(`0x${key.id}`), 4) + (await sign(text));
  return `${text}\n\xe2\x80\x94 ${key.name} ${toBase64(blob)}\n`;
}
