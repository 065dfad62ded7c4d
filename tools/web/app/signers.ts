// "TRS + EIT / PLT@platform" as people read it: roles by their names, and of which party.
import { type Kind, schema } from '../verify/schema';
import type { Speech } from './speech';

const kRoles = schema.enums.find(({ name }) => name === 'Role')?.values ?? [];

export function signersText(speech: Speech, kind: Kind): string {
  const fields = schema.structs[kind.body]?.fields ?? [];
  return kind.signers.replace(/([A-Z]{3})(?:@(\w+))?/g, (_, role: string, field: string | undefined) => {
    const known = kRoles.find(([code]) => code === role);
    const name = role === 'ANY' ? speech.words.record.anyKey : known ? speech.label([known[1], known[2]]) : role;
    const of = fields.find((one) => one.name === field);
    return field === undefined ? name : speech.words.record.roleOf(name, of ? speech.label(of.label) : field);
  });
}
