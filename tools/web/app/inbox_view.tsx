// The inbox: what waits for signatures, one's own first; each leads to what will be signed.
import type { Pending, Receipt } from './api';
import { useDeskWords } from './desk_parts';
import * as format from './format';
import { InboxItem } from './inbox_item';
import { type Line, lineOf, partiesOf, useFirstEvents } from './inbox_lines';
import { lackingTexts } from './lacking';
import { Answer, useLoaded } from './loading';
import { askInbox, isForReader, useArrived } from './pending';
import { LogInFirst, nameOf, subjectOf } from './pending_parts';
import { link } from './router';
import { useSpeech } from './speech';

const kShownReceipts = 3;

function Outcome({ item }: { item: Pending }) {
  const { inbox: words } = useDeskWords();
  const receipts = item.receipts ?? [];
  return (
    <>
      {words.states[item.state]}
      {receipts.slice(0, kShownReceipts).map(({ index }: Receipt) => (
        <>
          {' '}
          <a href={link(['entries', String(index)])}>{format.count(index)}</a>
        </>
      ))}
      {receipts.length > kShownReceipts && ' …'}
    </>
  );
}

const kShownDigits = 8;  // of an id, enough to tell items of one kind apart

function Said({ line, names }: { line: Line | undefined; names: Map<string, string> }) {
  const speech = useSpeech();
  const { inbox: words } = useDeskWords();
  if (line === undefined) return null;
  if (!('event' in line)) return <div class="alert">{words.notWhatItSays}</div>;
  return <div class="hint">{lineOf(speech, line.event, names)}</div>;
}

interface ItemRowProps {
  item: Pending;
  line: Line | undefined;
  names: Map<string, string>;
}

function ItemRow({ item, line, names }: ItemRowProps) {
  const speech = useSpeech();
  const isOpen = item.state === 'open';
  return (
    <tr>
      <td>
        <a href={link(['inbox', item.id])}>{subjectOf(speech, item)}</a> <code>{item.id.slice(0, kShownDigits)}</code>
        <Said line={line} names={names} />
      </td>
      <td>{nameOf(item.submitter)}</td>
      <td>{item.signed.map(nameOf).join(speech.language === 'zh' ? '、' : ', ')}</td>
      <td>{isOpen ? lackingTexts(speech, item.lacking).map((text) => <div>{text}</div>) : <Outcome item={item} />}</td>
      <td class="short">{format.moment(isOpen ? item.until : item.submitted_at)}</td>
    </tr>
  );
}

interface ItemsProps {
  title: string;
  items: Pending[];
  lines: Map<string, Line>;
  isOpen: boolean;
}

function Items({ title, items, lines, isOpen }: ItemsProps) {
  const { inbox: words } = useDeskWords();
  const names = partiesOf(items);
  if (items.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.from}</th>
              <th scope="col">{words.signed}</th>
              <th scope="col">{isOpen ? words.lacking : words.outcome}</th>
              <th scope="col">{isOpen ? words.until : words.submittedAt}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <ItemRow key={item.id} item={item} line={lines.get(item.id)} names={names} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function AllItems({ items }: { items: Pending[] }) {
  const { inbox: words } = useDeskWords();
  const lines = useFirstEvents(items);
  const own = items.filter(isForReader);
  const others = items.filter((item) => item.state === 'open' && !isForReader(item));
  const closed = items.filter((item) => item.state !== 'open');
  return (
    <>
      {own.length === 0 && <p>{words.nothing}</p>}
      <Items title={words.own(format.count(own.length))} items={own} lines={lines} isOpen />
      <Items title={words.ofOthers} items={others} lines={lines} isOpen />
      <Items title={words.closed} items={closed} lines={lines} isOpen={false} />
    </>
  );
}

function ItemList() {
  const { inbox: words } = useDeskWords();
  const came = useArrived().map(({ id }) => id).join();
  const answer = useLoaded(`inbox ${came}`, askInbox);
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Answer answer={answer}>
        {(items) => (items === null ? <LogInFirst /> : <AllItems items={items} />)}
      </Answer>
    </>
  );
}

export function InboxView({ path }: { path: string[] }) {
  const id = path[1];
  return id === undefined ? <ItemList /> : <InboxItem key={id} id={id} />;
}
