// Taking an entry back: corrected by a form that begins with what it says, or reversed with a reason.
import { useState } from 'preact/hooks';
import { type EventValue, encodeEvent } from '../verify/encode';
import { Fault, unreadable } from '../verify/fault';
import { type Field, enumOf, schema } from '../verify/schema';
import { type LedgerName, type Submission, textToSign } from '../verify/submission';
import { visibleText } from '../verify/text';
import type { Entry, EntryAnswer } from './api';
import { type Difference, correction, differences, filledFrom, kindNamed, reversal } from './amend';
import { useDeskWords } from './desk_parts';
import { EventTable } from './event_table';
import type { Values } from './event_form';
import { FillIn } from './fill_in';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { link } from './router';
import { SignAndSend } from './sign_and_send';
import { type Speech, useSpeech } from './speech';

const kTakingBack = ['EventReversed', 'EventCorrected'];

function valueText(speech: Speech, field: Field, value: EventValue | undefined, currency: string, empty: string): string {
  if (value === undefined) return empty;
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (field.type === 'enum') {
    const known = enumOf(field).values.find(([code]) => code === text);
    return known ? speech.label([known[1], known[2]]) : text;
  }
  if (/^-?[0-9]+$/.test(text) && field.format === 'money') return `${format.money(BigInt(text), currency)} ${currency}`;
  if (/^-?[0-9]+$/.test(text) && field.format === 'bp') return `${format.minorText(BigInt(text), 2)} %`;
  return text;
}

function Differences({ found, currency }: { found: Difference[]; currency: string }) {
  const speech = useSpeech();
  const { amend: words } = useDeskWords();
  const text = (one: Difference, value: EventValue | undefined) => visibleText(valueText(speech, one.field, value, currency, words.empty));
  return (
    <>
      <h2>{words.changes}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={words.changes}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.field}</th>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr>
                <td>{speech.label(one.label)}</td>
                <td>
                  <del>{text(one, one.before)}</del>
                </td>
                <td>
                  <ins>{text(one, one.after)}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Reason({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { amend: words } = useDeskWords();
  return (
    <div class="field">
      <label for="reason">{words.reason}</label>
      <input id="reason" required class="long" value={value} onInput={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

interface Taking {
  submission: Submission;
  found: Difference[];
}

interface FormProps {
  entry: Entry;
  id: string;  // of its event
  ledger: LedgerName;
  onTaking(taking: Taking): void;
}

const submissionOf = (ledger: LedgerName, events: Values[]): Submission => {
  const bytes = events.map(encodeEvent);
  return { note: textToSign(ledger, bytes), events: bytes };
};

function Correcting({ entry, id, ledger, onTaking }: FormProps) {
  const { amend: words } = useDeskWords();
  const [reason, setReason] = useState('');
  const kind = kindNamed(entry.event.kind);
  if (kind === undefined) return <p>{words.notThis}</p>;
  const before = filledFrom(entry.event);
  const take = (event: Values) => {
    if (reason.trim() === '') throw unreadable('say why', '请填写原因');
    const { kind: _kind, body, ...header } = event;
    const found = differences(kind, before, { header, body: body as Values });
    if (found.length === 0) throw unreadable('nothing was changed', '内容没有改动');
    onTaking({ submission: submissionOf(ledger, correction(id, event, reason.trim())), found });
  };
  return (
    <FillIn kind={kind} start={before} onEvent={take}>
      <Reason value={reason} onChange={setReason} />
    </FillIn>
  );
}

// The ways of taking back are an enumeration of the schema.
const kWays = (() => {
  const kind = kindNamed('EventReversed');
  const field = kind && schema.structs[kind.body]?.fields.find(({ name }) => name === 'kind');
  return field ? enumOf(field).values.slice(1) : [];
})();

function Reversing({ entry, id, ledger, onTaking }: FormProps) {
  const speech = useSpeech();
  const { amend: words } = useDeskWords();
  const [reason, setReason] = useState('');
  const [way, setWay] = useState(kWays[0]?.[0] ?? '');
  const [fault, setFault] = useState<Fault | null>(null);
  const take = () => {
    try {
      onTaking({ submission: submissionOf(ledger, [reversal(id, way, reason.trim())]), found: [] });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <article class="card">
        <EventTable event={entry.event} />
      </article>
      <div class="field">
        <label for="way">{words.way}</label>
        <select id="way" value={way} onChange={(event) => setWay(event.currentTarget.value)}>
          {kWays.map(([code, zh, en]) => (
            <option value={code}>{speech.label([zh, en])}</option>
          ))}
        </select>
      </div>
      <Reason value={reason} onChange={setReason} />
      <p>
        <button type="submit">{words.show}</button>
      </p>
      {fault && <p class="problem" role="alert">{visibleText(speech.message(fault.what))}</p>}
    </form>
  );
}

function Amending({ entry, how, ledger }: { entry: Entry; how: 'correct' | 'reverse'; ledger: LedgerName }) {
  const { amend: words } = useDeskWords();
  const [taking, setTaking] = useState<Taking | null>(null);
  const Form = how === 'correct' ? Correcting : Reversing;
  if (kTakingBack.includes(entry.event.kind)) return <p>{words.notThis}</p>;
  const id = entry.event.id;
  if (id === undefined || (how === 'correct' && (entry.event.withheld ?? []).length > 0)) return <p class="withheld">{words.withheld}</p>;
  if (taking === null) return <Form entry={entry} id={id} ledger={ledger} onTaking={setTaking} />;
  return (
    <>
      <p>
        <button type="button" class="quiet" onClick={() => setTaking(null)}>{words.again}</button>
      </p>
      <SignAndSend ledger={ledger} submission={taking.submission} onChange={(submission) => setTaking({ ...taking, submission })}>
        {how === 'correct' ? (
          <Differences found={taking.found} currency={entry.event.currency ?? 'CNY'} />
        ) : (
          <>
            <h2>{words.target}</h2>
            <article class="card">
              <EventTable event={entry.event} />
            </article>
          </>
        )}
      </SignAndSend>
    </>
  );
}

export function AmendView({ index, how, ledger }: { index: string; how: 'correct' | 'reverse'; ledger: LedgerName }) {
  const { amend: words } = useDeskWords();
  const answer = useAnswer<EntryAnswer>(`v1/entries/${encodeURIComponent(index)}`);
  return (
    <>
      <h1>{how === 'correct' ? words.correct(visibleText(index)) : words.reverse(visibleText(index))}</h1>
      <p class="lead">{how === 'correct' ? words.correctLead : words.reverseLead}</p>
      <p>
        <a href={link(['entries', index])}>{words.back}</a>
      </p>
      <Answer answer={answer}>{({ entry }) => <Amending entry={entry} how={how} ledger={ledger} />}</Answer>
    </>
  );
}
