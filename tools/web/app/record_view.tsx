// Recording: an event filled in, shown from the bytes that will be signed, signed here, submitted or passed on.
import { useState } from 'preact/hooks';
import { type Bytes, fromArray, toArray, toBase64, utf8 } from '../verify/bytes';
import { type EventValue, encodeEvent, newEventId } from '../verify/encode';
import { Fault, unreadable } from '../verify/fault';
import { keyNameOf, parseNote } from '../verify/note';
import { type Kind, type StructInfo, schema } from '../verify/schema';
import { type LedgerName, type Submission, readSubmission, serializeSubmission, textToSign } from '../verify/submission';
import { isSuite } from '../verify/suite';
import { visible, visibleText } from '../verify/text';
import { type LedgerAnswer, address, request } from './api';
import { type Values, StructForm, filledIn, headerInfo, isTypedInDecimals } from './event_form';
import { FilePicker } from './file_picker';
import * as format from './format';
import { KeyForm } from './key_form';
import { type OpenKey, signNote } from './key_file';
import { Answer, Problem, asApiError, useAnswer } from './loading';
import { link } from './router';
import { EventDetails } from './shown';
import { useSpeech, useWords } from './speech';

interface Receipt {
  index: number;
  repeated?: boolean;
}

function ledgerName(ledger: LedgerAnswer): LedgerName {
  if (!isSuite(ledger.suite)) throw unreadable('unknown suite', '未知密码套件');
  return { suite: ledger.suite, origin: utf8(ledger.origin), foundingKey: utf8(ledger.founding_key) };
}

// The submission with one more signature.
async function signed(submission: Submission, key: OpenKey, suite: string): Promise<Submission> {
  if (key.key.suite !== suite) throw unreadable("the key is not of this ledger's suite", '密钥与本账本的密码套件不符');
  const [text, others] = split(submission.note);
  if (others !== '' && parseNote(submission.note).signatures.some((one) => keyNameOf(one) === key.key.keyName)) {
    throw unreadable('that key has signed already', '该密钥已签名');
  }
  const alone = await signNote(text, key);
  return { ...submission, note: `${text}\n${others}${alone.slice(text.length + 1)}` };
}

function split(note: Bytes): [text: Bytes, signatures: Bytes] {
  const gap = note.lastIndexOf('\n\n');
  return gap < 0 ? [note, ''] : [note.slice(0, gap + 1), note.slice(gap + 2)];
}

const signersOf = (note: Bytes): Bytes[] => (split(note)[1] === '' ? [] : parseNote(note).signatures.map(keyNameOf));

type Sent = { state: 'none' } | { state: 'working' } | { state: 'checked' } | { state: 'recorded'; receipts: Receipt[] } | { state: 'failed'; error: unknown };

function Outcome({ sent }: { sent: Sent }) {
  const { record: words, page } = useWords();
  if (sent.state === 'none') return null;
  if (sent.state === 'working') return <p role="status" data-working>{page.working}</p>;
  if (sent.state === 'failed') return <Problem error={asApiError(sent.error)} />;
  if (sent.state === 'checked') return <p class="good" role="status">{words.fits}</p>;
  return (
    <ul role="status">
      {sent.receipts.map(({ index, repeated }) => (
        <li>
          <a href={link(['entries', String(index)])}>{(repeated ? words.repeated : words.recorded)(format.count(index))}</a>
        </li>
      ))}
    </ul>
  );
}

function Send({ submission }: { submission: Submission }) {
  const { record: words } = useWords();
  const [sent, setSent] = useState<Sent>({ state: 'none' });
  const bytes = serializeSubmission(submission);
  const send = async (rehearse: boolean) => {
    setSent({ state: 'working' });
    try {
      const response = await request(address('v1/submissions', rehearse ? { dry_run: '1' } : {}), {
        method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: toArray(bytes),
      });
      const { receipts } = (await response.json()) as { receipts: Receipt[] };
      setSent(rehearse ? { state: 'checked' } : { state: 'recorded', receipts });
    } catch (error) {
      setSent({ state: 'failed', error });
    }
  };
  return (
    <>
      <p>
        <button type="button" class="quiet" onClick={() => void send(true)}>{words.check}</button>{' '}
        <button type="button" onClick={() => void send(false)}>{words.submit}</button>{' '}
        <a class="button quiet" href={`data:application/octet-stream;base64,${toBase64(bytes)}`} download="submission.plsub">
          {words.download}
        </a>
      </p>
      <Outcome sent={sent} />
    </>
  );
}

// What stands in the bytes, who signed, one's own signature, and off.
function SignAndSend({ ledger, submission, onChange }: { ledger: LedgerName; submission: Submission; onChange(submission: Submission): void }) {
  const { record: words } = useWords();
  const signers = signersOf(submission.note);
  return (
    <>
      <h2>{words.shown}</h2>
      {submission.events.map((event) => (
        <article class="card">
          <EventDetails bytes={event} Heading="h3" />
        </article>
      ))}
      {signers.map((key) => (
        <p>{words.by(visible(key))}</p>
      ))}
      <h2>{words.sign}</h2>
      <KeyForm key={signers.length} action={words.sign} use={async (key) => onChange(await signed(submission, key, ledger.suite))} />
      {signers.length > 0 && <Send key={signers.length} submission={submission} />}
    </>
  );
}

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

function FillIn({ kind, onBytes }: { kind: Kind; onBytes(bytes: Bytes): void }) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  const [header, setHeader] = useState<Values>({});
  const [body, setBody] = useState<Values>({});
  const [id] = useState(() => newEventId(Date.now(), crypto.getRandomValues(new Uint8Array(10))));
  const [fault, setFault] = useState<Fault | null>(null);
  const encode = () => {
    try {
      if (!isTypedInDecimals(filledIn(header.currency ?? ''))) {
        throw unreadable('amounts of this currency have no two decimals; record it by the command line', '该币种不是两位小数，请用命令行记录');
      }
      const filled = { ...(filledIn(header) as Values | undefined), body: (filledIn(body) ?? {}) as EventValue };
      onBytes(encodeEvent({ kind: kind.name, id, ...filled }));
      setFault(null);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        encode();
      }}
    >
      <p>{words.needs(kind.signers)}</p>
      <fieldset>
        <legend>{words.header}</legend>
        <StructForm id="h" info={headerInfo()} values={header} onChange={setHeader} skip={['id']} />
      </fieldset>
      <fieldset>
        <legend>{words.body}</legend>
        <StructForm id="b" info={schema.structs[kind.body] as StructInfo} values={body} onChange={setBody} />
      </fieldset>
      <p>
        <button type="submit">{words.show}</button>
      </p>
      {fault && <p class="problem" role="alert">{visibleText(speech.message(fault.what))}</p>}
    </form>
  );
}

function OwnEvent({ ledger }: { ledger: LedgerName }) {
  const { record: words } = useWords();
  const [kindName, setKindName] = useState('');
  const [submission, setSubmission] = useState<Submission | null>(null);
  const kind = schema.kinds.find(({ name }) => name === kindName);
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
      <ChooseKind kind={kindName} onChoose={setKindName} />
      {kind && <FillIn key={kindName} kind={kind} onBytes={(event) => setSubmission({ note: textToSign(ledger, [event]), events: [event] })} />}
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

export function RecordView() {
  const { record: words } = useWords();
  const [others, setOthers] = useState(false);
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>
        {(ledger) => (
          <>
            {!others && <OwnEvent ledger={ledgerName(ledger)} />}
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
