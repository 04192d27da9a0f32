import type { RegistrationState } from '../../telephony/ari/port.js';

const STATUS: Readonly<Record<string, RegistrationState['status']>> = {
  '0': 'unregistered',
  '1': 'registered',
  '2': 'rejected',
};
const LINE =
  /^asterisk_pjsip_outbound_registration_status\{[^}]*username="([^"]*)",domain="([^"]*)"[^}]*\} (\d)/;

/**
 * Reads the state of our registrations at carriers from the text that res_prometheus serves: ARI has no such thing.
 * A registration appears there when Asterisk has tried it for the first time.
 */
export function parseRegistrations(metrics: string): readonly RegistrationState[] {
  return metrics.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    const status = STATUS[match?.[3] ?? ''];
    if (match?.[1] === undefined || match[2] === undefined || status === undefined) return [];
    return [{ clientUri: match[1], serverUri: match[2], status }];
  });
}
