// A submission on its way: shown from the bytes that will be signed, signed here, checked, submitted or passed on.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Bytes, toArray, toBase64, utf8 } from '../verify/bytes';
import { unreadable } from '../verify/fault';
import { keyNameOf, parseNote } from '../verify/note';
import { type LedgerName, type Submission, serializeSubmission } from '../verify/submission';
import { isSuite } from '../verify/suite';
import { visible } from '../verify/text';
import { type LedgerAnswer, type Receipt, address, request } from './api';
import * as format from './format';
import { KeyForm } from './key_form';
import { type OpenKey, signNote } from './key_file';
import { Problem, asApiError } from './loading';
import { link } from './router';
import { EventDetails } from './shown';
import { useWords } from './speech';

export function ledgerName(ledger: LedgerAnswer): LedgerName {
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
interface SignAndSendProps {
  ledger: LedgerName;
  submission: Submission;
  onChange(submission: Submission): void;
  children?: ComponentChildren;  // what is said of it before its bytes are shown
}

const kMostShown = 20;

export function SignAndSend({ ledger, submission, onChange, children }: SignAndSendProps) {
  const { record: words } = useWords();
  const signers = signersOf(submission.note);
  const [all, setAll] = useState(false);
  const { events } = submission;
  return (
    <>
      {children}
      <h2>{words.shown}</h2>
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
      {signers.map((key) => (
        <p>{words.by(visible(key))}</p>
      ))}
      <h2>{words.sign}</h2>
      <KeyForm key={signers.length} action={words.sign} use={async (key) => onChange(await signed(submission, key, ledger.suite))} />
      {signers.length > 0 && <Send key={signers.length} submission={submission} />}
    </>
  );
}
