// Recording: an event filled in, from nothing or from another page; one taken back; a submission of others.
import { useState } from 'preact/hooks';
import { fromArray } from '../verify/bytes';
import { encodeEvent } from '../verify/encode';
import { Fault } from '../verify/fault';
import { schema } from '../verify/schema';
import { type LedgerName, type Submission, readSubmission, textToSign } from '../verify/submission';
import { visibleText } from '../verify/text';
import type { LedgerAnswer, Query } from './api';
import { type Filled, kindNamed } from './amend';
import { AmendView } from './amend_view';
import { FilePicker } from './file_picker';
import { FillIn } from './fill_in';
import { Answer, useAnswer } from './loading';
import { go } from './router';
import { SignAndSend, ledgerName } from './sign_and_send';
import { useSpeech, useWords } from './speech';

// --- an event of one's own

function ChooseKind({ kind, onChoose }: { kind: string; onChoose(kind: string): void }) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  return (
    <div class="field">
      <label for="kind">{words.kind}</label>
      <select id="kind" value={kind} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{words.chooseKind}</option>
        {schema.kinds.map((one) => (
          <option value={one.name}>{speech.label(one.label)}</option>
        ))}
      </select>
    </div>
  );
}

// What another page gave the form to begin with; nothing when the address was changed by hand.
function startOf(fill: string | undefined): Filled | undefined {
  if (!fill) return undefined;
  try {
    const { header = {}, body = {} } = JSON.parse(fill) as Partial<Filled>;
    return { header, body };
  } catch {
    return undefined;
  }
}

function OwnEvent({ ledger, query }: { ledger: LedgerName; query: Query }) {
  const { record: words } = useWords();
  const [submission, setSubmission] = useState<Submission | null>(null);
  const kind = kindNamed(query.kind ?? '');
  if (submission !== null) {
    return (
      <>
        <p>
          <button type="button" class="quiet" onClick={() => setSubmission(null)}>{words.another}</button>
        </p>
        <SignAndSend ledger={ledger} submission={submission} onChange={setSubmission} />
      </>
    );
  }
  return (
    <>
      <ChooseKind kind={query.kind ?? ''} onChoose={(name) => go(['record'], { kind: name })} />
      {kind && (
        <FillIn
          key={`${query.kind} ${query.fill}`}
          kind={kind}
          start={startOf(query.fill)}
          onEvent={(event) => {
            const bytes = encodeEvent(event);
            setSubmission({ note: textToSign(ledger, [bytes]), events: [bytes] });
          }}
        />
      )}
    </>
  );
}

// --- a submission of others

const kMaxSubmissionBytes = 16 << 20;

function OthersSubmission({ ledger }: { ledger: LedgerName }) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  const [submission, setSubmission] = useState<Submission | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const read = async (file: File) => {
    try {
      const bytes = fromArray(new Uint8Array(await file.slice(0, kMaxSubmissionBytes).arrayBuffer()));
      setSubmission(readSubmission(bytes, ledger).submission);
      setFault(null);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setSubmission(null);
      setFault(error);
    }
  };
  return (
    <>
      <p>{words.cosignLead}</p>
      <div class="field">
        <label for="submission">{words.file}</label>
        <FilePicker id="submission" text={speech.words.verify.choose} hint="cosign-title" onFiles={([file]) => file && void read(file)} />
      </div>
      {fault && <p class="problem" role="alert">{visibleText(speech.message(fault.what))}</p>}
      {submission && <SignAndSend ledger={ledger} submission={submission} onChange={setSubmission} />}
    </>
  );
}

export function RecordView({ query }: { query: Query }) {
  const { record: words } = useWords();
  const [others, setOthers] = useState(false);
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  const taken = query.correct ?? query.reverse;
  if (taken !== undefined) {
    const how = query.correct ? 'correct' : 'reverse';
    return (
      <Answer answer={answer}>
        {(ledger) => <AmendView key={`${how} ${taken}`} index={taken} how={how} ledger={ledgerName(ledger)} />}
      </Answer>
    );
  }
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>
        {(ledger) => (
          <>
            {!others && <OwnEvent key={query.fill} ledger={ledgerName(ledger)} query={query} />}
            <details onToggle={(event) => setOthers(event.currentTarget.open)}>
              <summary id="cosign-title">{words.cosign}</summary>
              {others && <OthersSubmission ledger={ledgerName(ledger)} />}
            </details>
          </>
        )}
      </Answer>
    </>
  );
}
