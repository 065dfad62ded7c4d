// A line of a list of terms: what it is, and its value.
import type { ComponentChildren } from 'preact';

export function Row({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="row">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
