// Bytes as a string of one character (0 to 255) a byte: what comes from outside is compared, cut and searched as it
// stands, and no decoder can mend it on the way. `utf8` and `decoded` are the only ways in and out of text.

export type Bytes = string;

export function fromArray(array: Uint8Array): Bytes {
  let out = '';
  for (let at = 0; at < array.length; at += 8192) out += String.fromCharCode(...array.subarray(at, at + 8192));
  return out;
}

export function toArray(bytes: Bytes): Uint8Array<ArrayBuffer> {
  const array = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; ++i) array[i] = bytes.charCodeAt(i);
  return array;
}

export const utf8 = (text: string): Bytes => fromArray(new TextEncoder().encode(text));

// Text of valid UTF-8, or null.
export function decoded(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(toArray(bytes));
  } catch {
    return null;
  }
}

export function toHex(bytes: Bytes): string {
  let out = '';
  for (let i = 0; i < bytes.length; ++i) out += bytes.charCodeAt(i).toString(16).padStart(2, '0');
  return out;
}

// Lower-case digits only; null when malformed.
export function parseHex(text: Bytes): Bytes | null {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return null;
  let out = '';
  for (let i = 0; i < text.length; i += 2) out += String.fromCharCode(parseInt(text.slice(i, i + 2), 16));
  return out;
}

export const toBase64 = (bytes: Bytes): string => btoa(bytes);

// The one spelling of RFC 4648 with padding; null for any other.
export function parseBase64(text: Bytes): Bytes | null {
  try {
    const bytes = atob(text);
    return btoa(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

export function parseDigest(text: Bytes): Bytes | null {
  const bytes = parseBase64(text);
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

const kMaxU64 = (1n << 64n) - 1n;

// A number below 2^64 without sign or leading zeros; null for anything else.
export function parseDecimal(text: Bytes): bigint | null {
  if (!/^(?:0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const value = BigInt(text);
  return value <= kMaxU64 ? value : null;
}

// Big-endian, unsigned.
export function readNumber(bytes: Bytes, offset: number, width: number): bigint {
  let value = 0n;
  for (let i = 0; i < width; ++i) value = (value << 8n) | BigInt(bytes.charCodeAt(offset + i));
  return value;
}

export function numberBytes(value: bigint, width: number): Bytes {
  let out = '';
  for (let shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    out += String.fromCharCode(Number((value >> BigInt(shift)) & 0xffn));
  }
  return out;
}

export const countOf = (text: Bytes, character: string): number => text.split(character).length - 1;
