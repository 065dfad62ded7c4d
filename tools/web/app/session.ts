// Who is asking, as the server sees him.
import type { SessionAnswer } from './api';
import { useAnswer } from './loading';

export const useSession = () => useAnswer<SessionAnswer>('v1/session');

// The party whose own matters are meant, when nothing else is asked for: "all" stands for those of everybody.
export const kEverybody = 'all';
export function ownOr(asked: string | undefined, session: SessionAnswer): string {
  if (asked !== undefined) return asked === kEverybody ? '' : asked;
  return session.reader.startsWith('party:') ? session.party : '';
}
