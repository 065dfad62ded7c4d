// A key file and its passphrase, and what is done with the key once it is open.
import { useState } from 'preact/hooks';
import { Fault } from '../verify/fault';
import { visibleText } from '../verify/text';
import { ApiError } from './api';
import { FilePicker } from './file_picker';
import { KeyError, type OpenKey, openKeyFile } from './key_file';
import { Problem } from './loading';
import { useSpeech } from './speech';

const kMaxKeyFileBytes = 64 << 10;

function Failure({ failure }: { failure: unknown }) {
  const speech = useSpeech();
  const { session: words } = speech.words;
  if (failure === null) return null;
  if (failure instanceof ApiError) return <Problem error={failure} />;
  if (failure instanceof Fault) return <p class="problem" role="alert">{visibleText(speech.message(failure.what))}</p>;
  return <p class="problem" role="alert">{words[failure instanceof KeyError ? failure.fault : 'wrongFile']}</p>;
}

// `use` may throw; what it throws is told beside the form.
export function KeyForm({ action, use }: { action: string; use(key: OpenKey): Promise<void> }) {
  const { session: words, verify, page } = useSpeech().words;
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const submit = async () => {
    if (file === null) return;
    setWorking(true);
    setFailure(null);
    try {
      await use(await openKeyFile(file.text, passphrase));
      setFile(null);
    } catch (error) {
      setFailure(error);
    }
    setPassphrase('');
    setWorking(false);
  };
  if (!isSecureContext) return <p class="problem" role="alert">{words.insecure}</p>;
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
        <button type="submit" disabled={working || file === null}>{working ? page.working : action}</button>
      </p>
      <Failure failure={failure} />
    </form>
  );
}
