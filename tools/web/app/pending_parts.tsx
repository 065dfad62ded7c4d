// An item of the inbox in words: what it is, and what awaits the reader, on his desk.
import { visibleText } from '../verify/text';
import type { Pending } from './api';
import { useDeskWords } from './desk_parts';
import * as format from './format';
import { useAwaiting } from './pending';
import { link } from './router';
import { type Speech, useSpeech, useWords } from './speech';

export const nameOf = ({ party, name }: { party: string; name: string }): string => visibleText(name || party);

// "Subsidy awarded, Pledge agreed (2)"
export function subjectOf({ language, message }: Speech, { kinds }: Pending): string {
  const one = ({ kind, label, count }: Pending['kinds'][number]) => {
    const name = label ? message(label) : kind;
    return count === 1 ? name : language === 'zh' ? `${name}（${count} 项）` : `${name} (${count})`;
  };
  return visibleText(kinds.map(one).join(language === 'zh' ? '、' : ', '));
}

export function LogInFirst() {
  const { inbox: words } = useDeskWords();
  const { page } = useWords();
  return (
    <p>
      {words.nobody} <a href={link(['session'])}>{page.session}</a>
    </p>
  );
}

// Nothing when nothing awaits him, or nobody is logged in.
export function AwaitingReader() {
  const speech = useSpeech();
  const { inbox: words } = useDeskWords();
  const items = useAwaiting() ?? [];
  if (items.length === 0) return null;
  return (
    <section class="no-print">
      <h2>{words.own(format.count(items.length))}</h2>
      <ul>
        {items.map((item) => (
          <li>
            <a href={link(['inbox', item.id])}>{subjectOf(speech, item)}</a>{' '}
            <span class="hint">{words.fromUntil(nameOf(item.submitter), format.moment(item.until))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
