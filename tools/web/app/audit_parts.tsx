// What the auditor's pages have in common.
import { type Tab, Tabs, useDeskWords } from './desk_parts';

export function AuditTabs({ here }: { here: string[] }) {
  const { audit: words } = useDeskWords();
  const tabs: Tab[] = [
    [['findings'], words.findings], [['views', 'subsidy_trace'], words.trace], [['views', 'fund_flow'], words.flow],
    [['evidence'], words.evidence], [['changes'], words.changes], [['views', 'integrity'], words.integrity],
  ];
  return <Tabs label={words.title} here={here} tabs={tabs} />;
}
