/**
 * How far a call to one of our numbers came; each call is one of these, the first that fits.
 * queue: it entered a queue · open: it goes on, and is in none yet · contained: the flow ended it by itself, so nobody was
 * needed · left: the caller hung up while a flow played or asked · person: an extension or a ring group was called ·
 * voicemail: a message was left · elsewhere: closed, refused, failed.
 */
export const REACHED = [
  'queue',
  'open',
  'contained',
  'left',
  'person',
  'voicemail',
  'elsewhere',
] as const;
export type Reached = (typeof REACHED)[number];

/**
 * For each of {@link REACHED} the condition of a row of `calls as c`. Lists and figures use the same ones, so that they agree; exactly
 * one holds for each call.
 */
export const REACHED_SQL: Readonly<Record<Reached, string>> = {
  queue: 'c.queue_id IS NOT NULL',
  open: 'c.queue_id IS NULL AND c.ended_at IS NULL',
  contained: ended("c.result = 'contained' AND NOT c.ended_by <=> 'caller'"),
  left: ended("c.result = 'contained' AND c.ended_by <=> 'caller'"),
  person: ended("c.result IN ('answered', 'no-answer', 'busy')"),
  voicemail: ended("c.result = 'voicemail'"),
  elsewhere: ended(
    "(c.result IS NULL OR c.result NOT IN ('contained', 'answered', 'no-answer', 'busy', 'voicemail'))",
  ),
};

function ended(condition: string): string {
  return `c.queue_id IS NULL AND c.ended_at IS NOT NULL AND ${condition}`;
}
