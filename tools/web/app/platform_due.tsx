// What a platform has before it: re-evaluation, qualifications that end, awards not accepted yet, findings to answer.
import { visibleText } from '../verify/text';
import { sumText } from './amounts';
import { type Row as TableRow, type TableAnswer, get } from './api';
import { currencyOf } from './cells';
import { useDeskWords } from './desk_parts';
import { formLink } from './finding';
import { Answer, useLoaded } from './loading';
import { useAwaiting } from './pending';
import { link } from './router';
import { wholeTable } from './rows';
import { type Speech, useSpeech } from './speech';

interface Due {
  on: string;  // a day, or "" where none is set
  what: 'review' | 'qualification' | 'acceptance' | 'finding';
  subject: string;
  detail: string;
  to: string;
}

const kNotInTime = 'S22';

const dated = (row: TableRow): boolean => typeof row.date === 'string' && row.date !== '';

function ofDossier({ rows }: TableAnswer): Due[] {
  const review = rows.filter((row) => row.item === 'next-review' && dated(row));
  const ends = rows.filter((row) => row.section === 'qualification' && dated(row));
  return [...review.map((row) => ({ row, what: 'review' as const })), ...ends.map((row) => ({ row, what: 'qualification' as const }))]
    .map(({ row, what }) => ({
      on: String(row.date), what, subject: String(what === 'review' ? row.platform : (row.value ?? row.item)),
      detail: '', to: link(['views', 'dossier'], { platform: String(row.platform) }),
    }));
}

// The day that the award or its policy sets; the finding "not accepted in time" tells it of those whose day has passed.
function ofAwards(speech: Speech, awards: TableRow[], findings: TableRow[]): Due[] {
  const passed = new Map(findings.filter((row) => row.code === kNotInTime).map((row) => [row.subject, row.limit]));
  return awards.filter((row) => row.acceptance !== 'PASSED').map((row) => ({
    on: String(row.acceptance_due ?? passed.get(row.award) ?? ''), what: 'acceptance', subject: String(row.award),
    detail: sumText(speech, BigInt(String(row.balance ?? 0)), currencyOf(row)),
    to: link(['views', 'subsidy_items'], { award: String(row.award) }),
  }));
}

function ofFindings(findings: TableRow[], awards: Set<string>, language: 'zh' | 'en'): Due[] {
  const open = findings.filter((row) => row.finding && row.state === 'raised' && awards.has(String(row.subject)));
  const once = new Map(open.map((row) => [String(row.finding), row]));
  return [...once.values()].map((row) => ({
    on: String(row.due_on ?? ''), what: 'finding', subject: String(row.finding), detail: String(row[`title_${language}`] ?? ''),
    to: formLink('AuditFindingAnswered', { finding: String(row.finding) }),
  }));
}

async function everythingDue(platform: string, speech: Speech, signal: AbortSignal): Promise<{ due: Due[]; today: string }> {
  const [dossier, trace, findings] = await Promise.all([
    get<TableAnswer>('v1/views/dossier', { platform, limit: '1000' }, signal),
    wholeTable('v1/views/subsidy_trace', { platform }, signal),
    wholeTable('v1/findings', {}, signal),
  ]);
  const awards = new Set(trace.rows.map((row) => String(row.award)));
  const asked = ofFindings(findings.rows, awards, speech.language);
  const due = [...ofDossier(dossier), ...ofAwards(speech, trace.rows, findings.rows), ...asked];
  due.sort((a, b) => (a.on || '9999').localeCompare(b.on || '9999'));
  return { due, today: trace.as_of.on ?? '' };
}

export function PlatformDue({ platform }: { platform: string }) {
  const speech = useSpeech();
  const { platform: words } = useDeskWords();
  const key = `due ${platform} ${speech.language} ${speech.unit}`;
  const answer = useLoaded(key, (signal) => everythingDue(platform, speech, signal));
  const awaits = (useAwaiting() ?? []).length > 0;
  return (
    <Answer answer={answer}>
      {({ due, today }) =>
        due.length === 0 ? (
          <>{!awaits && <p>{words.nothingDue}</p>}</>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label={words.due}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.on}</th>
                  <th scope="col">{words.what}</th>
                  <th scope="col">{words.subject}</th>
                  <th scope="col">{words.detail}</th>
                  <th scope="col" class="no-print">{words.deal}</th>
                </tr>
              </thead>
              <tbody>
                {due.map((one) => (
                  <tr>
                    <td class="short">
                      {one.on || words.noDay}
                      {one.on !== '' && one.on < today && <span class="alert">{words.overdue}</span>}
                    </td>
                    <td>{words.kinds[one.what]}</td>
                    <td>{visibleText(one.subject)}</td>
                    <td>{visibleText(one.detail)}</td>
                    <td class="no-print">
                      <a href={one.to}>{words.acts[one.what]}</a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Answer>
  );
}
