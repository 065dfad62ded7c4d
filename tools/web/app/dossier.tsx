// Everything the ledger has of one award, platform, party or right, as one file that one hands in.
import { visibleText } from '../verify/text';
import { type EventJson, type Query, type TableAnswer, address } from './api';
import { entityOf } from './cells';
import { useSpeech } from './speech';

const kSubjects: Record<string, string> = { award: 'award', platform: 'platform', party: 'party', ip: 'patent' };  // by kind of entity
const kFormats = [['html', 'HTML'], ['xlsx', 'Excel'], ['zip', 'ZIP']] as const;
const kColumns = ['award', 'asset', 'platform', 'party'];
const kFields: [field: string, kind: string][] = [['award', 'award'], ['asset', 'ip'], ['assets', 'ip'], ['platform', 'platform']];
const kMost = 6;

// The one entity that all rows shown name, or "".
export function entityOfTable({ columns, rows }: TableAnswer): string {
  for (const name of kColumns) {
    const column = columns.find((one) => one.name === name);
    const values = new Set(rows.map((row) => row[name]));
    const entity = column && values.size === 1 ? entityOf(column, [...values][0]) : null;
    if (entity) return entity;
  }
  return '';
}

// What events are about: their awards, or else their rights, or else their platforms.
export function entitiesOfEvents(events: EventJson[]): string[] {
  for (const [field, kind] of kFields) {
    const ids = events.flatMap(({ body }) => body?.[field] ?? []).filter((id): id is string => typeof id === 'string' && id !== '');
    if (ids.length > 0) return [...new Set(ids)].slice(0, kMost).map((id) => `${kind}:${id}`);
  }
  return [];
}

// Nothing where no dossier is made of that kind of entity.
export function Dossier({ of, clocks = {} }: { of: string; clocks?: Query }) {
  const { language, words: { dossier: words } } = useSpeech();
  const colon = of.indexOf(':');
  const subject = kSubjects[of.slice(0, Math.max(colon, 0))], id = of.slice(colon + 1);
  if (subject === undefined || id === '') return null;
  const label = words.of(visibleText(id));
  return (
    <p class="no-print dossier" role="group" aria-label={label}>
      {label}
      {kFormats.map(([format, name]) => (
        <>
          <a class="button quiet" href={address(`v1/dossiers/${subject}/${encodeURIComponent(id)}`, { format, ...clocks, lang: language })} download>
            {name}
          </a>{' '}
        </>
      ))}
    </p>
  );
}
