// What stands below a page on paper: of which ledger, how far it went, from which address, when, and how to check it.
import { useEffect, useState } from 'preact/hooks';
import { type LedgerAnswer, get } from './api';
import * as format from './format';
import { useLoaded } from './loading';
import { Row } from './row';
import { useWords } from './speech';

const now = (): string => new Date().toISOString();

export function OnPaper({ address }: { address: string }) {
  const { paper: words, shows } = useWords();
  const { loaded } = useLoaded(`paper ${address}`, (signal) => get<LedgerAnswer>('v1/ledger', {}, signal));
  const [printed, setPrinted] = useState(now);
  useEffect(() => {
    const prints = () => setPrinted(now());
    addEventListener('beforeprint', prints);
    return () => removeEventListener('beforeprint', prints);
  }, []);
  if (loaded.state !== 'done') return null;
  const { origin, position, root } = loaded.value;
  return (
    <footer class="on-paper">
      <dl>
        <Row label={shows.of}>{words.ledger(origin, format.count(position))}</Row>
        <Row label={shows.root}>{root}</Row>
        <Row label={words.from}>{location.href}</Row>
        <Row label={words.at}>{format.moment(printed)}</Row>
        <Row label={words.check}>{words.how}</Row>
      </dl>
    </footer>
  );
}
