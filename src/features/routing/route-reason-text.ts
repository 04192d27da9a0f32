import { readRouteReason } from '../../engines/routing/route-reason.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';

/** Where `what` begins with seconds: `30 Ada Ling`. */
const WITH_SECONDS: ReadonlySet<string> = new Set(['rule-last-agent', 'rule-agent', 'hook-agent']);

/** A reason that rules or hooks gave, in words; undefined for one of another making. */
export function routeReasonText(t: Translate, reason: string): string | undefined {
  const read = readRouteReason(reason);
  if (read === undefined) return undefined;
  const { code, who, what = '' } = read;
  const [, seconds, name] = (WITH_SECONDS.has(code) && /^(\d+) (.*)$/.exec(what)) || [];
  return seconds === undefined
    ? t(`decision.${code}`, { who, what: what.replace(/^=/, '') })
    : t(`decision.${code}`, {
        who,
        what: name ?? '',
        time: formatDuration(Number(seconds) * 1_000),
      });
}
