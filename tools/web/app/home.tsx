// What this ledger is, how old its newest checkpoint is, and what one can do.
import { useEffect, useState } from 'preact/hooks';
import type { ClusterAnswer, LedgerAnswer } from './api';
import type { Seen } from './checkpoint';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { link } from './router';
import { Row } from './row';
import { useSpeech, useWords } from './speech';

declare const VERIFIER: string;  // its file's name, which build.mjs knows

const kDayMs = 86_400_000;
const kQuietDays = 30;

function useCheckpoint(logKey: string): Seen | 'working' | 'failed' {
  const [seen, setSeen] = useState<Seen | 'working' | 'failed'>('working');
  useEffect(() => {
    import('./checkpoint')
      .then(({ look }) => look(logKey))
      .then(setSeen, () => setSeen('failed'));
  }, [logKey]);
  return seen;
}

function CheckpointRows({ logKey }: { logKey: string }) {
  const { home: words, page } = useWords();
  const seen = useCheckpoint(logKey);
  if (seen === 'working') return <Row label={words.remembered}>{page.working}</Row>;
  if (seen === 'failed') return <Row label={words.remembered}><strong class="alert">{words.unchecked}</strong></Row>;
  const { verdict, size } = seen.before;
  const said = verdict === 'first' ? words.firstVisit : words[verdict](format.count(size));
  return (
    <>
      <Row label={words.witnesses}>
        {seen.cosignatures === 0 ? words.noWitness : words.witnessCount(seen.cosignatures)}
      </Row>
      <Row label={words.remembered}>
        {verdict === 'shrunk' || verdict === 'forked' ? <strong class="alert">{said}</strong> : said}
      </Row>
    </>
  );
}

// The machines that keep the ledger together; of one machine nothing is said.
function Nodes() {
  const { home: words } = useWords();
  const { loaded } = useAnswer<ClusterAnswer>('v1/cluster');
  if (loaded.state !== 'done' || loaded.value.nodes.length === 0) return null;
  const { nodes, state = 'alone', confirmed = 0, needed = 1, policy = '' } = loaded.value;
  const policyFile = `data:text/plain;charset=utf-8,${encodeURIComponent(policy)}`;
  return (
    <section>
      <h2>{words.nodes}</h2>
      <p>
        {state === 'following' ? words.nodeState.following : <strong class="alert">{words.nodeState[state]}</strong>}{' '}
        {words.nodesNeeded(nodes.length, needed, format.count(confirmed))}
      </p>
      <dl>
        {nodes.map((node) => (
          <Row label={node.name}>
            {node.reached ? words.nodeHolds(format.count(node.size)) : <strong class="alert">{words.nodeAway}</strong>}
          </Row>
        ))}
      </dl>
      <p class="hint">
        {words.nodesTrust} <a href={policyFile} download="nodes.policy">{words.nodesPolicy}</a>
      </p>
    </section>
  );
}

function Newest({ ledger }: { ledger: LedgerAnswer }) {
  const { home: words } = useWords();
  const recorded = ledger.newest_recorded_at;
  const days = recorded ? Math.max(0, Math.floor((Date.now() - Date.parse(recorded)) / kDayMs)) : 0;
  return (
    <section>
      <h2>{words.newest}</h2>
      <dl>
        <Row label={words.entries}>{format.count(ledger.entries)}</Row>
        {recorded && <Row label={words.recorded}>{`${format.moment(recorded)}，${words.age(days)}`}</Row>}
        <Row label={words.root}>
          <code>{ledger.root}</code>
        </Row>
        <CheckpointRows logKey={ledger.log_key} />
      </dl>
      {days > kQuietDays && <p>{words.quiet}</p>}
    </section>
  );
}

function Ledger({ ledger }: { ledger: LedgerAnswer }) {
  const { home: words, page } = useWords();
  const desks: [string, string, string][] = [
    ['bank', page.bank, words.bankDesk], ['findings', page.audit, words.auditDesk], ['platform', page.platform, words.platformDesk],
    ['authority', page.authority, words.authorityDesk],
  ];
  return (
    <>
      <h1>{words.title(ledger.origin)}</h1>
      <p class="lead">{words.lead}</p>
      <nav aria-label={words.whatToDo} class="doors">
        <a href={link(['pledge'])}>{words.checkPatent}</a>
        <a href={link(['verify'])}>{words.checkProof}</a>
        <a href={link(['views'])}>{words.lookUp}</a>
      </nav>
      <nav aria-label={words.desks} class="doors">
        {desks.map(([path, name, what]) => (
          <a href={link([path])}>
            <strong>{name}</strong>
            <span class="hint">{what}</span>
          </a>
        ))}
      </nav>
      <Newest ledger={ledger} />
      <Nodes />
      <section>
        <h2>{words.about}</h2>
        <dl>
          <Row label={words.suite}>{ledger.suite}</Row>
          <Row label={words.edition}>{ledger.edition}</Row>
          <Row label={words.logKey}>
            <code>{ledger.log_key}</code>
          </Row>
          <Row label={words.foundingKey}>
            <code>{ledger.founding_key}</code>
          </Row>
        </dl>
      </section>
    </>
  );
}

export function Home() {
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  const { words } = useSpeech();
  return (
    <>
      <Answer answer={answer}>{(ledger) => <Ledger ledger={ledger} />}</Answer>
      <p class="hint">
        {words.page.codeFromServer}{' '}
        <a href={`page/${VERIFIER}`} download>{words.page.offlineVerifier}</a>
      </p>
    </>
  );
}
