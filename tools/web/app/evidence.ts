// Files held to what the ledger committed to: by SHA-256 and SM3 of their bytes, which do not leave this browser.
import { sha256 } from '@noble/hashes/sha2';
import { sm3 } from 'sm-crypto-v2';
import { fromArray, toHex } from '../verify/bytes';
import type { Row } from './api';

const kMostFileBytes = 512 << 20;
const kMostSm3Bytes = 32 << 20;  // hashed in script, which would hold the page up

export interface Presented {
  name: string;
  size: number;
  hashes: string[];  // SHA-256, SM3; none of what is too large for it
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  // The browser's own is many times faster, but only there over https.
  const subtle = globalThis.crypto?.subtle;
  return toHex(fromArray(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)) : sha256(bytes)));
}

export async function present(file: File): Promise<Presented> {
  if (file.size > kMostFileBytes) return { name: file.name, size: file.size, hashes: [] };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const hashes = [await sha256Of(bytes), ...(file.size <= kMostSm3Bytes ? [sm3(bytes).toLowerCase()] : [])];
  return { name: file.name, size: file.size, hashes };
}

export type Held =
  | { verdict: 'same'; rows: Row[] }  // committed to by these
  | { verdict: 'other'; rows: Row[] }  // these go by its name, with another hash
  | { verdict: 'unknown' }
  | { verdict: 'tooLarge' };

const baseName = (path: string): string => path.replace(/^.*[/\\]/, '');

export function hold({ name, hashes }: Presented, known: Row[]): Held {
  const same = known.filter((row) => hashes.includes(String(row.hash).toLowerCase()));
  if (same.length > 0) return { verdict: 'same', rows: same };
  if (hashes.length < 2) return { verdict: 'tooLarge' };  // one of its hashes is not known
  const stem = name.replace(/\.[^.]+$/, '');
  const named = known.filter((row) => baseName(String(row.locator ?? '')) === name || row.title === stem || row.title === name);
  return named.length > 0 ? { verdict: 'other', rows: named } : { verdict: 'unknown' };
}
