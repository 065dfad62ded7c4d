// A form for any kind of event, made from the schema: labels, codes, units, dates, lists, evidence files.
import { useState } from 'preact/hooks';
import { sha256 } from '@noble/hashes/sha2';
import { fromArray, toHex } from '../verify/bytes';
import type { EventValue } from '../verify/encode';
import { type Field, type StructInfo, enumOf, schema, structOf } from '../verify/schema';
import { FilePicker } from './file_picker';
import { sourceOf } from './names';
import { Picker } from './picker';
import { useSpeech } from './speech';

export type Values = { [name: string]: EventValue };

// "1,234.5" of a unit with two decimals is 123450; null for what is no amount.
export function minorOf(text: string, digits: number): string | null {
  const parts = /^(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]*))?$/.exec(text.trim());
  if (!parts) return null;
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const whole = (parts[2] as string).replace(/,/g, '');
  return `${parts[1]}${BigInt(whole + fraction.padEnd(digits, '0'))}`.replace(/^-0$/, '0');
}

const kDecimals = 2;  // of yuan, and of per cent in basis points

// What was typed, beside its value, so that half a number does not jump while it is typed.
function Amount({ id, field, value, onChange }: InputProps) {
  const { record: words } = useSpeech().words;
  const [text, setText] = useState(typeof value === 'string' ? value.replace(/^(-?)0*([0-9]+)([0-9]{2})$/, '$1$2.$3') : '');
  const minor = minorOf(text, kDecimals);
  return (
    <>
      <input
        id={id}
        inputMode="decimal"
        value={text}
        aria-invalid={text !== '' && minor === null}
        aria-describedby={`${id}-unit`}
        onInput={(event) => {
          setText(event.currentTarget.value);
          onChange(minorOf(event.currentTarget.value, kDecimals) ?? event.currentTarget.value);
        }}
      />{' '}
      <span class="hint" id={`${id}-unit`}>{field.format === 'bp' ? words.percent : words.yuan}</span>
    </>
  );
}

interface InputProps {
  id: string;
  field: Field;
  value: EventValue | undefined;
  onChange(value: EventValue): void;
}

function Choice({ id, field, value, onChange }: InputProps) {
  const speech = useSpeech();
  return (
    <select id={id} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="" />
      {enumOf(field).values.slice(1).map(([code, zh, en]) => (
        <option value={code}>{speech.label([zh, en])}</option>
      ))}
    </select>
  );
}

function FileHash({ id, field, value, onChange }: InputProps) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  return (
    <>
      <input id={`${id}-text`} value={String(value ?? '')} onInput={(event) => onChange(event.currentTarget.value.trim())} />{' '}
      <FilePicker
        id={id}
        text={words.hashFile}
        hint={`${id}-text`}
        label={`${words.hashFile}：${speech.label(field.label)}`}
        onFiles={async ([file]) => file && onChange(toHex(fromArray(sha256(new Uint8Array(await file.arrayBuffer())))))}
      />
    </>
  );
}

function Scalar(props: InputProps) {
  const { id, field, value, onChange } = props;
  if (field.type === 'enum') return <Choice {...props} />;
  if (field.type === 'bool') {
    return <input id={id} type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (field.format === 'money' || field.format === 'bp') return <Amount {...props} />;
  if (field.format === 'hash') return <FileHash {...props} />;
  const source = field.type === 'text' ? sourceOf(field.name, field.format) : null;
  if (source !== null) return <Picker id={id} source={source} value={String(value ?? '')} onChange={onChange} />;
  const text = { id, value: String(value ?? '') };
  if (field.format === 'date') return <input {...text} type="date" onInput={(event) => onChange(event.currentTarget.value)} />;
  if (field.type === 'text' && field.format === undefined) {
    return <textarea {...text} rows={1} onInput={(event) => onChange(event.currentTarget.value)} />;
  }
  return <input {...text} onInput={(event) => onChange(event.currentTarget.value)} />;
}

function Items({ id, field, value, onChange }: InputProps) {
  const { record: words } = useSpeech().words;
  const items = Array.isArray(value) ? value : [];
  const one: Field = { ...field };
  delete one.list;
  const set = (at: number, item: EventValue) => onChange(items.map((old, i) => (i === at ? item : old)));
  return (
    <>
      {items.map((item, i) => (
        <div class="item">
          {field.type === 'struct' ? (
            <StructForm id={`${id}-${i}`} info={structOf(field)} values={item as Values} onChange={(inner) => set(i, inner)} />
          ) : (
            <LabelledScalar id={`${id}-${i}`} field={one} value={item} onChange={(inner) => set(i, inner)} />
          )}
          <button type="button" class="quiet" onClick={() => onChange(items.filter((_, at) => at !== i))}>{words.remove}</button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => onChange([...items, field.type === 'struct' ? {} : ''])}>{words.add}</button>
    </>
  );
}

function LabelledScalar(props: InputProps) {
  const speech = useSpeech();
  const { field } = props;
  return (
    <div class="field">
      <label for={field.format === 'hash' ? `${props.id}-text` : props.id}>
        {speech.label(field.label)}
        {field.required && speech.words.record.required}
      </label>
      <Scalar {...props} />
    </div>
  );
}

interface StructFormProps {
  id: string;
  info: StructInfo;
  values: Values;
  onChange(values: Values): void;
  skip?: string[];
}

// Required fields first, as the schema has them; empty ones are left out.
export function StructForm({ id, info, values, onChange, skip = [] }: StructFormProps) {
  const speech = useSpeech();
  const fields = info.fields.filter(({ name }) => !skip.includes(name));
  const ordered = [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
  const set = (name: string, value: EventValue) => onChange({ ...values, [name]: value });
  return (
    <>
      {ordered.map((field) => {
        const props = { id: `${id}-${field.name}`, field, value: values[field.name], onChange: (value: EventValue) => set(field.name, value) };
        if (!field.list && field.type !== 'struct') return <LabelledScalar {...props} />;
        return (
          <fieldset>
            <legend>{speech.label(field.label)}{field.required && speech.words.record.required}</legend>
            {field.list ? (
              <Items {...props} />
            ) : (
              <StructForm id={props.id} info={structOf(field)} values={(props.value ?? {}) as Values} onChange={props.onChange} />
            )}
          </fieldset>
        );
      })}
    </>
  );
}

// What was left empty is no value.
export function filledIn(value: EventValue): EventValue | undefined {
  if (value === '' || value === false) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(filledIn).filter((one): one is EventValue => one !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([name, one]) => [name, filledIn(one)] as const);
  const filled = fields.filter((entry): entry is readonly [string, EventValue] => entry[1] !== undefined);
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

// Amounts are typed with two decimals; a currency that has others is for the command line.
export function isTypedInDecimals(currency: EventValue | undefined): boolean {
  const known = schema.currencies.find(([, code]) => code === (currency ?? 'CNY'));
  return known === undefined || known[2] === kDecimals;
}

export const headerInfo = (): StructInfo => schema.structs[schema.header] as StructInfo;
