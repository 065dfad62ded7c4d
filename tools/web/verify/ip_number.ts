// IP numbers as people write them, and the one under which a right is recorded now: events/ip_number.h again. Works on
// text; the canonical form is ASCII.
import { type Bytes, decoded, utf8 } from './bytes';
import { type Message, unreadable } from './fault';
import { canonicalIp, upperCase } from './identifiers';
import { identifierSpelling, requireOneScript } from './text';

export interface IpNumber {
  canonical: Bytes;
  ambiguous: Message | null;  // it may mean another right besides: its absence says nothing
}

const noSuchNumber = () =>
  unreadable('expected an IP number with its office (ZL..., CN..., US..., EP...B1)', '应为带局代码的知识产权号码（ZL、CN、US、EP…B1）');
const isKindCode = (text: string): boolean => /^[A-Z][0-9]?$/.test(text);
const plain = (canonical: string): IpNumber => ({ canonical, ambiguous: null });
const without = (text: string, separators: RegExp): string => text.replace(separators, '');
const withoutZeros = (number: string): string => number.replace(/^0+(?=[0-9])/, '');

function splitDigits(text: string): [string, string] {
  const digits = (/^[0-9]*/.exec(text) as RegExpExecArray)[0];
  return [digits, text.slice(digits.length)];
}

