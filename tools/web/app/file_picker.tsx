// Choosing files. The browser's own button speaks the browser's language, not the page's: ours stands before it.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

// Where files are dropped, with the picker inside for who does not drag.
export function DropZone(props: { printed?: boolean; children: ComponentChildren; onFiles(files: File[]): void }) {
  const [over, setOver] = useState(false);
  return (
    <div
      class={`drop${over ? ' over' : ''}${props.printed === false ? ' no-print' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        props.onFiles(Array.from(event.dataTransfer?.files ?? []));
      }}
    >
      {props.children}
    </div>
  );
}

export function FilePicker(props: { id: string; text: string; hint: string; label?: string; multiple?: boolean; onFiles(files: File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="quiet" tabIndex={-1} aria-hidden="true" onClick={() => input.current?.click()}>
        {props.text}
      </button>
      <input
        ref={input}
        id={props.id}
        class="behind"
        type="file"
        multiple={props.multiple ?? false}
        aria-label={props.label}
        aria-describedby={props.hint}
        onChange={(event) => {
          props.onFiles(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
