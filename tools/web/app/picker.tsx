// A field that is found by name: what is typed may be the code or a part of the name; the name stands below it.
import { useEffect, useState } from 'preact/hooks';
import { visibleText } from '../verify/text';
import { type Named, namesOf } from './names';
import { useWords } from './speech';

const kMostOffered = 300;

export function Picker({ id, source, value, onChange }: { id: string; source: string; value: string; onChange(value: string): void }) {
  const { views: words } = useWords();
  const [names, setNames] = useState<Named[]>([]);
  useEffect(() => {
    let current = true;
    namesOf(source).then((all) => current && setNames(all), () => undefined);
    return () => {
      current = false;
    };
  }, [source]);
  const chosen = names.find((one) => one.id === value);
  const near = value === '' ? names : names.filter((one) => one.id.includes(value) || one.name.includes(value));
  // Who types a name that only one has, and goes on, means that one.
  const settle = () => {
    const [only, ...others] = names.filter((one) => one.name === value);
    if (!chosen && only && others.length === 0) onChange(only.id);
  };
  return (
    <>
      <input
        id={id}
        list={`${id}-list`}
        value={value}
        autocomplete="off"
        aria-describedby={`${id}-name`}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={settle}
      />
      <datalist id={`${id}-list`}>
        {near.slice(0, kMostOffered).map((one) => (
          <option value={one.id}>{visibleText(one.name)}</option>
        ))}
      </datalist>{' '}
      <span class="hint" id={`${id}-name`}>{chosen ? visibleText(chosen.name) : words.byName}</span>
    </>
  );
}
