/** Who makes a phone: phones of one maker read the same kind of file. */
export type Vendor = 'yealink' | 'grandstream' | 'fanvil';

export interface PhoneModel {
  readonly id: string;
  readonly vendor: Vendor;
  readonly name: string;
  /** Extensions that the smallest phone of the family can have. */
  readonly lines: number;
  /** Keys that can be set, besides those of the lines. */
  readonly keys: number;
}

/** Families of phones, as their makers name them. */
export const PHONE_MODELS = [
  { id: 'yealink-t4', vendor: 'yealink', name: 'Yealink T4x', lines: 6, keys: 15 },
  { id: 'yealink-t5', vendor: 'yealink', name: 'Yealink T5x', lines: 8, keys: 21 },
  { id: 'grandstream-gxp', vendor: 'grandstream', name: 'Grandstream GXP', lines: 3, keys: 8 },
  { id: 'grandstream-grp', vendor: 'grandstream', name: 'Grandstream GRP', lines: 4, keys: 16 },
  { id: 'fanvil-x', vendor: 'fanvil', name: 'Fanvil X', lines: 4, keys: 12 },
] as const satisfies readonly PhoneModel[];
export type ModelId = (typeof PHONE_MODELS)[number]['id'];
export const MODEL_IDS = PHONE_MODELS.map(({ id }) => id) as [ModelId, ...ModelId[]];
export const VENDORS = ['yealink', 'grandstream', 'fanvil'] as const satisfies readonly Vendor[];

export const modelOf = (id: string): PhoneModel | undefined =>
  PHONE_MODELS.find((model) => model.id === id);

/** Files that a phone asks for and has an answer for. */
export type FileKind = 'own' | 'common' | 'phone-book';

/** What a file of this name is to a phone; undefined for files that it asks for in vain, of other phones for example. */
export function fileKind({ vendor }: PhoneModel, mac: string, file: string): FileKind | undefined {
  const name = file.toLowerCase();
  if (name === 'phonebook.xml') return 'phone-book';
  if (name === fileName(vendor, mac)) return 'own';
  return vendor === 'yealink' && /^y0{4,12}[0-9a-z]{1,6}\.cfg$/.test(name) ? 'common' : undefined;
}

/** The file that a phone asks for with its own address in the name. */
export const fileName = (vendor: Vendor, mac: string): string =>
  vendor === 'grandstream' ? `cfg${mac}.xml` : `${mac}.cfg`;
