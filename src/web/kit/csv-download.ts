import type { PageContext } from './page-context.js';

/** Excel takes a file with this mark for UTF-8, also where Chinese is the system's language. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Sends a table as a file while it is read: memory does not grow with it. `read` gives lines to `write` and waits for it. The
 * head goes out with the first of them, so that what fails before is a page that says so.
 */
export async function sendCsv(
  { res }: Pick<PageContext, 'res'>,
  { name, head, at }: { readonly name: string; readonly head: string; readonly at: number },
  read: (write: (lines: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const begin = (): void => {
    if (res.headersSent) return;
    const day = new Date(at).toISOString().slice(0, 10);
    res.attachment(`${name}-${day}.csv`).type('text/csv; charset=utf-8');
    res.set('Cache-Control', 'private, no-store');
    res.write(BYTE_ORDER_MARK + head);
  };
  await read(async (lines) => {
    begin();
    if (!res.write(lines) && !res.destroyed)
      await new Promise<void>((resolve) => {
        res.once('drain', resolve).once('close', resolve);
      });
  });
  begin();
  res.end();
}
