/**
 * Causes that have words in the catalog (`cause.<n>`): Q.850 (ITU-T, 12/2018, table 1) as Asterisk gives them, 0 where the
 * far end gave none.
 */
const Q850: ReadonlySet<number> = new Set([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 34,
  38, 39, 40, 41, 42, 43, 44, 46, 47, 49, 50, 53, 55, 57, 58, 62, 63, 65, 66, 69, 70, 79, 81, 82,
  83, 84, 85, 86, 87, 88, 90, 91, 95, 96, 97, 98, 99, 100, 101, 102, 103, 110, 111, 127,
]);

/** SIP statuses that have words in the catalog (`sip.<n>`): RFC 3261 and the registry that it opened. */
const SIP: ReadonlySet<number> = new Set([
  180, 183, 200, 202, 300, 301, 302, 305, 380, 400, 401, 402, 403, 404, 405, 406, 407, 408, 410,
  412, 413, 414, 415, 416, 420, 421, 422, 423, 428, 433, 436, 437, 438, 480, 481, 482, 483, 484,
  485, 486, 487, 488, 489, 491, 493, 494, 500, 501, 502, 503, 504, 505, 513, 580, 600, 603, 604,
  606, 607, 608,
]);

/** Key of the catalog for a Q.850 cause; its message takes the number as `cause`. */
export const causeKey = (cause: number): string =>
  Q850.has(cause) ? `cause.${String(cause)}` : 'cause.other';

/** Key of the catalog for a SIP status; its message takes the number as `status`. */
export const sipKey = (status: number): string =>
  SIP.has(status) ? `sip.${String(status)}` : 'sip.other';
