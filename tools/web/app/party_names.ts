// Names of parties by their codes, each asked for once.
import { type TableAnswer, get } from './api';

const known = new Map<string, Promise<string>>();

async function ask(party: string): Promise<string> {
  const { rows } = await get<TableAnswer>('v1/views/parties', { party, limit: '1' });
  return String(rows[0]?.name ?? '');
}

export function partyName(party: string): Promise<string> {
  let name = known.get(party);
  if (name === undefined) {
    name = ask(party);
    name.catch(() => known.delete(party));  // asked again next time
    known.set(party, name);
  }
  return name;
}
