// A submission on its way: shown from the bytes that will be signed, signed here, checked, submitted, left for the others
// to sign, or passed on as a file.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Bytes, toArray, toBase64, utf8 } from '../verify/bytes';
import { unreadable } from '../verify/fault';
import { keyNameOf, parseNote } from '../verify/note';
import { type LedgerName, type Submission, serializeSubmission } from '../verify/submission';
import { isSuite } from '../verify/suite';
import { visible } from '../verify/text';
import { type ApiError, type LedgerAnswer, type PendingTaken, type Receipt, address, request } from './api';
import * as format from './format';
import { KeyForm } from './key_form';
import { type OpenKey, signNote } from './key_file';
import { lackingTexts } from './lacking';
import { Problem, asApiError } from './loading';
import { postSubmission } from './pending';
import { link } from './router';
import { EventDetails } from './shown';
import { useSpeech, useWords } from './speech';

export function ledgerName(ledger: LedgerAnswer): LedgerName {
  if (!isSuite(ledger.suite)) throw unreadable('unknown suite', '未知密码套件');
  return { suite: ledger.suite, origin: utf8(ledger.origin), foundingKey: utf8(ledger.founding_key) };
}

// The note of the submission's text with that signature alone.
export async function signedAlone({ note }: Submission, key: OpenKey, suite: string): Promise<Bytes> {
  if (key.key.suite !== suite) throw unreadable("the key is not of this ledger's suite", '密钥与本账本的密码套件不符');
  if (signersOf(note).includes(key.key.keyName)) throw unreadable('that key has signed already', '该密钥已签名');
  return signNote(split(note)[0], key);
}

// The submission with one more signature.
async function signed(submission: Submission, key: OpenKey, suite: string): Promise<Submission> {
  const alone = await signedAlone(submission, key, suite);
  const [text, others] = split(submission.note);
  return { ...submission, note: `${text}\n${others}${alone.slice(text.length + 1)}` };
}

function split(note: Bytes): [text: Bytes, signatures: Bytes] {
  const gap = note.lastIndexOf('\n\n');
  return gap < 0 ? [note, ''] : [note.slice(0, gap + 1), note.slice(gap + 2)];
}

const signersOf = (note: Bytes): Bytes[] => (split(note)[1] === '' ? [] : parseNote(note).signatures.map(keyNameOf));

export function Receipts({ receipts }: { receipts: Receipt[] }) {
  const { record: words } = useWords();
  return (
    <ul role="status">
      {receipts.map(({ index, repeated }) => (
        <li>
          <a href={link(['entries', String(index)])}>{(repeated ? words.repeated : words.recorded)(format.count(index))}</a>
        </li>
      ))}
    </ul>
  );
}

type Sent =
  | { state: 'none' } | { state: 'working' } | { state: 'checked' } | { state: 'recorded'; receipts: Receipt[] }
  | { state: 'waiting'; item: PendingTaken } | { state: 'failed'; error: ApiError };

// A submission that others must sign too may wait for them at the server.
function Waiting({ item }: { item: PendingTaken }) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  return (
    <div role="status">
      <p class="good">{words.waits}</p>
      <ul>
        {lackingTexts(speech, item.lacking).map((text) => (
          <li>{text}</li>
        ))}
      </ul>
      <p>
        <a href={link(['inbox', item.id])}>{words.seeInbox}</a>
      </p>
    </div>
  );
}

function Outcome({ sent, onPost }: { sent: Sent; onPost(): void }) {
  const { record: words, page } = useWords();
  if (sent.state === 'none') return null;
  if (sent.state === 'working') return <p role="status" data-working>{page.working}</p>;
  if (sent.state === 'checked') return <p class="good" role="status">{words.fits}</p>;
  if (sent.state === 'recorded') return <Receipts receipts={sent.receipts} />;
  if (sent.state === 'waiting') return <Waiting item={sent.item} />;
  return (
    <>
      <Problem error={sent.error} />
      {sent.error.lacksSignatures && (
        <p>
          {words.othersSign}{' '}
          <button type="button" onClick={onPost}>{words.post}</button>
        </p>
      )}
    </>
  );
}

async function submitted(bytes: Bytes, rehearse: boolean): Promise<Sent> {
  const response = await request(address('v1/submissions', rehearse ? { dry_run: '1' } : {}), {
    method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: toArray(bytes),
  });
  const { receipts } = (await response.json()) as { receipts: Receipt[] };
  return rehearse ? { state: 'checked' } : { state: 'recorded', receipts };
}

async function posted(bytes: Bytes): Promise<Sent> {
  const item = await postSubmission(bytes);
  return item.receipts ? { state: 'recorded', receipts: item.receipts } : { state: 'waiting', item };
}

function Send({ submission }: { submission: Submission }) {
  const { record: words } = useWords();
  const [sent, setSent] = useState<Sent>({ state: 'none' });
  const bytes = serializeSubmission(submission);
  const send = (sending: Promise<Sent>) => {
    setSent({ state: 'working' });
    sending.then(setSent, (error: unknown) => setSent({ state: 'failed', error: asApiError(error) }));
  };
  return (
    <>
      <p>
        <button type="button" class="quiet" onClick={() => send(submitted(bytes, true))}>{words.check}</button>{' '}
        <button type="button" onClick={() => send(submitted(bytes, false))}>{words.submit}</button>{' '}
        <a class="button quiet" href={`data:application/octet-stream;base64,${toBase64(bytes)}`} download="submission.plsub">
          {words.download}
        </a>
      </p>
      <Outcome sent={sent} onPost={() => send(posted(bytes))} />
    </>
  );
}

const kMostShown = 20;

export function ShownEvents({ events }: { events: Bytes[] }) {
  const { record: words } = useWords();
  const [all, setAll] = useState(false);
  return (
    <>
      {(all ? events : events.slice(0, kMostShown)).map((event) => (
        <article class="card">
          <EventDetails bytes={event} Heading="h3" />
        </article>
      ))}
      {!all && events.length > kMostShown && (
        <p>
          {words.firstShown(kMostShown, events.length)}{' '}
          <button type="button" class="quiet" onClick={() => setAll(true)}>{words.showAll}</button>
        </p>
      )}
    </>
  );
}

// What stands in the bytes, who signed, one's own signature, and off.
interface SignAndSendProps {
  ledger: LedgerName;
  submission: Submission;
  onChange(submission: Submission): void;
  children?: ComponentChildren;  // what is said of it before its bytes are shown
}

export function SignAndSend({ ledger, submission, onChange, children }: SignAndSendProps) {
  const { record: words } = useWords();
  const signers = signersOf(submission.note);
  return (
    <>
      {children}
      <h2>{words.shown}</h2>
      <ShownEvents events={submission.events} />
      {signers.map((key) => (
        <p>{words.by(visible(key))}</p>
      ))}
      <h2>{words.sign}</h2>
      <KeyForm key={signers.length} action={words.sign} use={async (key) => onChange(await signed(submission, key, ledger.suite))} />
      {signers.length > 0 && <Send key={signers.length} submission={submission} />}
    </>
  );
}
