// Parties, platforms, awards and the like by name, for forms: asked for once, when a form first needs them.
import { wholeTable } from './rows';

export interface Named {
  id: string;
  name: string;
}

interface Source {
  view: string;
  id: string;
  names: string[];  // columns that tell what it is
}

const kSources: Record<string, Source> = {
  party: { view: 'parties', id: 'party', names: ['name'] },
  platform: { view: 'platforms', id: 'platform', names: ['name'] },
  award: { view: 'subsidy_trace', id: 'award', names: ['payee', 'instrument'] },
  pledge: { view: 'pledge_register', id: 'pledge', names: ['title', 'pledgee'] },
  ip: { view: 'pledge_register', id: 'asset', names: ['title'] },
  loan: { view: 'portfolio', id: 'loan', names: ['debtor'] },
  contract: { view: 'technology_contracts', id: 'contract', names: ['title', 'buyer'] },
  run: { view: 'pilot_runs', id: 'run', names: ['project'] },
};

const known = new Map<string, Promise<Named[]>>();

async function ask({ view, id, names }: Source): Promise<Named[]> {
  const { rows } = await wholeTable(`v1/views/${view}`, {});
  const found = new Map<string, Named>();
  for (const row of rows) {
    const name = names.map((column) => row[column] ?? '').filter((one) => one !== '').join(' ');
    if (row[id]) found.set(String(row[id]), { id: String(row[id]), name });
  }
  return [...found.values()];
}

// Which source a field's value is found in, or null.
export function sourceOf(name: string, format: string | undefined): string | null {
  if (format === 'party') return 'party';
  if (format === 'ip') return 'ip';
  return format === 'id' && Object.prototype.hasOwnProperty.call(kSources, name) ? name : null;
}

export function namesOf(source: string): Promise<Named[]> {
  let names = known.get(source);
  if (names === undefined) {
    names = ask(kSources[source] as Source);
    names.catch(() => known.delete(source));  // asked again next time
    known.set(source, names);
  }
  return names;
}
