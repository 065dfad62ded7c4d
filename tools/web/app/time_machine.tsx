// Both clocks as one control: up to which entry the ledger is read, and up to which legal day things count.
import { useState } from 'preact/hooks';
import type { Query } from './api';
import { useSpeech } from './speech';

export const clocksOf = (query: Query): Query => ({ as_of: query.as_of ?? '', on: query.on ?? '' });

export function TimeMachine({ query, onChange }: { query: Query; onChange(clocks: Query): void }) {
  const { time: words } = useSpeech().words;
  const [asOf, setAsOf] = useState(query.as_of ?? '');
  const [on, setOn] = useState(query.on ?? '');
  const past = (query.as_of ?? '') !== '' || (query.on ?? '') !== '';
  return (
    <fieldset class="time">
      <legend>{words.title}</legend>
      <div class="field">
        <label for="as-of">{words.asOf}</label>
        <input id="as-of" value={asOf} aria-describedby="as-of-hint" onInput={(event) => setAsOf(event.currentTarget.value)} />
        <p class="hint" id="as-of-hint">{words.asOfHint}</p>
      </div>
      <div class="field">
        <label for="on">{words.on}</label>
        <input id="on" value={on} aria-describedby="on-hint" placeholder="YYYY-MM-DD" onInput={(event) => setOn(event.currentTarget.value)} />
        <p class="hint" id="on-hint">{words.onHint}</p>
      </div>
      <p>
        <button type="button" onClick={() => onChange({ as_of: asOf.trim(), on: on.trim() })}>
          {words.apply}
        </button>{' '}
        {past && (
          <button type="button" class="quiet" onClick={() => onChange({ as_of: '', on: '' })}>
            {words.now}
          </button>
        )}
      </p>
    </fieldset>
  );
}
