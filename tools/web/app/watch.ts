// The rights that this browser watches, and up to which entry their reader has seen what happened to each. Kept here
// and nowhere else: the server learns no more than that these rights were asked about.
import { type EntriesAnswer, type EntryLine, type PledgeAnswer, get } from './api';

export interface Watched {
  number: string;  // as it was typed
  seen: number;  // entries below this index are known
}

const keyOf = (origin: string): string => `pilotledger/watch/${origin}`;
export const kMostWatched = 200;

const isWatched = (one: unknown): one is Watched =>
  typeof one === 'object' && one !== null && typeof (one as Watched).number === 'string' && Number.isSafeInteger((one as Watched).seen);

export function watchedRights(origin: string): Watched[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(origin)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isWatched).slice(0, kMostWatched) : [];
  } catch {
    return [];
  }
}

// False when the browser keeps nothing.
export function keepWatched(origin: string, rights: Watched[]): boolean {
  try {
    localStorage.setItem(keyOf(origin), JSON.stringify(rights));
    return true;
  } catch {
    return false;
  }
}

// Numbers that people paste: one a line, or separated; each once.
export function numbersIn(text: string): string[] {
  return [...new Set(text.split(/[\n\r\t;；,，、]+/).map((one) => one.trim()).filter((one) => one !== ''))];
}

export interface Watching {
  answer: PledgeAnswer;
  news: EntryLine[];  // since `seen`, in order
}

// Pages of what an entity's entries are; only those from `since` on are kept.
async function entriesSince(entity: string, since: number, signal: AbortSignal): Promise<EntryLine[]> {
  const found: EntryLine[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: EntriesAnswer = await get<EntriesAnswer>('v1/entries', { entity, limit: '1000', cursor }, signal);
    found.push(...page.entries.filter(({ index }) => index >= since));
    cursor = page.next;
  }
  return found;
}

// What stands against a right now, and what was recorded of it and of its pledges since.
export async function watch({ number, seen }: Watched, signal: AbortSignal): Promise<Watching> {
  const answer = await get<PledgeAnswer>(`v1/pledge/${encodeURIComponent(number)}`, {}, signal);
  if (answer.pledgeAnswer === 'UNKNOWN' || answer.position <= seen) return { answer, news: [] };
  const pledges = [...answer.pledges, ...answer.otherContracts].map(({ pledge }) => `pledge:${pledge}`);
  const lists = await Promise.all([`ip:${answer.number}`, ...new Set(pledges)].map((entity) =>
    entriesSince(entity, seen, signal).catch(() => [])));  // a record that its reader may not see says nothing here
  const news = new Map(lists.flat().map((line) => [line.index, line]));
  return { answer, news: [...news.values()].sort((a, b) => a.index - b.index) };
}
