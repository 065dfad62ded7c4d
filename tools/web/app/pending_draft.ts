// A submission that waits, as its file: held to the id it was asked for by, and to this ledger.
import { fromArray, toHex } from '../verify/bytes';
import { unreadable } from '../verify/fault';
import { parseNote } from '../verify/note';
import { type LedgerName, type Submission, readSubmission } from '../verify/submission';
import { hash } from '../verify/suite';
import { request } from './api';
import { filePath } from './pending';

export interface Draft {
  ledger: LedgerName;
  submission: Submission;
}

export async function draftOf(id: string, ledger: LedgerName, signal: AbortSignal): Promise<Draft> {
  const file = await request(filePath(id), { signal });
  const { submission } = readSubmission(fromArray(new Uint8Array(await file.arrayBuffer())), ledger);
  if (toHex(hash(ledger.suite, parseNote(submission.note).text)) !== id) {
    throw unreadable('the server gave another submission than it was asked for', '服务器给出的不是所查的提交');
  }
  return { ledger, submission };
}
