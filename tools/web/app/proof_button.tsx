// A proof to keep. It is asked for first, so that a refusal is told here and no empty file is left behind.
import { useState } from 'preact/hooks';
import { request } from './api';
import type { ApiError } from './api';
import { Problem, asApiError } from './loading';
import { save } from './save';

export function ProofButton({ what, id, text }: { what: string; id: string; text: string }) {
  const [error, setError] = useState<ApiError | null>(null);
  const keep = async () => {
    setError(null);
    try {
      const response = await request(`v1/proofs/${what}/${encodeURIComponent(id)}`);
      save(await response.blob(), `${what}-${id.replace(/[:/]/g, '-')}.proof`);
    } catch (failure) {
      setError(asApiError(failure));
    }
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => void keep()}>
        {text}
      </button>
      {error && <Problem error={error} />}
    </>
  );
}
