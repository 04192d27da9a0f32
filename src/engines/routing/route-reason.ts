/**
 * Every code of a reason that rules and hooks give. A parameter is `<who>`, or `<who>|<what>` where something was changed:
 * `rule-priority:Gold customers|+20`. The first bar divides; bars inside names are written as slashes.
 */
export const ROUTE_REASONS = [
  'rule-applied',
  'rule-priority',
  'rule-contact-priority',
  'rule-no-contact-priority',
  'rule-vip',
  'rule-requires',
  'rule-prefers',
  'rule-queue',
  'rule-last-agent',
  'rule-agent',
  'rule-attribute',
  'rule-stopped',
  'rule-no-last-agent',
  'rule-unknown-agent',
  'rule-unknown-queue',
  'rule-unknown-skill',
  'history-unknown',
  'contact-unknown',
  'hook-answered',
  'hook-timeout',
  'hook-refused',
  'hook-too-large',
  'hook-not-json',
  'hook-invalid',
  'hook-circuit-open',
  'hook-flow',
  'hook-queue',
  'hook-priority',
  'hook-vip',
  'hook-agent',
  'hook-attribute',
  'hook-requires',
  'hook-prefers',
  'hook-unknown-flow',
  'hook-unknown-queue',
  'hook-unknown-agent',
  'hook-unknown-skill',
] as const;
export type RouteReasonCode = (typeof ROUTE_REASONS)[number];

const plain = (text: string): string => text.replaceAll('|', '/');

/** A reason as decisions keep it. */
export const routeReason = (code: RouteReasonCode, who: string, what?: string): string =>
  what === undefined ? `${code}:${plain(who)}` : `${code}:${plain(who)}|${what}`;

/** The parts of a reason; undefined for one that neither rules nor hooks give. */
export function readRouteReason(
  reason: string,
):
  | { readonly code: RouteReasonCode; readonly who: string; readonly what: string | undefined }
  | undefined {
  const colon = reason.indexOf(':');
  const code = ROUTE_REASONS.find((known) => known === reason.slice(0, colon));
  if (code === undefined) return undefined;
  const parameter = reason.slice(colon + 1);
  const bar = parameter.indexOf('|');
  return bar < 0
    ? { code, who: parameter, what: undefined }
    : { code, who: parameter.slice(0, bar), what: parameter.slice(bar + 1) };
}
