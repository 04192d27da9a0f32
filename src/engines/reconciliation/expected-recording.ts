import type { CallEvent } from '../../kernel/call-event.js';
import type { Talk } from './recount-call.js';

/**
 * How long a call had to be recorded, in ms: its talks, as far as it was decided or asked for, without pauses. Undefined where
 * nobody has decided it and nothing was recorded: there is nothing to compare.
 */
export function expectedRecording(
  lines: readonly CallEvent[],
  talks: readonly Talk[],
): number | undefined {
  const isDecided = lines.some(({ kind }) => kind === 'recording-decided');
  const isRecorded = lines.some(({ kind }) => kind === 'recording-started');
  if (!isDecided && !isRecorded) return undefined;
  const changes = lines.flatMap((line) => changeOf(line, isDecided));
  return talks.reduce((sum, talk) => sum + wantedIn(talk, changes), 0);
}

type Switches = { mode: 'always' | 'on-demand' | 'never'; isOn: boolean; isPaused: boolean };
interface Change {
  readonly at: number;
  readonly with: Partial<Switches>;
}

/** What a line changes. Without a decision (lines of earlier releases) what begins is what was wanted. */
function changeOf(line: CallEvent, isDecided: boolean): readonly Change[] {
  const { at } = line;
  switch (line.kind) {
    case 'recording-decided':
      return [{ at, with: { mode: line.mode } }];
    case 'recording-started':
      return isDecided ? [] : [{ at, with: { mode: 'always' } }];
    case 'recording-switched':
      return [{ at, with: { isOn: line.isOn } }];
    case 'recording-paused':
      return [{ at, with: { isPaused: true } }];
    case 'recording-resumed':
      return [{ at, with: { isPaused: false } }];
    default:
      return [];
  }
}

/** The part of a talk in which recording was wanted. */
function wantedIn({ from, to }: Talk, changes: readonly Change[]): number {
  const switches: Switches = { mode: 'never', isOn: false, isPaused: false };
  const isWanted = (): boolean =>
    !switches.isPaused &&
    (switches.mode === 'always' || (switches.mode === 'on-demand' && switches.isOn));
  let since = from;
  let ms = 0;
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    if (change.at >= to) break;
    const at = Math.max(since, change.at);
    if (isWanted()) ms += at - since;
    since = at;
    Object.assign(switches, change.with);
  }
  return ms + (isWanted() ? to - since : 0);
}
