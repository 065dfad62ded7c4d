// Free text from outside and the one spelling of identifiers: events/base/text.h again, by the browser's Unicode.
import { type Bytes, decoded, utf8 } from './bytes';
import { unreadable } from './fault';

const kMaxTextBytes = 8192;

// Control characters other than newline, bidirectional controls, byte order marks, noncharacters.
function isForbidden(c: number): boolean {
  const control = (c < 0x20 && c !== 0x0a) || (c >= 0x7f && c < 0xa0);
  const bidi = c === 0x61c || c === 0x200e || c === 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const noncharacter = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) === 0xfffe;
  return control || bidi || noncharacter || c === 0xfeff;
}

const codePoints = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0) as number);
const badText = (what: string) => unreadable(`text: ${what}`, `文本中有不允许的内容（${what}）`);
const named = (c: number) => `U+${c.toString(16).toUpperCase().padStart(4, '0')}`;

// The text, when it may stand in an event.
export function checkText(bytes: Bytes): string {
  if (bytes.length > kMaxTextBytes) throw unreadable(`text: more than ${kMaxTextBytes} bytes`, `文本超过 ${kMaxTextBytes} 字节`);
  const text = decoded(bytes);
  if (text === null) throw badText('not UTF-8');
  const bad = codePoints(text).find(isForbidden);
  if (bad !== undefined) throw badText(named(bad));
  return text;
}

const kHidden = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}]/u;  // on paper they are nothing
const kUnknown = /[\p{Co}\p{Cn}]/u;
const kBlanks = /[ \p{Zs}\u2800]+/gu;

// Characters that look like an ASCII one, as utf8proc puts them together.
const kAlike: [RegExp, string][] = [
  [/\p{Zs}/gu, ' '],
  [/[\u2018\u2019\u02bc\u02c8]/g, "'"],
  [/[\p{Pd}\u2212]/gu, '-'],
  [/[\u2044\u2215]/g, '/'],
  [/\u2236/g, ':'],
  [/[\u2039\u2329\u3008]/g, '<'],
  [/[\u203a\u232a\u3009]/g, '>'],
  [/\u2216/g, '\\'],
  [/[\u02c4\u02c6\u2038\u2303]/g, '^'],
  [/[\p{Pc}\u02cd]/gu, '_'],
  [/\u02cb/g, '`'],
  [/\u223c/g, '~'],
];

const lumped = (text: string): string => kAlike.reduce((out, [from, to]) => out.replace(from, to), text);

// NFKC with what looks alike as its ASCII form. Throws on what nobody sees and on unknown characters.
export function identifierSpelling(bytes: Bytes): Bytes {
  const text = checkText(bytes);
  if (text.includes('\n') || kHidden.test(text) || kUnknown.test(text)) throw badText('a character that is not seen, or not known');
  const composed = lumped(lumped(text).normalize('NFKD')).normalize('NFC');
  return utf8(composed.replace(kBlanks, ' ').replace(/^ | $/g, ''));
}

function isLookalikeScript(c: number): boolean {
  const ranges: [number, number][] = [
    [0x370, 0x3ff], [0x1f00, 0x1fff], [0x2c80, 0x2cff],  // Greek, Coptic
    [0x400, 0x52f], [0x1c80, 0x1c8f], [0xa640, 0xa69f],  // Cyrillic
    [0x530, 0x58f], [0x13a0, 0x13ff], [0xab70, 0xabbf], [0xa4d0, 0xa4ff],  // Armenian, Cherokee, Lisu
  ];
  return ranges.some(([first, last]) => c >= first && c <= last);
}

// Greek and Cyrillic letters that nobody tells from a Latin one; of the other scripts every letter counts as one.
function isDrawnLikeLatin(c: number): boolean {
  const alike = 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυκιαρсеуохарАВЕЅІЈКМНОРСТУХаеорсухіјѕԁԛԜԝһԌγ';
  return c >= 0x370 && c <= 0x52f ? alike.includes(String.fromCodePoint(c)) : isLookalikeScript(c);
}

function deceives(word: string): boolean {
  const points = codePoints(word);
  const foreign = points.filter(isLookalikeScript);
  const latin = points.some((c) => c < 0x250 && !isLookalikeScript(c));
  return foreign.length > 0 && (latin || foreign.every(isDrawnLikeLatin));
}

// Refuses what looks like another text: words that mix Latin with lookalike letters, digits other than 0 to 9.
export function requireOneScript(bytes: Bytes): void {
  const text = decoded(bytes);
  if (text === null) throw badText('not UTF-8');
  const words = text.match(/[\p{Nd}\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}]+/gu) ?? [];
  if (!/(?![0-9])\p{Nd}/u.test(text) && !words.some(deceives)) return;
  throw unreadable(
    'a character looks like a Latin letter or a digit 0 to 9 and is none',
    '含有形似拉丁字母或数字的字符',
  );
}

// For the eyes: what steers a terminal or a line of text, or is not seen, stands as \u202e (\x9b for a byte that is no
// UTF-8). Lines and all other text stay.
export function visible(bytes: Bytes): string {
  const text = decoded(bytes);
  if (text === null) {
    return bytes.replace(/[^]/g, (c) => {
      const code = c.charCodeAt(0);
      return code < 0x80 ? c : `\\x${code.toString(16)}`;
    });
  }
  return visibleText(text);
}

export function visibleText(text: string): string {
  return Array.from(text, (c) => {
    const code = c.codePointAt(0) as number;
    const steers = c !== '\n' && c !== '\t' && (isForbidden(code) || kHidden.test(c));
    if (!steers) return c;
    return Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  }).join('');
}
