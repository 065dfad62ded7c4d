// What the answer of several ledgers shows, in words: the same statements as tools/verifier/bundle_text.cpp.
import type { CombinedAnswer, LedgerAnswer } from '../verify/bundle';
import { visible } from '../verify/files';
import * as format from './format';
import { Row } from './row';
import { useSpeech, useWords } from './speech';

function meansOf(one: LedgerAnswer, words: ReturnType<typeof useWords>, zh: boolean): string {
  const status = one.claim?.pledge ?? null;
  if (status === null) return zh ? (one.silent?.zh ?? '') : (one.silent?.en ?? '');
  if (status.frozen !== '') return words.pledge.frozenMeans;
  const enforced = status.answer === 'RELEASED' && status.pledges.some(({ state }) => state === 'enforced');
  return words.pledge[enforced ? 'ENFORCED' : status.answer];
}

export function ShownBundle({ answer }: { answer: CombinedAnswer }) {
  const words = useWords();
  const zh = useSpeech().language === 'zh';
  const { bundle } = words;
  return (
    <>
      <h3>{bundle.title(visible(answer.number))}</h3>
      <p class={`answer ${answer.standing === 'ENCUMBERED' ? 'ACTIVE' : answer.standing}`}>
        {bundle.standings[answer.standing](format.count(BigInt(answer.ledgers.length)))}
      </p>
      <dl>
        {answer.ledgers.map((one) => (
          <Row label={`${visible(one.origin)}　${visible(one.name)}`}>
            {meansOf(one, words, zh)}
            {one.claim !== null &&
              `　${words.shows.asOfWhat(format.instant(one.claim.asOfMs), format.count(one.claim.checkpoint.size))}`}
          </Row>
        ))}
        {answer.parent !== null && (
          <Row label={bundle.instant}>
            {bundle.instantWhat(visible(answer.parent.checkpoint.origin), format.instant(answer.parent.asOfMs))}
          </Row>
        )}
        <Row label={bundle.listedBy}>
          <code>{visible(answer.listedBy)}</code>
        </Row>
      </dl>
      <p>{words.pledge.register}</p>
    </>
  );
}
