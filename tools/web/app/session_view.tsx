// Log in with a key that is bound on the ledger, by signing what the server asks.
import { useState } from 'preact/hooks';
import { toArray, utf8 } from '../verify/bytes';
import { visibleText } from '../verify/text';
import { ApiError, request } from './api';
import * as format from './format';
import { KeyError, openKeyFile, signNote } from './key_file';
import { Answer, Problem, useAnswer } from './loading';
import { FilePicker } from './file_picker';
import { Row } from './row';
import { useSpeech, useWords } from './speech';

interface SessionAnswer {
  reader: string;
  party: string;
  key: string;
  session: string;
  sessions: { id: string; kind: string; until: string }[];
}

const kJson = { 'Content-Type': 'application/json' };
const kMaxKeyFileBytes = 64 << 10;

async function logIn(file: string, passphrase: string): Promise<void> {
  const open = await openKeyFile(file, passphrase);
  const asked = await request('v1/session/challenge', {
    method: 'POST', headers: kJson, body: JSON.stringify({ key: open.key.keyName }),
  });
  const { text } = (await asked.json()) as { text: string };
  const note = await signNote(utf8(text), open);
  await request('v1/session', { method: 'POST', headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: toArray(note) });
}

function LogInForm({ onDone }: { onDone(): void }) {
  const { session: words, verify } = useWords();
  const speech = useSpeech();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const submit = async () => {
    if (file === null) return;
    setWorking(true);
    setFailure(null);
    try {
      await logIn(file.text, passphrase);
      onDone();
    } catch (error) {
      setFailure(error);
    }
    setPassphrase('');
    setWorking(false);
  };
  return (
    <form
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="field">
        <label for="key-file">{words.file}</label>
        <FilePicker
          id="key-file"
          text={verify.choose}
          hint="key-file-hint"
          onFiles={async ([chosen]) => {
            if (chosen) setFile({ name: chosen.name, text: await chosen.slice(0, kMaxKeyFileBytes).text() });
          }}
        />{' '}
        {file && visibleText(file.name)}
        <p class="hint" id="key-file-hint">{words.fileHint}</p>
      </div>
      <div class="field">
        <label for="passphrase">{words.passphrase}</label>
        <input id="passphrase" type="password" autocomplete="off" value={passphrase} onInput={(event) => setPassphrase(event.currentTarget.value)} />
      </div>
      <p>
        <button type="submit" disabled={working || file === null}>{working ? speech.words.page.working : words.logIn}</button>
      </p>
      {failure instanceof KeyError && <p class="problem" role="alert">{words[failure.fault]}</p>}
      {failure instanceof ApiError && <Problem error={failure} />}
      {failure !== null && !(failure instanceof KeyError) && !(failure instanceof ApiError) && (
        <p class="problem" role="alert">{words.wrongFile}</p>
      )}
    </form>
  );
}

function Who({ session, onLogOut }: { session: SessionAnswer; onLogOut(): void }) {
  const { session: words } = useWords();
  const own = session.sessions.find((one) => one.id === session.session);
  return (
    <>
      <h2>{words.as}</h2>
      <dl>
        <Row label={words.party}>{visibleText(session.party)}</Row>
        <Row label={words.key}>
          <code>{visibleText(session.key)}</code>
        </Row>
        {own && <Row label={words.until}>{format.moment(own.until)}</Row>}
      </dl>
      <p>
        <button type="button" onClick={onLogOut}>{words.logOut}</button>
      </p>
    </>
  );
}

export function SessionView() {
  const { session: words } = useWords();
  const answer = useAnswer<SessionAnswer>('v1/session');
  const logOut = () => void request('v1/session', { method: 'DELETE' }).then(answer.again, answer.again);
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {!isSecureContext && <p class="problem" role="alert">{words.insecure}</p>}
      <Answer answer={answer}>
        {(session) =>
          session.key === '' ? (
            <>
              <p>{words.nobody}</p>
              {isSecureContext && <LogInForm onDone={answer.again} />}
            </>
          ) : (
            <Who session={session} onLogOut={logOut} />
          )
        }
      </Answer>
    </>
  );
}
