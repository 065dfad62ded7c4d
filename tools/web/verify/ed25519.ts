// Ed25519 by WebCrypto where the browser has it (Chromium 137 and later), else by noble. Both accept exactly what
// libsodium accepts: no keys and commitments of small order, no second spelling of a point or a number, and the
// equation without the cofactor.
import { ed25519 } from '@noble/curves/ed25519';
import { sha512 } from '@noble/hashes/sha2';

const Point = ed25519.ExtendedPoint;
const kOrder = ed25519.CURVE.n;

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; --i) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

// The point in its one spelling, or null; those of small order are none.
function pointOf(bytes: Uint8Array) {
  try {
    const point = Point.fromHex(bytes, false);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function verifyByNoble(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  const point = pointOf(key);
  if (point === null) return false;
  const challenge = littleEndian(sha512(concat(signature.subarray(0, 32), key, message))) % kOrder;
  const s = littleEndian(signature.subarray(32));
  const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
  const right = challenge === 0n ? Point.ZERO : point.negate().multiplyUnsafe(challenge);
  return isEqual(left.add(right).toRawBytes(), signature.subarray(0, 32));
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

// Null where the browser has no Ed25519: older than Chromium 137, or a page that came over plain http.
async function verifyByWebCrypto(
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
): Promise<boolean | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  try {
    const imported = await subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', imported, signature, message);
  } catch {
    return null;
  }
}

export async function verifyEd25519(
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (signature.length !== 64 || littleEndian(signature.subarray(32)) >= kOrder) return false;
  if (pointOf(key) === null || pointOf(signature.subarray(0, 32)) === null) return false;
  return (await verifyByWebCrypto(message, signature, key)) ?? verifyByNoble(message, signature, key);
}
