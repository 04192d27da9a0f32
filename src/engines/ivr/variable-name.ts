/** Names of variables, as a part of patterns. One that begins with `_` is for the flow alone: agents do not see it. */
export const VARIABLE_NAME = '_?[a-z][a-z0-9_]{0,31}';
/** A name of a variable and nothing else. */
export const IS_VARIABLE_NAME = new RegExp(`^${VARIABLE_NAME}$`);
