// Log in with a key that is bound on the ledger, by signing what the server asks.
import { toArray, utf8 } from '../verify/bytes';
import { visibleText } from '../verify/text';
import { type SessionAnswer, request } from './api';
import * as format from './format';
import { KeyForm } from './key_form';
import { type OpenKey, signNote } from './key_file';
import { Answer } from './loading';
import { askAgain } from './pending';
import { Row } from './row';
import { useSession } from './session';
import { useWords } from './speech';

async function logIn(key: OpenKey): Promise<void> {
  const asked = await request('v1/session/challenge', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ key: key.key.keyName }),
  });
  const { text } = (await asked.json()) as { text: string };
  const note = await signNote(utf8(text), key);
  await request('v1/session', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: toArray(note) });
}

function Who({ session, onLogOut }: { session: SessionAnswer; onLogOut(): void }) {
  const { session: words } = useWords();
  const own = session.sessions?.find((one) => one.id === session.session);
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
  const answer = useSession();
  const changed = () => {
    answer.again();
    askAgain();
  };
  const logOut = () => void request('v1/session', { method: 'DELETE' }).then(changed, changed);
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>
        {(session) =>
          session.key !== '' ? (
            <Who session={session} onLogOut={logOut} />
          ) : (
            <>
              <p>{words.nobody}</p>
              <KeyForm
                action={words.logIn}
                use={async (key) => {
                  await logIn(key);
                  changed();
                }}
              />
            </>
          )
        }
      </Answer>
    </>
  );
}
