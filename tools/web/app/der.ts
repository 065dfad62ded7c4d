// As much of DER as key files need: one element at the start of bytes, its tag and what it holds.
import type { Bytes } from '../verify/bytes';

export interface Element {
  tag: number;
  content: Bytes;
  rest: Bytes;
}

export const kInteger = 0x02;
export const kOctets = 0x04;
export const kObject = 0x06;
export const kSequence = 0x30;

export class NotDer extends Error {}

export function takeElement(bytes: Bytes): Element {
  const first = bytes.charCodeAt(1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (!(bytes.length >= 2) || first === 0x80 || lengthBytes > 3) throw new NotDer('a length');
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < lengthBytes; ++i) length = length * 256 + bytes.charCodeAt(2 + i);
  const start = 2 + lengthBytes;
  if (!(bytes.length >= start + length)) throw new NotDer('cut off');
  return { tag: bytes.charCodeAt(0), content: bytes.slice(start, start + length), rest: bytes.slice(start + length) };
}

export function takeTagged(bytes: Bytes, tag: number): Element {
  const element = takeElement(bytes);
  if (element.tag !== tag) throw new NotDer(`tag ${element.tag} where ${tag} belongs`);
  return element;
}

// The elements of a sequence.
export function elementsOf(bytes: Bytes): Element[] {
  const all: Element[] = [];
  for (let rest = bytes; rest !== ''; rest = (all[all.length - 1] as Element).rest) all.push(takeElement(rest));
  return all;
}
