/**
 * Whether a call is among the `percent` that are asked. The call's id decides, so that another process which takes the call
 * up decides alike. FNV-1a with a final mix (MurmurHash3's): ids of one moment differ in few characters only.
 */
export function isDrawn(callId: string, percent: number): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < callId.length; at++)
    hash = Math.imul(hash ^ callId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100 < percent;
}
