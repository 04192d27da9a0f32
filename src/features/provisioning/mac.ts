/**
 * Twelve small hexadecimal digits out of any usual way to write a MAC address (`AA:BB:..`, `aa-bb-..`, `aabb.ccdd.eeff`);
 * undefined for anything else, and for addresses that no single device has.
 */
export function parseMac(text: string): string | undefined {
  const typed = text.normalize('NFKC').trim().toLowerCase();
  const shape =
    /^([0-9a-f]{12}|[0-9a-f]{2}([:\-. ][0-9a-f]{2}){5}|[0-9a-f]{4}([:\-. ][0-9a-f]{4}){2}|[0-9a-f]{6}[:\-. ][0-9a-f]{6})$/;
  if (!shape.test(typed)) return undefined;
  const mac = typed.replaceAll(/[^0-9a-f]/g, '');
  const isOfGroup = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isOfGroup || /^0+$/.test(mac) ? undefined : mac;
}

/** `aa:bb:cc:dd:ee:ff`, as phones have it on their labels. */
export const macText = (mac: string): string => mac.match(/../g)?.join(':').toUpperCase() ?? mac;
