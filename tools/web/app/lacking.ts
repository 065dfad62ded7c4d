// Who must still sign, in words: roles, parties and places by their names.
import { schema } from '../verify/schema';
import { visibleText } from '../verify/text';
import type { Lacking } from './api';
import { divisionLabel } from './divisions';
import type { Speech } from './speech';

type Term = Lacking['ways'][number][number];

const kLevels = schema.enums.find(({ name }) => name === 'Level')?.values ?? [];

function levelText(speech: Speech, code: string): string {
  const known = kLevels.find((one) => one[0] === code);
  return known ? speech.label([known[1], known[2]]) : code;
}

function termText(speech: Speech, { label, parties, places, levels }: Term): string {
  const isZh = speech.language === 'zh';
  const role = speech.message(label);
  const names = parties.map(({ party, name }) => name || party);
  if (names.length > 0) return `${role}${isZh ? '：' : ': '}${names.join(' / ')}`;
  const bounds = [...new Set([...levels.map((code) => levelText(speech, code)), ...places.map((code) => speech.label(divisionLabel(code)))])];
  if (bounds.length === 0) return role;
  return isZh ? `${role}（${bounds.join('、')}）` : `${role} (${bounds.join(', ')})`;
}

// One text for events that lack the same; which ones is said where there are others.
export function lackingTexts(speech: Speech, lacking: Lacking[]): string[] {
  const isZh = speech.language === 'zh';
  return lacking.map(({ events, ways }) => {
    const text = ways.map((way) => way.map((term) => termText(speech, term)).join(' + ')).join(isZh ? '；或 ' : ', or ');
    if (lacking.length === 1) return visibleText(text);
    const which = events.join(isZh ? '、' : ', ');
    return visibleText(isZh ? `第 ${which} 项：${text}` : `Event ${which}: ${text}`);
  });
}
