// Files held to what the ledger committed to, by SHA-256 and SM3 of their bytes, which are found here; got from the
// server and put there by their hash. What does not have the hash is neither kept nor sent.
import { sha256 } from '@noble/hashes/sha2';
import { sm3 } from 'sm-crypto-v2';
import { fromArray, toHex } from '../verify/bytes';
import { unreadable } from '../verify/fault';
import { visibleText } from '../verify/text';
import { type EvidenceKept, type Row, address, request } from './api';
import type { Committed } from './evidence_list';

const kMostFileBytes = 512 << 20;
const kMostSm3Bytes = 32 << 20;  // hashed in script, which would hold the page up

export const kMostKeptBytes = 64 << 20;  // that the server takes

export interface Presented {
  name: string;
  size: number;
  file: File;
  hashes: string[];  // SHA-256, SM3; none of what is too large for it
}

async function sha256Of(bytes: Uint8Array): Promise<string> {
  // The browser's own is many times faster, but only there over https.
  const subtle = globalThis.crypto?.subtle;
  return toHex(fromArray(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)) : sha256(bytes)));
}

export async function present(file: File): Promise<Presented> {
  if (file.size > kMostFileBytes) return { name: file.name, size: file.size, file, hashes: [] };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const hashes = [await sha256Of(bytes), ...(file.size <= kMostSm3Bytes ? [sm3(bytes).toLowerCase()] : [])];
  return { name: file.name, size: file.size, file, hashes };
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

// --- at the server

// By SHA-256 first, which the browser has; SM3 is of the ledgers of the national suite.
export const hasHash = async (bytes: Uint8Array, hash: string): Promise<boolean> =>
  (await sha256Of(bytes)) === hash || sm3(bytes).toLowerCase() === hash;

const pathOf = (hash: string): string => address(`v1/evidence/${encodeURIComponent(hash)}`);

const kEnding = /\.[A-Za-z0-9]{1,8}$/;

// By where it was kept, else by its title; what kind of file it is the server tells by how it begins.
function nameFor({ hash, title, locator }: Committed, disposition: string): string {
  const name = baseName(locator) || title.replace(/[/\\:]/g, ' ') || hash.slice(0, 16);
  return visibleText(kEnding.test(name) ? name : name + (/(\.[a-z]+)"/.exec(disposition)?.[1] ?? ''));
}

export interface Got {
  name: string;
  file: Blob | null;  // null: what came is not what the ledger committed to
}

export async function getEvidence(one: Committed, signal: AbortSignal): Promise<Got> {
  const response = await request(pathOf(one.hash), { signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const name = nameFor(one, response.headers.get('content-disposition') ?? '');
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  return { name, file: (await hasHash(bytes, one.hash)) ? new Blob([bytes as BlobPart], { type }) : null };
}

// The file is read anew: what was checked before may have been changed on disk since.
export async function putEvidence(hash: string, file: File): Promise<EvidenceKept> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!(await hasHash(bytes, hash))) throw unreadable('the file has been changed meanwhile', '文件在此期间已被改动');
  const response = await request(pathOf(hash), {
    method: 'PUT', headers: { 'Content-Type': 'application/octet-stream' }, body: bytes as BodyInit,
  });
  return (await response.json()) as EvidenceKept;
}
