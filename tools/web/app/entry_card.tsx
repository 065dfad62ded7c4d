// An entry beside others: what it says, who signed it, its proof.
import { visibleText } from '../verify/text';
import type { EntryAnswer } from './api';
import { EventTable } from './event_table';
import * as format from './format';
import { Answer, useAnswer } from './loading';
import { ProofButton } from './proof_button';
import { link } from './router';
import { useWords } from './speech';

export const signerText = (signer: unknown): string => (typeof signer === 'string' ? signer : JSON.stringify(signer));

export function EntryCard({ index }: { index: string }) {
  const { entries: words } = useWords();
  const answer = useAnswer<EntryAnswer>(`v1/entries/${encodeURIComponent(index)}`);
  return (
    <article class="card">
      <p>
        <a href={link(['entries', index])}>{words.one(format.count(BigInt(index)))}</a>
      </p>
      <Answer answer={answer}>
        {({ entry }) => (
          <>
            <EventTable event={entry.event} />
            <p class="hint">
              {words.signers}　{visibleText(entry.signers.map(signerText).join('，'))}　{format.moment(entry.recordedAt)}
            </p>
            <div class="no-print">
              <ProofButton what="event" id={index} text={words.prove} />
            </div>
          </>
        )}
      </Answer>
    </article>
  );
}
