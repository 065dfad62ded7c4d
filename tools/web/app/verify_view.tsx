// Drop files, give the key, read the verdicts. Nothing leaves the browser.
import { useEffect, useRef, useState } from 'preact/hooks';
import { fromArray, utf8 } from '../verify/bytes';
import { Fault, type Trust, type Verdict, judge, readTrust, visibleText } from '../verify/files';
import { DropZone, FilePicker } from './file_picker';
import { Row } from './row';
import { type PledgeCode, canScan, readPledgeCode, scan } from './scan_qr';
import { ShownFile } from './shown';
import { useSpeech } from './speech';

const kMaxFileBytes = (64 << 20) + 1;

interface Chosen {
  name: string;
  bytes: string;
}

const isPicture = (file: File): boolean => file.type.startsWith('image/');

// A code that names an answer: what it says is no proof, so it is shown beside what the ledger says.
function CodeCard({ code }: { code: PledgeCode }) {
  const { verify: words } = useSpeech().words;
  return (
    <article class="card unreadable">
      <h2>{words.codeOf(visibleText(code.number))}</h2>
      <dl>
        <Row label={words.codeLedger}>{visibleText(code.origin)}</Row>
        <Row label={words.codeAnswer}>{visibleText(code.answer)}</Row>
        <Row label={words.codeRoot}>
          <code>{visibleText(code.root)}</code>
        </Row>
      </dl>
      <p>{words.codeMeans}</p>
      {location.protocol.startsWith('http') && (
        <p>
          <a href={`#/pledge?number=${encodeURIComponent(code.number)}&as_of=${code.position - 1}`}>{words.codeAsk}</a>
        </p>
      )}
    </article>
  );
}

async function readFile(file: File): Promise<Chosen> {
  const buffer = await file.slice(0, kMaxFileBytes).arrayBuffer();
  return { name: file.name, bytes: fromArray(new Uint8Array(buffer)) };
}

function trustOf(key: string, policy: Chosen | null): Trust | Extract<Verdict, { verdict: 'unreadable' }> {
  try {
    return readTrust({ key, policy: policy && policy.bytes });
  } catch (error) {
    if (error instanceof Fault) return { verdict: 'unreadable', what: error.what };
    throw error;
  }
}

function VerdictCard({ name, verdict, onRemove }: { name: string; verdict: Verdict | null; onRemove(): void }) {
  const speech = useSpeech();
  const { verdict: words, verify } = speech.words;
  const state = verdict?.verdict ?? 'working';
  return (
    <article class={`card ${state}`}>
      <header>
        <h2>
          <span class="verdict">{verdict === null ? verify.working : words[verdict.verdict]}</span>
          <span class="name">{visibleText(name)}</span>
        </h2>
        <button type="button" class="quiet" onClick={onRemove} aria-label={`${verify.remove} ${visibleText(name)}`}>
          {verify.remove}
        </button>
      </header>
      {verdict?.verdict === 'verified' && <ShownFile shown={verdict.shown} />}
      {(verdict?.verdict === 'rejected' || verdict?.verdict === 'unreadable') && (
        <>
          <p>
            {words.reason}{verdict.verdict === 'rejected' && <code>{verdict.reason}</code>}{' '}
            {visibleText(speech.language === 'zh' ? verdict.what.zh : verdict.what.en)}
          </p>
          <p>{verdict.verdict === 'rejected' ? words.rejectedMeans : words.unreadableMeans}</p>
        </>
      )}
    </article>
  );
}

function ChooseProofs({ onFiles }: { onFiles(files: File[]): void }) {
  const { verify: words } = useSpeech().words;
  return (
    <DropZone onFiles={onFiles}>
      <label for="proof-files">{words.file}</label>
      <p>
        {words.drop}{' '}
        <FilePicker id="proof-files" text={words.choose} hint="proof-hint" multiple onFiles={onFiles} />
      </p>
      {canScan() && <p>{words.scan}</p>}
      <p class="hint" id="proof-hint">{words.fileHint}</p>
    </DropZone>
  );
}

// `knownKey`: of the ledger whose page this is; the reader may replace it.
export function VerifyView({ knownKey = '' }: { knownKey?: string }) {
  const { verify: words } = useSpeech().words;
  const [files, setFiles] = useState<Chosen[]>([]);
  const [verdicts, setVerdicts] = useState<(Verdict | null)[]>([]);
  const [key, setKey] = useState(knownKey);
  const [policy, setPolicy] = useState<Chosen | null>(null);
  const [codes, setCodes] = useState<PledgeCode[]>([]);
  const round = useRef(0);

  useEffect(() => {
    const mine = ++round.current;
    const trust = trustOf(key, policy);
    setVerdicts(files.map(() => null));
    files.forEach(async ({ bytes }, i) => {
      const verdict = 'verdict' in trust ? trust : await judge(bytes, trust);
      if (mine === round.current) setVerdicts((all) => all.map((one, at) => (at === i ? verdict : one)));
    });
  }, [files, key, policy]);

  const add = async (chosen: File[]) => {
    const read: Chosen[] = [];
    for (const file of chosen) {
      const scanned = isPicture(file) ? await scan(file) : null;
      const code = scanned === null ? null : readPledgeCode(scanned);
      if (code !== null) setCodes((all) => [...all, code]);
      else read.push(scanned === null ? await readFile(file) : { name: file.name, bytes: utf8(scanned) });
    }
    setFiles((all) => [...all, ...read]);
  };
  return (
    <section class="verify">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <form onSubmit={(event) => event.preventDefault()}>
        <ChooseProofs onFiles={add} />
        <div class="field">
          <label for="log-key">{words.key}</label>
          <textarea
            id="log-key"
            rows={2}
            spellcheck={false}
            autocomplete="off"
            aria-describedby="key-hint"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          <p class="hint" id="key-hint">{words.keyHint}</p>
        </div>
        <div class="field">
          <label for="policy">{words.policy}</label>
          <FilePicker
            id="policy"
            text={words.choosePolicy}
            hint="policy-hint"
            onFiles={async ([file]) => setPolicy(file ? await readFile(file) : null)}
          />
          {policy !== null && (
            <span>
              {' '}
              {visibleText(policy.name)}{' '}
              <button type="button" class="quiet" onClick={() => setPolicy(null)}>
                {words.remove}
              </button>
            </span>
          )}
          <p class="hint" id="policy-hint">{words.policyHint}</p>
        </div>
      </form>
      <div aria-live="polite" class="verdicts">
        {codes.map((code) => (
          <CodeCard code={code} />
        ))}
        {files.length + codes.length === 0 && <p class="hint">{words.nothingYet}</p>}
        {files.map((file, i) => (
          <VerdictCard
            name={file.name}
            verdict={verdicts[i] ?? null}
            onRemove={() => setFiles((all) => all.filter((_, at) => at !== i))}
          />
        ))}
      </div>
    </section>
  );
}