const trimBlanks = (text: string): string => text.replace(/^[ :#(]+/, '').replace(/[ .,)]+$/, '');

// Words that stand before a number and say what it is. Some say that it is the number of something else.
function takeChineseLabel(text: string): string {
  const other = /^(?:公开|公告|公布|证书)/;
  const label = /^(?:中国|国家|发明|实用新型|外观设计|专利|授权|申请|知识产权|登记证号|号码|编号|号|第)/;
  let rest = trimBlanks(text);
  for (; !other.test(rest) && label.test(rest); rest = trimBlanks(rest.replace(label, '')));
  if (other.test(rest)) {
    throw unreadable('the number of a publication or a certificate; ask by the number of the patent or of its application',
                     '此为公开（公告）号或证书号；请使用专利号或申请号（ZL…）');
  }
  return trimBlanks(rest.replace(/号$/, ''));
}

// Words that say what a number is, longer ones first; some name a series of the United States. Short ones end where a
// letter follows: PATIENT is no label.
const kEnglishLabels = ['REISSUED', 'REISSUE', 'DESIGN', 'PLANT', 'LETTERS', 'PATENTS', 'PATENT', 'PAT.', 'PAT',
  'APPLICATIONS', 'APPLICATION', 'APPLN.', 'APPLN', 'APPL.', 'APPL', 'APP.', 'APP', 'PUBLICATIONS', 'PUBLICATION', 'PUBN.',
  'PUBL.', 'PUB.', 'PUB', 'REGISTRATION', 'REG.', 'REG', 'SERIAL', 'SER.', 'SER', 'GRANT', 'UTILITY MODEL'];
const kNumberLabels = ['NUMBERS', 'NUMBER', 'NOS.', 'NOS', 'NO.', 'NR.', 'NO', 'NR'];
const kSeries: Record<string, string> = { REISSUED: 'RE', REISSUE: 'RE', DESIGN: 'D', PLANT: 'PP' };

const labelOf = (text: string, labels: string[]): string =>
  labels.find((label) => text.startsWith(label) && (label.endsWith('.') || !/^[A-Z]/.test(text.slice(label.length)))) ?? '';

// "No. 9219817" is a number without its office, and not one of Norway, as "NR." is not one of Nauru.
function requireOffice(text: string, written: string): void {
  if (!/^N[OR]/.test(text)) return;
  if (!written.includes(text.startsWith('NO') ? 'No' : 'Nr') && !/^..[.:#]/.test(text)) return;
  throw unreadable('write the office before the number, such as US9219817 or EP1234567B1',
                   '请在号码前写明局代码，如 US9219817、EP1234567B1');
}

// "U.S. Patent No. 5,113,523" -> "US5,113,523", "Reissue 45,678" -> "RE45,678". NO alone is Norway: a label only behind
// another.
function takeEnglishLabel(text: string, written: string): string {
  let rest = text;
  let office = '';
  let series = '';
  let labelled = false;
  for (;;) {
    rest = trimBlanks(rest);
    const before = rest;
    const us = office === '' ? /^(?:U\.S\.|U\. S\.|US)/.exec(rest) : null;
    if (us) {
      office = 'US';
      rest = rest.slice(us[0].length);
    }
    const label = labelOf(rest, kEnglishLabels);
    if (label !== '') {
      series = kSeries[label] ?? series;
      labelled = true;
      rest = rest.slice(label.length);
    } else if (labelled || office !== '') {
      rest = rest.slice(labelOf(rest, kNumberLabels).length);
    }
    if (rest === before) break;
  }
  requireOffice(rest, written);
  // A series of the United States: elsewhere designs are told by their numbers.
  const digits = (/^[0-9, .]*/.exec(rest) as RegExpExecArray)[0].replace(/[^0-9]/g, '').length;
  return office + (digits > 0 && digits <= 7 ? series : '') + rest;
}

function unlabelled(raw: Bytes): string {
  const inner = raw.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, '').replace(/\t/g, ' ').replace(/&nbsp;/g, ' ');
  const spelled = identifierSpelling(inner);
  requireOneScript(spelled);
  const text = (decoded(spelled) as string).replace(/[·・‧•。∙⋅]/g, '.');
  return takeEnglishLabel(takeChineseLabel(upperCase(text)), inner);
}

// Application numbers of eight digits were given from 1985 to September 2003, longer ones since.
function yearFits(digits: string): boolean {
  const long = digits.length === 12;
  const year = Number(digits.slice(0, long ? 4 : 2));
  return long ? year >= 2003 && year <= 2100 : year >= 85 || year <= 3;
}

const chinesePublication = () =>
  unreadable('a Chinese publication number is not the number of the right', '形如公开（公告）号，并非专利号');

function chineseNumber(written: string): IpNumber {
  let [digits, rest] = splitDigits(without(written, /[ .,/-]/g));
  if (digits.length === 12 && rest[0] === 'X' && isKindCode(rest.slice(1))) rest = 'X';
  if (digits.length === 13 && isKindCode(rest)) rest = '';
  if ((digits.length === 9 || digits.length === 13) && rest === '') {
    rest = digits.slice(-1);
    digits = digits.slice(0, -1);
  }
  const whole = digits.length === 8 || digits.length === 12;
  if (whole && rest === '') throw unreadable('the check digit behind the dot (or X) is missing', '缺少末位校验位（数字或 X）');
  const checked = whole && /^[0-9X]$/.test(rest);
  if (checked && digits.length === 8 && !yearFits(digits)) throw chinesePublication();
  const published = !checked && isKindCode(rest === '' ? 'A' : rest) && digits.length >= 7 && digits.length <= 9;
  if (published) throw chinesePublication();
  if (!checked || !yearFits(digits)) throw noSuchNumber();
  return plain(canonicalIp(`CN${digits}${rest}`));
}

function usWithSlash(written: string): IpNumber {
  const slash = written.indexOf('/');
  const before = without(written.slice(0, slash), / /g);
  const [number, kind] = splitDigits(without(written.slice(slash + 1), /[ .,]/g));
  if (/^[0-9]{1,2}$/.test(before) && number.length === 6 && (kind === '' || kind === 'A')) {
    return plain(`US${before.padStart(2, '0')}${number}A`);
  }
  if (/^[0-9]{4}$/.test(before) && number.length === 7 && ['', 'A1', 'A2', 'A9'].includes(kind)) {
    return plain(`US${before}${number}${kind || 'A1'}`);
  }
  throw noSuchNumber();
}

// Kind codes of grants in each series: designs, reissues, plants, statutory inventions, defensive publications.
const kUsKindLetters: Record<string, string> = { '': 'ABC', D: 'SB', RE: 'EB', PP: 'PB', H: 'HB', T: 'I' };
const kLastGrantWithA = 6_167_568;  // then come B1 and B2; what else ends in A is an application

function usNumber(written: string): IpNumber {
  if (written.includes('/')) return usWithSlash(written);
  const body = without(written, /[ .,-]/g);
  const letters = (/^[A-Z]*/.exec(body) as RegExpExecArray)[0];
  const series = letters === 'DES' ? 'D' : letters;
  const [number, kind] = splitDigits(body.slice(letters.length));
  if (series === '') {
    const published = ['', 'A1', 'A2', 'A9'].includes(kind) && number.startsWith('20');
    if (published && number.length === 11) return plain(`US${number}${kind || 'A1'}`);
    if (published && number.length === 10) {  // as foreign databases shorten it
      return plain(`US${number.slice(0, 4)}0${number.slice(4)}${kind || 'A1'}`);
    }
    if (number.length === 8 && kind === 'A') return plain(`US${number}A`);
    if (kind === 'A' && number !== '' && number.length <= 7 && Number(number) > kLastGrantWithA) {
      throw unreadable('it may be a grant or an application; write the one that is meant', '可能指授权专利或申请；请写明所指');
    }
  }
  const kinds = Object.prototype.hasOwnProperty.call(kUsKindLetters, series) ? kUsKindLetters[series] as string : '';
  const fits = kinds !== '' && (kind === '' || (kinds.includes(kind[0] as string) && isKindCode(kind)));
  if (!fits || number === '' || number.length > 8) throw noSuchNumber();
  return plain(`US${series}${withoutZeros(number)}`);
}

// WIPO ST.3: offices that grant or publish, those of states that are no more among them; CN and US have their own rules.
const kOffices = (
  'AD AE AF AG AI AL AM AN AO AP AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BQ BR BS BT BW BX BY BZ CA CD CF CG ' +
  'CH CI CK CL CM CO CR CS CU CV CW CY CZ DD DE DJ DK DM DO DZ EA EC EE EG EM EP ER ES ET FI FJ FK FO FR GA GB GC GD GE ' +
  'GG GH GI GL GM GN GQ GR GS GT GW GY HK HN HR HT HU IB ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR ' +
  'KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MS MT MU MV MW MX MY MZ NA NE NG NI NL NO ' +
  'NP NR NZ OA OM PA PE PG PH PK PL PT PW PY QA QZ RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SU SV SY ' +
  'SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG UY UZ VA VC VE VG VN VU WO WS XN XU XV YE YU ZA ZM ZW'
).split(' ');

// European numbers have seven digits; those below a million are also written without their zeros. International ones
// since 2004 have a year and six.
function withItsZeros(text: string): string {
  const [number, kind] = splitDigits(text.slice(2));
  if (number === '' || !(kind === '' || isKindCode(kind))) return text;
  if (text.startsWith('EP')) return `EP${number.padStart(7, '0')}${kind}`;
  const short = text.startsWith('WO20') && number.length === 9;
  return short ? `WO${number.slice(0, 4)}0${number.slice(4)}${kind}` : text;
}

function hasKindCode(canonical: string): boolean {
  if (canonical.startsWith('CN') || /^US[^]{8}A$/.test(canonical)) return true;
  const letter = canonical.length - (/[A-Z]$/.test(canonical) ? 1 : 2);
  return letter > 2 && isKindCode(canonical.slice(letter)) && /[0-9]/.test(canonical[letter - 1] as string);
}

// PCT/CN2015/071234: an application that all offices know by this number.
const kInternational = /^PCT[A-Z]{2}(?:[0-9]{7}|[0-9]{9,10})$/;

// At most four letters stand together: KR, BR PI, IT MI. More are words, such as CHINA.
function otherNumber(written: string): IpNumber {
  const text = without(written, /[ .,/-]/g);
  if (kInternational.test(text)) return plain(text);
  const number = /^[0-9A-Z]{4,40}$/.test(text) && /[0-9]/.test(text) && !/[A-Z]{5}/.test(text);
  if (!number || !kOffices.includes(text.slice(0, 2))) throw noSuchNumber();
  const canonical = withItsZeros(text);
  if (hasKindCode(canonical)) return plain(canonical);
  const ambiguous = {
    en: `${canonical} lacks its kind code; write it with the code, such as ${canonical}B1`,
    zh: `${canonical} 缺少文献种类代码；请补全，如 ${canonical}B1`,
  };
  return { canonical, ambiguous };
}

function isReissueWithoutOffice(text: string): boolean {
  const [number, kind] = splitDigits(without(text.slice(2), /[ .,-]/g));
  return /^(?:RE|PP)/.test(text) && number !== '' && number.length <= 6 && (kind === '' || isKindCode(kind));
}

export function readIpNumber(raw: Bytes): IpNumber {
  let text = unlabelled(raw);
  const zl = text.indexOf('ZL');
  if (text.startsWith('CN') && zl >= 0 && zl < 4) text = text.slice(zl);
  if (/^(?:ZL|CN)/.test(text)) return chineseNumber(text.slice(2));
  if (text.startsWith('US') && text.length > 2) return usNumber(text.slice(2));
  if (isReissueWithoutOffice(text)) return usNumber(text);
  const body = without(text, /[ .,-]/g);
  const digits = splitDigits(body)[0].length;
  if (digits >= 12 || (digits >= 8 && utf8(body).length === 9)) return chineseNumber(text);
  if (/^[0-9]{1,2}\//.test(text)) return usWithSlash(text);
  return otherNumber(text);
}
