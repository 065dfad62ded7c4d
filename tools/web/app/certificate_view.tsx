// The answer on paper: whoever reads it sees what it means, and how to hold it to the ledger. The QR code holds the
// proof itself where it fits and its reader may have it; else what is needed to find the same answer.
import { useEffect, useState } from 'preact/hooks';
import { type Bytes, fromArray, utf8 } from '../verify/bytes';
import { visibleText } from '../verify/text';
import type { LedgerAnswer, PledgeAnswer, Query } from './api';
import { request } from './api';
import { useDeskWords } from './desk_parts';
import { Answer, useAnswer } from './loading';
import { PledgeTerms, Warnings, headline } from './pledge_view';
import { QrCode, kMostQrBytes } from './qr';
import { link } from './router';
import { useSpeech } from './speech';
import { clocksOf } from './time_machine';
import { numbersIn } from './watch';

function scannedText(answer: PledgeAnswer, origin: string): Bytes {
  const besides = answer.frozen === '' ? '' : ` ${answer.pledgeAnswer}`;
  return utf8(`pilotledger pledge\n${origin}\n${answer.number}\n${answer.answer}${besides}\n${answer.position}\n${answer.root}\n`);
}

// The proof of this answer, as far as a code can hold it; null when it cannot, or its reader may not have it.
function useSmallProof(answer: PledgeAnswer, past: boolean): Bytes | null | 'working' {
  const [proof, setProof] = useState<Bytes | null | 'working'>(past ? null : 'working');
  useEffect(() => {
    if (past) return;
    request(`v1/proofs/pledge/${encodeURIComponent(answer.number)}`)
      .then(async (response) => fromArray(new Uint8Array(await response.arrayBuffer())))
      .then((bytes) => setProof(bytes.length <= kMostQrBytes ? bytes : null), () => setProof(null));
  }, [answer.number, answer.position]);
  return proof;
}

function Scanned({ answer, origin, past }: { answer: PledgeAnswer; origin: string; past: boolean }) {
  const { certificate: words } = useDeskWords();
  const { page } = useSpeech().words;
  const proof = useSmallProof(answer, past);
  if (proof === 'working') return <p role="status" data-working>{page.working}</p>;
  return (
    <figure>
      <QrCode data={proof ?? scannedText(answer, origin)} label={words.qr} />
      <figcaption>{proof ? words.qrProof : words.qrText}</figcaption>
    </figure>
  );
}

function Sheet({ answer, ledger, clocks }: { answer: PledgeAnswer; ledger: LedgerAnswer; clocks: Query }) {
  const { pledge: words, ask } = useSpeech().words;
  const { certificate: own } = useDeskWords();
  const past = Object.values(clocks).some((clock) => clock !== '');
  const stands = answer.frozen !== '' || ['ACTIVE', 'ENFORCED'].includes(headline(answer));
  const entry = Math.max(answer.position - 1, 0);
  return (
    <>
      <p class={stands ? 'answer framed stands' : 'answer framed'}>
        {visibleText(answer.number)}　{answer.frozen !== '' ? `${words.frozenMeans}　` : ''}{words[headline(answer)]}
      </p>
      {past && <p class="answer framed stands">{own.past}</p>}
      {(answer.pledgeAnswer === 'NONE' || answer.pledgeAnswer === 'UNKNOWN') && <p>{ask.noneMeans}</p>}
      <PledgeTerms answer={answer} />
      <Warnings answer={answer} />
      <p>{words.register}</p>
      <Scanned answer={answer} origin={ledger.origin} past={past} />
      <h3>{own.howToCheck}</h3>
      <ol>
        <li>{own.takeKey(ledger.origin)}</li>
        <li>
          {own.askAgain} <code>{`pilotledger pledge ${answer.number} --as-of ${entry}${clocks.on ? ` --on ${clocks.on}` : ''}`}</code>
        </li>
        {!past && <li>{own.offline} <code>pilotledger-verify FILE --key VKEY</code></li>}
      </ol>
      <p class="hint">{own.means}</p>
    </>
  );
}

function OneRight({ number, ledger, clocks }: { number: string; ledger: LedgerAnswer; clocks: Query }) {
  const answer = useAnswer<PledgeAnswer>(`v1/pledge/${encodeURIComponent(number)}`, clocks);
  const { certificate: words } = useDeskWords();
  return (
    <article class="sheet">
      <h2>{words.heading(visibleText(number))}</h2>
      <Answer answer={answer}>{(value) => <Sheet answer={value} ledger={ledger} clocks={clocks} />}</Answer>
    </article>
  );
}

export function CertificateView({ query }: { query: Query }) {
  const { certificate: words } = useDeskWords();
  const ledger = useAnswer<LedgerAnswer>('v1/ledger');
  const numbers = numbersIn(query.number ?? '');
  return (
    <>
      <h1>{words.title}</h1>
      <p class="no-print">
        <button type="button" onClick={() => print()}>{words.print}</button>{' '}
        <a class="button quiet" href={link(['pledge'], query)}>{words.back}</a>
      </p>
      <Answer answer={ledger}>
        {(value) => (
          <>
            {numbers.map((number) => (
              <OneRight key={number} number={number} ledger={value} clocks={clocksOf(query)} />
            ))}
          </>
        )}
      </Answer>
    </>
  );
}
