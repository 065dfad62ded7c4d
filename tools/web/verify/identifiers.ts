// Identifiers of the real world and the one spelling that is recorded: events/identifiers.h again.
import { type Bytes, utf8 } from './bytes';
import { unreadable } from './fault';
import { checkText } from './text';

const kUsccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const kUscc = new RegExp(`^[${kUsccAlphabet}]{18}$`);

const malformed = (en: string, zh: string) => unreadable(`expected ${en}`, `应为${zh}`);

export const upperCase = (text: Bytes): Bytes => text.replace(/[a-z]/g, (c) => c.toUpperCase());
export const lowerCase = (text: Bytes): Bytes => text.replace(/[A-Z]/g, (c) => c.toLowerCase());

// Upper case without the separators that people put into numbers.
const squeeze = (text: Bytes): Bytes => upperCase(text.replace(/&nbsp;|\xc2\xa0|[ .,/]/g, ''));

export const looksLikeUscc = (text: Bytes): boolean => kUscc.test(text);

// The check character of GB 32100-2015.
export function usccAgrees(code: Bytes): boolean {
  let sum = 0;
  let weight = 1;
  for (const c of code.slice(0, 17)) {
    sum += kUsccAlphabet.indexOf(c) * weight;
    weight = (weight * 3) % 31;
  }
  return kUsccAlphabet[(31 - (sum % 31)) % 31] === code[17];
}

export function canonicalParty(text: Bytes): Bytes {
  const colon = text.indexOf(':');
  if (colon < 0) {
    const code = looksLikeUscc(text) ? text : squeeze(text);
    if (looksLikeUscc(code)) return code;
    throw malformed('a party: 18-character social credit code, or scheme:id', '主体代码：18 位统一社会信用代码或“体系:编号”');
  }
  const id = text.slice(colon + 1);
  const good = /^[a-z0-9-]{2,16}$/.test(text.slice(0, colon)) && isPlainId(id, 240);
  if (good) return text;
  throw malformed('a party scheme:id', '“体系:编号”形式的主体代码');
}

function isPlainId(id: Bytes, most: number): boolean {
  if (id === '' || id.length > most || id.startsWith(' ') || id.endsWith(' ') || id.includes('\n')) return false;
  checkText(id);
  return true;
}

export function canonicalId(text: Bytes): Bytes {
  if (isPlainId(text, 160)) return text;
  throw malformed('an identifier of 1 to 160 bytes without outer spaces', '1 至 160 字节、首尾无空格的编号');
}

export function canonicalDivision(text: Bytes): Bytes {
  if (/^(?:[0-9]{6}|[A-Z]{2})$/.test(text)) return text;
  throw malformed('a GB/T 2260 code of six digits, or a country of two letters', 'GB/T 2260 六位区划代码或两位国家代码');
}

export function canonicalDecimal(text: Bytes): Bytes {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (!parts || text.length > 60) throw malformed('a plain decimal number', '十进制数');
  const whole = (parts[2] as string).replace(/^0+(?=[0-9])/, '');
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  const zero = whole === '0' && fraction === '';
  return (zero ? '' : parts[1]) + whole + (fraction === '' ? '' : `.${fraction}`);
}

// Official document numbers: brackets of Chinese ones become U+3014 and U+3015.
export function canonicalDocNo(text: Bytes): Bytes {
  const plain = checkText(text);
  if (!/[^\x00-\x7f]/.test(plain)) return text;
  return utf8(plain.replace(/[([（【]/g, '〔').replace(/[)\]）】]/g, '〕'));
}

const chinesePatentCheck = (digits: string): string => {
  const sum = Array.from(digits).reduce((total, digit, i) => total + Number(digit) * ((i % 8) + 2), 0) % 11;
  return sum === 10 ? 'X' : String(sum);
};

function chinesePatent(text: Bytes): Bytes {
  // CN202011609221.0A: a kind code may follow the check character.
  const body = text.length === 14 ? text.replace(/[A-WYZ]$/, '') : text;
  const parts = /^([0-9]{12}|[0-9]{8})([0-9X])$/.exec(body);
  if (!parts) throw malformed('a Chinese patent number of 13 or 9 characters', '13 位或 9 位中国专利号');
  const [, digits, check] = parts as unknown as [string, string, string];
  if (!'12389'.includes(digits[digits.length === 12 ? 4 : 2] as string)) {
    throw malformed('a patent kind digit 1, 2, 3, 8 or 9', '专利种类码 1、2、3、8 或 9');
  }
  if (chinesePatentCheck(digits) !== check) throw malformed('another check character', '其他校验位');
  return `CN${body}`;
}

function usPatent(text: Bytes): Bytes {
  const parts = /^([A-Z]*)([0-9]+)([^]*)$/.exec(text);
  const [prefix, number, suffix] = parts ? parts.slice(1) as [string, string, string] : ['?', '', ''];
  const bad = malformed('a US patent number', '美国专利号');
  if (!['', 'D', 'RE', 'PP', 'H', 'T'].includes(prefix)) throw bad;
  if (prefix === '' && suffix === 'A' && number.length <= 8) return `US${number}A`;
  if (prefix === '' && number.length === 11 && ['A1', 'A2', 'A9', ''].includes(suffix)) return `US${number}${suffix || 'A1'}`;
  if (!/^(?:[BSEPHCA][^]?)?$/.test(suffix) || number.length > 8) throw bad;
  return `US${prefix}${number.replace(/^0+(?=[0-9])/, '')}`;  // leading zeros are a printing habit
}

// As decoding accepts it, for ever.
export function canonicalIp(raw: Bytes): Bytes {
  const slash = raw.includes('/');
  const text = squeeze(raw);
  if (text.startsWith('ZL') || text.startsWith('CN')) return chinesePatent(text.slice(2));
  if (text.startsWith('US') && text.length > 2) return usPatent(text.slice(2) + (slash ? 'A' : ''));
  if (slash && /^[0-9]{8}$/.test(text)) return `US${text}A`;
  if (/^[0-9]+[^]$/.test(text) && (text.length === 13 || text.length === 9)) return chinesePatent(text);
  if (/^[A-Z]{2}[0-9A-Z-]{2,38}$/.test(text) && /[0-9]/.test(text)) return text;
  throw malformed('an IP number (ZL..., CN..., US..., or office code and number)', '知识产权号码（ZL、CN、US 或局代码加号码）');
}
