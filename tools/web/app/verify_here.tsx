// The verifier in the served page, with the key of the ledger it belongs to for a beginning.
import type { LedgerAnswer } from './api';
import { Answer, useAnswer } from './loading';
import { VerifyView } from './verify_view';

export function VerifyHere() {
  const answer = useAnswer<LedgerAnswer>('v1/ledger');
  return <Answer answer={answer}>{(ledger) => <VerifyView knownKey={ledger.log_key} />}</Answer>;
}
