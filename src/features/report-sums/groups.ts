/** Groups of the items of a subject, as they are now: an item can be in several. */
export interface ItemGroups {
  /** The subject whose items are grouped. */
  readonly of: string;
  /** Table that has a row for each item of each group. */
  readonly table: string;
  readonly item: string;
  readonly group: string;
}

/** By the subject that groups are: agents who have a skill, agents who are members of a queue. */
const GROUPS: Readonly<Record<string, ItemGroups>> = {
  skill: { of: 'agent', table: 'agent_skills', item: 'agent_id', group: 'skill_id' },
  team: { of: 'agent', table: 'queue_members', item: 'agent_id', group: 'queue_id' },
};

/** How the items of a subject are grouped; undefined where it is no subject of groups. */
export const groupsOf = (subject: string): ItemGroups | undefined =>
  Object.hasOwn(GROUPS, subject) ? GROUPS[subject] : undefined;
