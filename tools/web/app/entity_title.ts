import { visibleText } from '../verify/text';
import type { Words } from './words';

// "award:A-1" by what it is and its name.
export function entityTitle({ entries, entity }: Words, key: string): string {
  const [kind = '', ...id] = key.split(':');
  return visibleText(entries.entityTitle(entity.kinds[kind] ?? kind, id.join(':')));
}
