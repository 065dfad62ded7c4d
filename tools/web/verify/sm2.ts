// SM2 with SM3 by sm-crypto-v2, with the signer id of GM/T 0003. A signature is DER in its one spelling.
import { sm2 } from 'sm-crypto-v2';
import { type Bytes, toArray, toHex } from './bytes';

const kSignerId = '1234567812345678';
const kFieldBytes = 32;

// A DER INTEGER at the start: its value as 64 hexadecimal digits, and what follows. Null for zero and negative numbers,
// needless zeros, and what is longer than the field.
function takeInteger(der: Bytes): [string, Bytes] | null {
  const length = der.charCodeAt(1);
  if (der[0] !== '\x02' || !(length >= 1 && length <= kFieldBytes + 1) || der.length < 2 + length) return null;
  const value = der.slice(2, 2 + length);
  const padded = value[0] === '\x00';
  if (value.charCodeAt(0) > 0x7f || (padded && length > 1 && value.charCodeAt(1) < 0x80)) return null;
  const digits = padded ? value.slice(1) : value;
  if (digits === '' || digits.length > kFieldBytes) return null;
  return [toHex(digits).padStart(2 * kFieldBytes, '0'), der.slice(2 + length)];
}

function plainSignature(der: Bytes): string | null {
  if (der[0] !== '\x30' || der.charCodeAt(1) !== der.length - 2) return null;
  const r = takeInteger(der.slice(2));
  const s = r && takeInteger(r[1]);
  return r && s && s[1] === '' ? r[0] + s[0] : null;
}

// 04 || x || y. Of the other form of 65 bytes (06 or 07, by the last bit of y) OpenSSL reads the same point.
function plainPoint(point: Bytes): string | null {
  const odd = (point.charCodeAt(64) & 1) === 1;
  if (point.length !== 65 || !['\x04', odd ? '\x07' : '\x06'].includes(point[0] as string)) return null;
  return '04' + toHex(point.slice(1));
}

export function isSm2Point(point: Bytes): boolean {
  const hex = plainPoint(point);
  try {
    return hex !== null && sm2.verifyPublicKey(hex);
  } catch {
    return false;
  }
}

export function verifySm2(message: Bytes, signature: Bytes, point: Bytes): boolean {
  const plain = plainSignature(signature);
  const key = plainPoint(point);
  if (plain === null || key === null) return false;
  try {
    return sm2.doVerifySignature(toArray(message), plain, key, { hash: true, userId: kSignerId });
  } catch {
    return false;  // numbers out of range, a sum at infinity
  }
}
