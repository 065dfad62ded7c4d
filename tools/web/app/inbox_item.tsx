// One item of the inbox: who signed, who must still; what will be signed, shown from the bytes; and the reader's own
// signature, refusal or withdrawal. The key stays here: what goes off is the note of the text with his signature.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { type LedgerAnswer, type PendingWhole, type SessionAnswer, get } from './api';
import { useDeskWords } from './desk_parts';
import { EvidenceFiles } from './evidence_files';
import { committedInBytes } from './evidence_list';
import * as format from './format';
import { KeyForm } from './key_form';
import { lackingTexts } from './lacking';
import { Answer, Problem, asApiError, useLoaded } from './loading';
import { addSignature, decline, filePath, isForReader, withdraw } from './pending';
import { type Draft, draftOf } from './pending_draft';
import { LogInFirst, nameOf, subjectOf } from './pending_parts';
import { link } from './router';
import { Row } from './row';
import { Receipts, ShownEvents, ledgerName, signedAlone } from './sign_and_send';
import { useSpeech, useWords } from './speech';

interface Item {
  item: PendingWhole;
  session: SessionAnswer;
  draft: Draft | null;  // its bytes are gone once it is closed
}

async function load(id: string, signal: AbortSignal): Promise<Item | null> {
  const session = await get<SessionAnswer>('v1/session', {}, signal);
  if (session.key === '') return null;
  const item = await get<PendingWhole>(`v1/pending/${encodeURIComponent(id)}`, {}, signal);
  if (item.state !== 'open') return { item, session, draft: null };
  const ledger = await get<LedgerAnswer>('v1/ledger', {}, signal);
  return { item, session, draft: await draftOf(id, ledgerName(ledger), signal) };
}

// --- what is known of it

function Told({ item }: { item: PendingWhole }) {
  const speech = useSpeech();
  const { inbox: words } = useDeskWords();
  return (
    <dl>
      <Row label={words.state}>{words.states[item.state]}</Row>
      <Row label={words.from}>
        {nameOf(item.submitter)}　{format.moment(item.submitted_at)}
      </Row>
      {item.state === 'open' && <Row label={words.until}>{format.moment(item.until)}</Row>}
      {item.signed.map((one) => (
        <Row label={words.signed}>
          {nameOf(one)}　{format.moment(one.at)}　<code>{visibleText(one.key)}</code>
        </Row>
      ))}
      {lackingTexts(speech, item.lacking).map((text) => (
        <Row label={words.lacking}>{text}</Row>
      ))}
      {item.declined.map((one) => (
        <Row label={words.declined}>
          {nameOf(one)}　{format.moment(one.at)}　{words.because(visibleText(one.reason))}
        </Row>
      ))}
    </dl>
  );
}

// Complete, and the ledger would not have it: what it said.
function Refusal({ refusal }: { refusal: PendingWhole['refusal'] }) {
  const { language } = useSpeech();
  const { inbox: words } = useDeskWords();
  if (refusal === null) return null;
  const { message = '', messageZh = message } = refusal as Record<string, string>;
  return (
    <p class="problem">
      {words.refused} {visibleText(language === 'zh' ? messageZh : message)}
    </p>
  );
}

// --- what the reader does

interface ActionProps {
  title: string;
  hint: string;
  act(): Promise<unknown>;
  onDone(): void;
  children?: ComponentChildren;
}

// Behind a summary, so that nobody does it by a slip.
function Action({ title, hint, act, onDone, children }: ActionProps) {
  const { page } = useWords();
  const [state, setState] = useState<'ready' | 'working' | { error: unknown }>('ready');
  const submit = async () => {
    setState('working');
    try {
      await act();
      onDone();
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <details>
      <summary>{title}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p class="hint">{hint}</p>
        {children}
        <p>
          <button type="submit" class="quiet" disabled={state === 'working'}>{state === 'working' ? page.working : title}</button>
        </p>
        {typeof state === 'object' && <Problem error={asApiError(state.error)} />}
      </form>
    </details>
  );
}

function Decline({ id, onDone }: { id: string; onDone(): void }) {
  const { inbox: words } = useDeskWords();
  const [reason, setReason] = useState('');
  return (
    <Action title={words.decline} hint={words.declineHint} act={() => decline(id, reason.trim())} onDone={onDone}>
      <div class="field">
        <label for="decline-reason">{words.reason}</label>
        <input id="decline-reason" class="long" required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </div>
    </Action>
  );
}

function Sign({ id, draft, onDone }: { id: string; draft: Draft; onDone(): void }) {
  const { inbox: words } = useDeskWords();
  return (
    <section>
      <h2>{words.sign}</h2>
      <p class="hint">{words.signHint}</p>
      <KeyForm
        action={words.sign}
        use={async (key) => {
          await addSignature(id, await signedAlone(draft.submission, key, draft.ledger.suite));
          onDone();
        }}
      />
    </section>
  );
}

// Who submitted it, signed it or is asked to.
const mayPut = ({ yours }: PendingWhole) => (yours === 'declined' ? null : 'signer');

function Open({ one, draft, onDone }: { one: Item; draft: Draft; onDone(what: Done): void }) {
  const { item, session } = one;
  const speech = useSpeech();
  const { inbox: words } = useDeskWords();
  const { record } = useWords();
  return (
    <>
      <h2>{record.shown}</h2>
      <ShownEvents events={draft.submission.events} />
      <EvidenceFiles
        files={draft.submission.events.flatMap((one) => committedInBytes(speech, one))}
        mayPut={mayPut(item)}
      />
      <p class="no-print">
        <a class="button quiet" href={filePath(item.id)} download>{record.download}</a>
      </p>
      {isForReader(item) && <Sign id={item.id} draft={draft} onDone={() => onDone('signed')} />}
      {isForReader(item) && <Decline id={item.id} onDone={() => onDone('declined')} />}
      {item.submitter.party === session.party && (
        <Action title={words.withdraw} hint={words.withdrawHint} act={() => withdraw(item.id)} onDone={() => onDone('withdrawn')} />
      )}
    </>
  );
}

type Done = 'signed' | 'declined' | 'withdrawn';

export function InboxItem({ id }: { id: string }) {
  const speech = useSpeech();
  const { inbox: words } = useDeskWords();
  const [done, setDone] = useState<Done | null>(null);
  const answer = useLoaded(id, (signal) => load(id, signal));
  const did = (what: Done) => {
    setDone(what);
    answer.again();
  };
  return (
    <>
      <h1>{words.title}</h1>
      <Answer answer={answer}>
        {(one) =>
          one === null ? (
            <LogInFirst />
          ) : (
            <>
              <h2>{subjectOf(speech, one.item)}</h2>
              {done && <p class="good" role="status">{words.did[done]}</p>}
              {one.item.receipts && <Receipts receipts={one.item.receipts} />}
              <Refusal refusal={one.item.refusal} />
              <Told item={one.item} />
              {one.draft && <Open one={one} draft={one.draft} onDone={did} />}
            </>
          )
        }
      </Answer>
      <p class="no-print">
        <a href={link(['inbox'])}>{words.back}</a>
      </p>
    </>
  );
}
