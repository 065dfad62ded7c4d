// The bank's question, of one right or several.
import { useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { sumText } from './amounts';
import type { Pledge, PledgeAnswer, Query } from './api';
import { Dossier } from './dossier';
import * as format from './format';
import { EntriesTable, useKindLabels } from './entries_view';
import { Answer, useAnswer, useLoaded } from './loading';
import { ProofButton } from './proof_button';
import { go, link } from './router';
import { Row } from './row';
import { useSpeech, useWords } from './speech';
import { TimeMachine, clocksOf } from './time_machine';
import { watch } from './watch';

const kMostNumbers = 100;

const numbersOf = (text: string): string[] => text.split(/[\n;；]+/).map((one) => one.trim()).filter((one) => one !== '');

function PledgeLine({ pledge }: { pledge: Pledge }) {
  const speech = useSpeech();
  const { pledge: words } = speech.words;
  const { amountFen, currency = 'CNY' } = pledge;
  const amount = amountFen && amountFen !== '0' ? sumText(speech, BigInt(amountFen), currency) : '';
  const debt = pledge.debtTo ? `${words.debtTo} ${pledge.debtTo}` : '';
  const parts = [words.states[pledge.state] ?? pledge.state, pledge.pledgee && (pledge.pledgeeName || pledge.pledgee), amount, debt];
  return (
    <>
      <a href={link(['entities', `pledge:${pledge.pledge}`])}>{visibleText(pledge.pledge)}</a>{' '}
      {visibleText(parts.filter((part) => part).join('　'))}
    </>
  );
}

// Who was paid from a right did not release it.
export const headline = ({ answer, pledgeAnswer }: PledgeAnswer) => (answer === 'ENFORCED' ? answer : pledgeAnswer);

// What a reader should know before he relies on the answer.
export function Warnings({ answer }: { answer: PledgeAnswer }) {
  const speech = useSpeech();
  return (
    <>
      {(answer.warnings ?? []).map((warning) => (
        <p class="withheld">{visibleText(speech.message(warning))}</p>
      ))}
    </>
  );
}

export function PledgeTerms({ answer }: { answer: PledgeAnswer }) {
  const { language, words: { pledge: words, ask } } = useSpeech();
  const isZh = language === 'zh';
  const withheld = (isZh ? answer.withheldZh : undefined) ?? answer.withheld;
  const other = { agreed: words.agreed, revoked: words.revoked } as Record<string, string>;
  return (
    <dl>
      {answer.frozen !== '' && <Row label={words.frozen}>{visibleText(answer.frozen)}</Row>}
      {answer.state !== '' && <Row label={words.state}>{words.states[answer.state] ?? answer.state}</Row>}
      {answer.expires !== '' && <Row label={words.expires}>{answer.expires}</Row>}
      {answer.owners.map((owner) => (
        <Row label={words.owner}>
          <a href={link(['entities', `party:${owner}`])}>{visibleText(owner)}</a> {visibleText(answer.ownerNames[owner] ?? '')}
        </Row>
      ))}
      {answer.pledges.map((pledge) => (
        <Row label={words.one}>
          <PledgeLine pledge={pledge} />
        </Row>
      ))}
      {answer.otherContracts.map((pledge) => (
        <Row label={other[pledge.state] ?? words.one}>
          <PledgeLine pledge={pledge} />
        </Row>
      ))}
      {(answer.terms ?? []).map(({ what, whatZh, value, valueZh }) => (
        <Row label={visibleText((isZh ? whatZh : undefined) ?? what)}>{visibleText((isZh ? valueZh : undefined) ?? value)}</Row>
      ))}
      {answer.entries.length > 0 && (
        <Row label={ask.entries}>
          {answer.entries.map((index) => (
            <>
              <a href={link(['entries', String(index)])}>{index}</a>{' '}
            </>
          ))}
        </Row>
      )}
      <Row label={ask.asOf}>{ask.asOfWhat(format.count(answer.position), answer.root)}</Row>
      <Row label={ask.answered}>{format.moment(answer.answeredAt)}</Row>
      {withheld.length > 0 && <Row label={ask.withheld}>{visibleText(withheld.join(isZh ? '，' : ', '))}</Row>}
    </dl>
  );
}

// What was recorded of the right and of its pledges, in order; asked for when somebody opens it.
function TimeLine({ number }: { number: string }) {
  const { ask } = useWords();
  const kinds = useKindLabels();
  const answer = useLoaded(`time line ${number}`, (signal) => watch({ number, seen: 0 }, signal));
  return <Answer answer={answer}>{({ news }) => <EntriesTable entries={news} kinds={kinds} label={`${ask.timeLine} ${number}`} />}</Answer>;
}

function PledgeCard({ number, clocks }: { number: string; clocks: Query }) {
  const { pledge: words, ask } = useWords();
  const answer = useAnswer<PledgeAnswer>(`v1/pledge/${encodeURIComponent(number)}`, clocks);
  const [open, setOpen] = useState(false);
  const past = Object.values(clocks).some((clock) => clock !== '');
  return (
    <article class="card">
      <h2>{visibleText(number)}</h2>
      <Answer answer={answer}>
        {(value) => (
          <>
            {value.frozen !== '' && <p class="answer stands">{words.frozenMeans}</p>}
            <p class={`answer ${headline(value)}`}>{words[headline(value)]}</p>
            {(value.pledgeAnswer === 'NONE' || value.pledgeAnswer === 'UNKNOWN') && <p>{ask.noneMeans}</p>}
            <PledgeTerms answer={value} />
            <Warnings answer={value} />
            <p>{words.register}</p>
            {!past && value.entries.length > 0 && (
              <details onToggle={(event) => setOpen(event.currentTarget.open)}>
                <summary>{ask.timeLine}</summary>
                {open && <TimeLine number={number} />}
              </details>
            )}
            <div class="no-print">
              {!past && <ProofButton what="pledge" id={value.number} text={ask.proof} />}{' '}
              <a class="button quiet" href={link(['certificate'], { number, ...clocks })}>{ask.certificate}</a>
            </div>
            {value.entries.length > 0 && <Dossier of={`ip:${value.number}`} clocks={clocks} />}
          </>
        )}
      </Answer>
    </article>
  );
}

export function PledgeView({ query }: { query: Query }) {
  const { ask: words } = useSpeech().words;
  const [text, setText] = useState(query.number ?? '');
  const numbers = numbersOf(query.number ?? '').slice(0, kMostNumbers);
  const ask = (clocks: Query) => go(['pledge'], { number: numbersOf(text).join('\n'), ...clocks });
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask(clocksOf(query));
        }}
      >
        <div class="field">
          <label for="numbers">{words.numbers}</label>
          <textarea id="numbers" rows={3} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </div>
        <p>
          <button type="submit">{words.ask}</button>
        </p>
        <details open={Boolean(query.as_of || query.on)}>
          <summary>{useWords().time.title}</summary>
          <TimeMachine query={query} onChange={ask} />
        </details>
      </form>
      <div aria-live="polite">
        {numbers.map((number) => (
          <PledgeCard key={number} number={number} clocks={clocksOf(query)} />
        ))}
      </div>
    </>
  );
}
