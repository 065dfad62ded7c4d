// The form of one event, from nothing or from what stands already, up to its JSON form.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { EventValue } from '../verify/encode';
import { Fault, unreadable } from '../verify/fault';
import { type Kind, type StructInfo, schema } from '../verify/schema';
import { visibleText } from '../verify/text';
import { type Filled, newId } from './amend';
import { type Values, StructForm, filledIn, headerInfo, isTypedInDecimals } from './event_form';
import { signersText } from './signers';
import { useSpeech } from './speech';

const kBeside = ['evidence', 'refs', 'source'];  // what an event may rest on, rarely needed

interface FillInProps {
  kind: Kind;
  start?: Filled | undefined;
  children?: ComponentChildren;  // fields before those of the event
  onEvent(event: Values): void;  // throws a Fault when it is none
}

export function FillIn({ kind, start, children, onEvent }: FillInProps) {
  const speech = useSpeech();
  const { record: words } = speech.words;
  const [header, setHeader] = useState<Values>(start?.header ?? {});
  const [body, setBody] = useState<Values>(start?.body ?? {});
  const [id] = useState(newId);
  const [fault, setFault] = useState<Fault | null>(null);
  const [hasBeside] = useState(() => kBeside.some((name) => filledIn(start?.header[name] ?? '') !== undefined));
  const encode = () => {
    try {
      if (!isTypedInDecimals(filledIn(header.currency ?? ''))) {
        throw unreadable('amounts of this currency have no two decimals; record it by the command line', '该币种不是两位小数，请用命令行记录');
      }
      const filled = { ...(filledIn(header) as Values | undefined), body: (filledIn(body) ?? {}) as EventValue };
      onEvent({ kind: kind.name, id, ...filled });
      setFault(null);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        encode();
      }}
    >
      <p>{words.needs(signersText(speech, kind))}</p>
      {children}
      <fieldset class="fields">
        <legend>{words.header}</legend>
        <StructForm id="h" info={headerInfo()} values={header} onChange={setHeader} skip={['id', ...kBeside]} />
      </fieldset>
      <fieldset class="fields">
        <legend>{words.body}</legend>
        <StructForm id="b" info={schema.structs[kind.body] as StructInfo} values={body} onChange={setBody} />
      </fieldset>
      <details open={hasBeside}>
        <summary>{words.beside}</summary>
        <fieldset class="fields">
          <legend>{words.beside}</legend>
          <StructForm id="h" info={headerInfo()} values={header} onChange={setHeader} skip={headerInfo().fields.map(({ name }) => name).filter((name) => !kBeside.includes(name))} />
        </fieldset>
      </details>
      <p>
        <button type="submit">{words.show}</button>
      </p>
      {fault && <p class="problem" role="alert">{visibleText(speech.message(fault.what))}</p>}
    </form>
  );
}
