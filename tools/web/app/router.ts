// Where the reader is: the part of the address behind #, so that every question and its filters can be sent to others
// and no server has to know the page's paths. "#/views/revenue?platform=YJ"
import { useEffect, useState } from 'preact/hooks';
import { type Query, address } from './api';

export interface Place {
  path: string[];
  query: Query;
}

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {
    path: path.split('/').filter((part) => part !== '').map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const link = (path: string[], query: Query = {}): string =>
  address(`#/${path.map(encodeURIComponent).join('/')}`, query);

export function go(path: string[], query: Query = {}): void {
  location.hash = link(path, query);
}

export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return parsePlace(hash);
}
