// The two suites and their hashes. Trees are hashed without WebCrypto: its call costs more than the hash.
import { sha256 } from '@noble/hashes/sha2';
import { sm3 } from 'sm-crypto-v2';
import { type Bytes, fromArray, parseHex, toArray } from './bytes';

export type Suite = 'ed25519-sha256' | 'sm2-sm3';

export const isSuite = (name: string): name is Suite => name === 'ed25519-sha256' || name === 'sm2-sm3';

export function hash(suite: Suite, ...parts: Bytes[]): Bytes {
  const bytes = toArray(parts.join(''));
  return suite === 'ed25519-sha256' ? fromArray(sha256(bytes)) : (parseHex(sm3(bytes)) as Bytes);
}
