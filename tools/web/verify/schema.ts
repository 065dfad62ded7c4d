// The event schema as the build writes it from the compiled-in one (schema_json.cpp).
import json from 'pilotledger:schema';

export type Label = [zh: string, en: string];

export interface Field {
  name: string;
  label: Label;
  type: string;
  slot: number;
  format?: string;
  required?: true;
  list?: true;
  default?: number;
  sealed?: string;
  struct?: number;
  enum?: number;
}

export interface StructInfo {
  name: string;
  mask: number[];  // bits of the data section that some field owns
  pointers: number;
  fields: Field[];
}

export interface EnumInfo {
  name: string;
  label: Label;
  values: [code: string, zh: string, en: string][];
}

export interface IdPart {
  literal?: string;
  eventId?: true;
  format?: string;
  sealed?: boolean;
}

export interface Kind {
  name: string;
  label: Label;
  body: number;
  slot: number;
  signers: string;
  entities?: { kind: string; id: IdPart[] }[];
}

interface Schema {
  header: number;
  kindSlot: number;  // where the number of the kind stands in the header
  years: [first: number, last: number];  // of civil dates
  kinds: Kind[];
  structs: StructInfo[];
  enums: EnumInfo[];
  currencies: [numeric: number, code: string, digits: number][];
}

export const schema = json as unknown as Schema;
export const structOf = (field: Field): StructInfo => schema.structs[field.struct as number] as StructInfo;
export const enumOf = (field: Field): EnumInfo => schema.enums[field.enum as number] as EnumInfo;
