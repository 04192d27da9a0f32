/** What holds a lead (`leads.held_by`) whose person was taken out of the list that it came from. */
export const HELD_BY_LIST = 'removed-from-list';
