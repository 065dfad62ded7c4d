// Names of columns of facts, by which the server says what it withholds, as people call them:
// "expenditure_recorded.invoice_number" is the number of the invoice of an expenditure.
import type { KindInfo } from './api';
import { type SchemaNode, useSchemas } from './event_table';
import { useAnswer } from './loading';
import { type Speech, useSpeech } from './speech';

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => (at === 0 ? '' : '_') + letter.toLowerCase());

// The labels on the way to a field, each once.
function labelsOf(speech: Speech, node: SchemaNode | undefined, column: string): string[] {
  for (const [name, field] of Object.entries(node?.properties ?? {})) {
    const label = field['x-label'] ? speech.message(field['x-label']) : name;
    if (snake(name) === column) return [label];
    const within = column.startsWith(`${snake(name)}_`);
    const rest = within ? labelsOf(speech, field.items ?? field, column.slice(snake(name).length + 1)) : [];
    if (rest.length > 0) return rest[0]?.startsWith(label) ? rest : [label, ...rest];
  }
  return [];
}

// Names of another kind stay as they are.
export function useFieldLabels(names: string[]): string[] {
  const speech = useSpeech();
  const { loaded } = useAnswer<{ kinds: KindInfo[] }>(names.some((name) => name.includes('.')) ? 'v1/kinds' : null);
  const kinds = loaded.state === 'done' ? loaded.value.kinds.map(({ name }) => name) : [];
  const columns = names.map((name) => {
    const column = name.replace('.', '_');
    const fits = kinds.filter((kind) => name.includes('.') && column.startsWith(`${snake(kind)}_`));
    const kind = fits.sort((a, b) => b.length - a.length)[0];
    return { name, kind, field: kind ? column.slice(snake(kind).length + 1) : '' };
  });
  const schemas = useSchemas(columns.flatMap(({ kind }) => (kind ? [kind] : [])));
  return columns.map(({ name, kind, field }) => {
    const schema = kind ? schemas.get(kind) : undefined;
    const labels = labelsOf(speech, schema?.properties?.body, field), label = schema?.['x-label'];
    return label && labels.length > 0 ? [speech.message(label), ...labels].join(' ') : name;
  });
}
