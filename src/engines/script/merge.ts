/**
 * Merge fields of scripts: `{{contact.name}}` in a text. What has no value is a gap, which pages show as one: an agent who
 * reads out "Hello ," has lost the customer.
 */

/** `{{ a.b.c }}`: parts of letters, digits, `_` and `-`. Anything else in braces is text. */
const FIELD = /\{\{\s*([a-z]+(?:\.[A-Za-z0-9_-]{1,64}){0,3})\s*\}\}/g;

/** Fields that every script may use; `contact.fields.<key>` and `answer.<key>` come with the site and the script. */
export const PLAIN_FIELDS = [
  'contact.name',
  'contact.company',
  'contact.number',
  'agent.name',
  'campaign.name',
] as const;

const CONTACT_FIELD = 'contact.fields.';
const ANSWER = 'answer.';

/** The name of the field for one of the contact's own fields. */
export const contactField = (key: string): string => `${CONTACT_FIELD}${key}`;

/** A piece of a text that was filled in: as written, a value, or the gap where a value is missing. */
export interface MergedPart {
  readonly kind: 'text' | 'value' | 'gap';
  /** Of a gap, the field's name. */
  readonly text: string;
}

/** Names of the fields that a text uses, in order, each once. */
export const fieldsIn = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(FIELD), (match) => match[1] ?? '')),
];

/** The text in pieces. `valueOf` gives '' or undefined for what is missing. Joining the pieces' texts loses nothing but braces. */
export function merge(
  text: string,
  valueOf: (field: string) => string | undefined,
): readonly MergedPart[] {
  const parts: MergedPart[] = [];
  const push = (kind: MergedPart['kind'], piece: string): void => {
    if (piece !== '') parts.push({ kind, text: piece });
  };
  let from = 0;
  for (const match of text.matchAll(FIELD)) {
    push('text', text.slice(from, match.index));
    const [whole, field = ''] = match;
    const value = valueOf(field)?.trim() ?? '';
    push(value === '' ? 'gap' : 'value', value === '' ? field : value);
    from = match.index + whole.length;
  }
  push('text', text.slice(from));
  return parts;
}

/** Everything that a field can name, for one site and one script. */
export interface FieldSources {
  /** Keys of the contact's own fields. */
  readonly contactFields: ReadonlySet<string>;
  /** Keys of the script's questions. */
  readonly questions: ReadonlySet<string>;
}

/** False where nothing will ever stand there. */
export function isKnownField(field: string, { contactFields, questions }: FieldSources): boolean {
  if ((PLAIN_FIELDS as readonly string[]).includes(field)) return true;
  if (field.startsWith(CONTACT_FIELD)) return contactFields.has(field.slice(CONTACT_FIELD.length));
  return field.startsWith(ANSWER) && questions.has(field.slice(ANSWER.length));
}

/** What a script knows of the people in a call. */
export interface MergeFacts {
  readonly contact?: {
    readonly name: string;
    readonly company: string;
    /** As its reader may see it. */
    readonly number: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  readonly agentName: string;
  readonly campaignName: string;
  /** As the agent reads them, by question. */
  readonly answers: Readonly<Record<string, string>>;
}

/** The value of a field; undefined where there is none. */
export function valueOfField(field: string, facts: MergeFacts): string | undefined {
  const own = (values: Readonly<Record<string, string>>, key: string): string | undefined =>
    Object.hasOwn(values, key) ? values[key] : undefined;
  switch (field) {
    case 'contact.name':
      return facts.contact?.name;
    case 'contact.company':
      return facts.contact?.company;
    case 'contact.number':
      return facts.contact?.number;
    case 'agent.name':
      return facts.agentName;
    case 'campaign.name':
      return facts.campaignName;
    default:
      if (field.startsWith(CONTACT_FIELD))
        return own(facts.contact?.fields ?? {}, field.slice(CONTACT_FIELD.length));
      return field.startsWith(ANSWER) ? own(facts.answers, field.slice(ANSWER.length)) : undefined;
  }
}
