// The watch list: what stands against each right, and what happened since the last look.
import { useEffect, useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import type { LedgerAnswer } from './api';
import { useDeskWords } from './desk_parts';
import { KindName } from './event_table';
import * as format from './format';
import { Answer, Problem, asApiError, useAnswer } from './loading';
import { headline } from './pledge_view';
import { link } from './router';
import { useSpeech } from './speech';
import { type Watched, type Watching, keepWatched, kMostWatched, numbersIn, watch, watchedRights } from './watch';

type Looked = Watching | { error: unknown } | null;

function News({ looked }: { looked: Watching }) {
  const { watch: words } = useDeskWords();
  if (looked.news.length === 0) return <>{words.noNews}</>;
  return (
    <ul class="items">
      {looked.news.map(({ index, recordedAt, event }) => (
        <li>
          <a href={link(['entries', String(index)])}>
            <KindName kind={event.kind} />
          </a>{' '}
          <span class="hint">{words.entryOf(format.count(index), format.moment(recordedAt))}</span>
        </li>
      ))}
    </ul>
  );
}

function WatchedRow({ right, looked, onRemove }: { right: Watched; looked: Looked; onRemove(): void }) {
  const { pledge: words, page } = useSpeech().words;
  const { watch: own } = useDeskWords();
  const answer = looked && 'answer' in looked ? looked.answer : null;
  const pledges = answer ? [...answer.pledges, ...answer.otherContracts] : [];
  const holders = pledges.map(({ pledge, pledgeeName, pledgee }) => `${pledge} ${pledgeeName || pledgee}`);
  return (
    <tr>
      <td>
        <a href={link(['pledge'], { number: right.number })}>{visibleText(right.number)}</a>
      </td>
      <td>
        {answer && answer.frozen !== '' && <strong class="alert">{words.frozenMeans}　</strong>}
        {answer && <span class={['ACTIVE', 'ENFORCED'].includes(headline(answer)) ? 'alert' : ''}>{words[headline(answer)]}</span>}
      </td>
      <td>{visibleText(holders.join('\n'))}</td>
      <td>
        {looked === null && <span data-working>{page.working}</span>}
        {looked && 'error' in looked && <Problem error={asApiError(looked.error)} />}
        {looked && 'answer' in looked && <News looked={looked} />}
      </td>
      <td class="no-print">
        <button type="button" class="quiet" aria-label={own.removeOne(right.number)} onClick={onRemove}>{own.remove}</button>
      </td>
    </tr>
  );
}

// Each right asked for in its turn, so that a long list does not take all of the server.
function useLooks(rights: Watched[]): Map<string, Looked> {
  const [looks, setLooks] = useState(new Map<string, Looked>());
  useEffect(() => {
    const controller = new AbortController();
    const ask = async () => {
      for (const right of rights) {
        const looked = await watch(right, controller.signal).catch((error: unknown) => ({ error }));
        if (controller.signal.aborted) return;
        setLooks((old) => new Map(old).set(right.number, looked));
      }
    };
    void ask();
    return () => controller.abort();
  }, [JSON.stringify(rights)]);
  return looks;
}

function AddRights({ onAdd }: { onAdd(numbers: string[]): void }) {
  const { watch: words } = useDeskWords();
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(numbersIn(text));
        setText('');
      }}
    >
      <div class="field">
        <label for="watch-numbers">{words.add}</label>
        <textarea id="watch-numbers" rows={3} spellcheck={false} value={text} aria-describedby="watch-hint" onInput={(event) => setText(event.currentTarget.value)} />
        <p class="hint" id="watch-hint">{words.addHint}</p>
      </div>
      <p>
        <button type="submit">{words.addButton}</button>
      </p>
    </form>
  );
}

function Rights({ ledger }: { ledger: LedgerAnswer }) {
  const { watch: words } = useDeskWords();
  const [rights, setRights] = useState(() => watchedRights(ledger.origin));
  const [kept, setKept] = useState(true);
  const looks = useLooks(rights);
  const change = (now: Watched[]) => {
    setRights(now);
    setKept(keepWatched(ledger.origin, now));
  };
  const add = (numbers: string[]) => {
    const known = new Set(rights.map(({ number }) => number));
    const more = numbers.filter((number) => !known.has(number)).map((number) => ({ number, seen: ledger.position }));
    change([...rights, ...more].slice(0, kMostWatched));
  };
  const seenAll = () => change(rights.map((right) => {
    const looked = looks.get(right.number);
    return looked && 'answer' in looked ? { ...right, seen: looked.answer.position } : right;
  }));
  const withNews = [...looks.values()].filter((looked) => looked && 'news' in looked && looked.news.length > 0).length;
  return (
    <>
      <p class="lead">{words.lead}</p>
      {!kept && <p class="problem" role="alert">{words.notKept}</p>}
      {rights.length === 0 ? (
        <p>{words.empty}</p>
      ) : (
        <>
          <p role="status">{withNews === 0 ? words.nothingNew : words.news(format.count(withNews))}</p>
          <div class="scroll" tabIndex={0} role="region" aria-label={words.table}>
            <table class="wide">
              <thead>
                <tr>
                  <th scope="col">{words.number}</th>
                  <th scope="col">{words.stands}</th>
                  <th scope="col">{words.holders}</th>
                  <th scope="col">{words.since}</th>
                  <th scope="col" class="no-print">{words.remove}</th>
                </tr>
              </thead>
              <tbody>
                {rights.map((right) => (
                  <WatchedRow
                    key={right.number}
                    right={right}
                    looked={looks.get(right.number) ?? null}
                    onRemove={() => change(rights.filter(({ number }) => number !== right.number))}
                  />
                ))}
              </tbody>
            </table>
          </div>
          <p class="no-print">
            <button type="button" onClick={seenAll}>{words.seenAll}</button>{' '}
            <a class="button quiet" href={link(['certificate'], { number: rights.map(({ number }) => number).join('\n') })}>{words.print}</a>
          </p>
        </>
      )}
      <AddRights onAdd={add} />
    </>
  );
}

export function WatchList() {
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  return <Answer answer={answer}>{(ledger) => <Rights ledger={ledger} />}</Answer>;
}
