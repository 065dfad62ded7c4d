// Whose keys signed an entry: entries name keys, and the record of a key names its party.
import { type EntityAnswer, type EntryAnswer, type SessionAnswer, get } from './api';

async function partyOf(key: string, signal: AbortSignal): Promise<string> {
  try {
    const { record } = await get<EntityAnswer>(`v1/entities/${encodeURIComponent(`key:${key}`)}`, {}, signal);
    return record.attributes?.['party.any']?.[0] ?? '';
  } catch (error) {
    if (signal.aborted) throw error;
    return '';  // the log's own key has no record
  }
}

// Whether a key of the reader's party signed one of the entries.
export async function hasSigned(reader: SessionAnswer, indexes: string[], signal: AbortSignal): Promise<boolean> {
  for (const index of indexes) {
    const { entry } = await get<EntryAnswer>(`v1/entries/${encodeURIComponent(index)}`, {}, signal);
    if (entry.signers.includes(reader.key)) return true;
    const parties = await Promise.all(entry.signers.map((key) => partyOf(key, signal)));
    if (parties.includes(reader.party)) return true;
  }
  return false;
}
