import type { CallFacts } from '../calls/journal.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage } from '../calls/stage.js';
import { shownCaller } from '../calls/transfer.js';
import { readCode, type FeatureName } from '../feature-codes.js';
import { isInRanges, MOST_CROSSINGS, type PbxTrunk } from '../other-pbx.js';
import { whereTo } from './number-plan.js';

/** Codes that mean the same whoever dials them; all others do something to the phone that dials. */
const CODES_FOR_ALL: ReadonlySet<FeatureName> = new Set(['any-mailbox']);

/**
 * A call that came in over the trunk of another telephone system: it dials as our phones do, and never a number that lives
 * where it comes from, nor round in a circle.
 */
export function fromOtherPbx<R extends { readonly facts: CallFacts; readonly first: Stage }>(
  s: CallServices,
  route: R,
  trunk: PbxTrunk,
  dialled: string,
  args: readonly string[],
): R {
  const number = shortNumber(s, dialled);
  const { first, to, direction } = whereTo(s, number);
  const { from } = route.facts;
  const around = callsThere(s, trunk, from);
  const crossings =
    1 + Math.max(crossingsIn(args), ...around.map(({ facts }) => facts.crossings ?? 0));
  const isCircle =
    crossings > MOST_CROSSINGS || around.some(({ facts }) => facts.crossings && facts.to === to);
  const facts: CallFacts = {
    ...route.facts,
    to,
    crossings,
    direction:
      direction === 'outbound'
        ? 'outbound'
        : isInRanges(trunk.pbx.ranges, from)
          ? 'internal'
          : 'inbound',
  };
  return { ...route, facts, first: isCircle ? circle : allowed(s, trunk, first) };
}

/** A short code of the company, as the number that it stands for. */
function shortNumber({ directory }: CallServices, dialled: string): string {
  const { featureCodes, speedDials } = directory.current;
  const code = dialled.startsWith('*') ? readCode(featureCodes, dialled) : undefined;
  return code?.name === 'speed-dial' ? (speedDials.get(code.rest)?.number ?? dialled) : dialled;
}

/** Calls of this caller that ring there now: what comes in may be one of them on its way back. */
const callsThere = (s: CallServices, trunk: PbxTrunk, from: string) =>
  [...s.calls.values()].filter(
    (call) =>
      from !== '' &&
      call.stage.kind === 'dial-pbx' &&
      call.stage.trunk === trunk.id &&
      shownCaller(call).number === from,
  );

/** The fourth argument: what the call itself carries of how often it has crossed. */
const crossingsIn = (args: readonly string[]): number => {
  const text = args[3] ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : 0;
};

/** Not answered, so that its beginning is told. */
const circle: Stage = ended('refused', 'system', 25, 'pbx-circle');

function allowed({ directory }: CallServices, trunk: PbxTrunk, first: Stage): Stage {
  switch (first.kind) {
    case 'dial-pbx':
      return first.trunk === trunk.id ? circle : first;
    case 'dial-outside':
      return { ...first, from: trunk.id };
    case 'desk-code': {
      const code = readCode(directory.current.featureCodes, first.code);
      return code !== undefined && CODES_FOR_ALL.has(code.name) ? first : notFromThere;
    }
    // Speaking from all phones, and taking calls that are parked, is for phones of ours.
    case 'page':
    case 'unpark':
      return notFromThere;
    default:
      return first;
  }
}

const notFromThere: Stage = {
  kind: 'announce',
  prompt: 'not-permitted',
  then: ended('refused', 'system', 21, 'not-from-pbx'),
};
