import type { KnownField, KnownThings, RuleProblem } from '../../engines/routing/rule-problems.js';
import type {
  AgentId,
  CalendarId,
  ContactFieldId,
  ContactListId,
  DidId,
  QueueId,
  RegionId,
  SkillId,
} from '../../kernel/ids.js';

/** Something in use that a rule can name. */
export interface NamedOption<Id extends number> {
  readonly id: Id;
  readonly name: string;
}
/** A skill, and the highest level that any agent has (0: nobody has it). */
export interface SkillOption extends NamedOption<SkillId> {
  readonly highestLevel: number;
}

/** Everything in use that rules and hooks can name. */
export interface RoutingOptions {
  /** Numbers in stored form; `label` is what the number is called. */
  readonly dids: readonly (NamedOption<DidId> & { readonly number: string })[];
  readonly queues: readonly NamedOption<QueueId>[];
  readonly agents: readonly (NamedOption<AgentId> & { readonly number: string })[];
  readonly skills: readonly SkillOption[];
  readonly regions: readonly NamedOption<RegionId>[];
  readonly calendars: readonly NamedOption<CalendarId>[];
  readonly contactLists: readonly NamedOption<ContactListId>[];
  readonly contactFields: readonly (NamedOption<ContactFieldId> & KnownField)[];
}

/** What other features know; each gives what is in use, by name. */
export interface OptionSources {
  skills(): Promise<readonly SkillOption[]>;
  regions(): Promise<readonly NamedOption<RegionId>[]>;
  calendars(): Promise<readonly NamedOption<CalendarId>[]>;
}

/** Reads the options of a form. */
export interface RoutingOptionsStore {
  read(): Promise<RoutingOptions>;
}

const idsOf = <Id extends number>(options: readonly NamedOption<Id>[]): ReadonlySet<Id> =>
  new Set(options.map((option) => option.id));

/** The options as the search for problems wants them. */
export const knownThings = (options: RoutingOptions): KnownThings => ({
  dids: idsOf(options.dids),
  queues: idsOf(options.queues),
  agents: idsOf(options.agents),
  regions: idsOf(options.regions),
  calendars: idsOf(options.calendars),
  contactLists: idsOf(options.contactLists),
  contactFields: new Map(options.contactFields.map((field) => [field.id, field])),
  skills: new Map(options.skills.map((skill) => [skill.id, skill.highestLevel])),
});

/** Which field of contacts a problem is about, and the value that it cannot hold, for its message. */
export const fieldParams = (
  { field, value = '' }: Pick<RuleProblem, 'field' | 'value'>,
  { contactFields }: RoutingOptions,
) => ({ field: contactFields.find(({ id }) => id === field)?.name ?? '', value });
