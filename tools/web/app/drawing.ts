// Long tables are drawn some rows at a time, a frame for each, so that the page answers its reader meanwhile.
import { useEffect, useMemo, useState } from 'preact/hooks';

const kAtOnce = 40;

// How many of the rows are drawn; begins anew when one of `of` is another.
export function useDrawn(rows: number, of: unknown[]): number {
  const token = useMemo(() => ({}), of);
  const [drawn, setDrawn] = useState({ token, count: kAtOnce });
  const count = drawn.token === token ? drawn.count : kAtOnce;
  useEffect(() => {
    if (count >= rows) return undefined;
    const more = () => setDrawn({ token, count: count + kAtOnce });
    if (document.hidden) {  // then there are no frames
      const timer = setTimeout(more, 0);
      return () => clearTimeout(timer);
    }
    const frame = requestAnimationFrame(more);
    return () => cancelAnimationFrame(frame);
  }, [token, count, rows]);
  return count;
}
