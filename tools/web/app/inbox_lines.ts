// What an item of the inbox says, in a line: the first fields of its first event, from the bytes that are signed.
import { useEffect, useState } from 'preact/hooks';
import { type Value, Struct, decodeEvent } from '../verify/event';
import type { Field } from '../verify/schema';
import { type LedgerAnswer, type Pending, get } from './api';
import { isForReader } from './pending';
import { draftOf } from './pending_draft';
import { currencyOfEvent, fieldText, isEmpty } from './shown';
import { ledgerName } from './sign_and_send';
import type { Speech } from './speech';

const kMostFields = 5;
const kMostLetters = 40;  // of a field
const kMostItems = 30;
const kMostEvents = 20;  // of an item that is fetched for its line; larger ones are told by their kinds

const isOne = (value: Value): boolean => !Array.isArray(value) && !(value instanceof Struct);
const isTold = ({ type }: Field, value: Value): boolean =>
  !isEmpty(value) && isOne(value) && type !== 'data' && type !== 'bool';

const cut = (text: string): string => {
  const letters = Array.from(text.replace(/\s+/g, ' '));
  return letters.length > kMostLetters ? `${letters.slice(0, kMostLetters).join('')}…` : letters.join('');
};

// Parties by the names that the inbox tells.
export function lineOf(speech: Speech, event: string, names: Map<string, string>): string {
  const { header, body } = decodeEvent(event);
  const currency = currencyOfEvent(header);
  const said = body.info.fields.flatMap((field) => {
    const value = body.value(field);
    if (!isTold(field, value)) return [];
    const text = fieldText(speech, field, value, currency);
    return [cut((field.format === 'party' && names.get(text)) || text)];
  });
  return said.slice(0, kMostFields).join('　');
}

export const partiesOf = (items: Pending[]): Map<string, string> => new Map(
  items.flatMap(({ submitter, signed, lacking }) =>
    [submitter, ...signed, ...lacking.flatMap(({ ways }) => ways.flat().flatMap(({ parties }) => parties))])
    .filter(({ name }) => name !== '').map(({ party, name }) => [party, name]));

export type Line = { event: string } | { unreadable: true };

// Events, by the ids of their items; the reader's own items first, one after another, so that a full inbox is no rush.
export function useFirstEvents(items: Pending[]): Map<string, Line> {
  const [lines, setLines] = useState(new Map<string, Line>());
  const open = items.filter(({ state, events }) => state === 'open' && events <= kMostEvents);
  const wanted = [...open.filter(isForReader), ...open.filter((one) => !isForReader(one))].slice(0, kMostItems);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const load = async () => {
      const ledger = ledgerName(await get<LedgerAnswer>('v1/ledger', {}, signal));
      for (const { id } of wanted) {
        const line: Line = await draftOf(id, ledger, signal).then(
          ({ submission }) => ({ event: submission.events[0] as string }), () => ({ unreadable: true }));
        if (signal.aborted) return;
        setLines((all) => new Map(all).set(id, line));
      }
    };
    if (wanted.length > 0) load().catch(() => undefined);  // then the kinds say what it is
    return () => controller.abort();
  }, [wanted.map(({ id }) => id).join()]);
  return lines;
}
