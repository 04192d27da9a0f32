import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import type { FetchService } from './fetch-service.js';

/** What phones ask for: by a secret in the address, or by a name (MAC address) and a password (the secret). */
export function addFetchRoutes(pages: PageRoutes, service: FetchService): void {
  pages
    .get('/provision/:file', 'public', async (page) => {
      const named = basic(page.req.get('authorization'));
      if (named === undefined) {
        // Before anything is looked for: who asks without a name learns nothing about which phones there are.
        page.res
          .status(401)
          .set('WWW-Authenticate', 'Basic realm="provisioning", charset="UTF-8"')
          .type('text/plain')
          .send('name and password are needed\n');
        return;
      }
      await answer(page, service, named);
    })
    .get('/provision/:secret/:file', 'public', (page) =>
      answer(page, service, { secret: page.param('secret') }),
    );
}

async function answer(
  page: PageContext,
  service: FetchService,
  who: { readonly secret: string; readonly mac?: string },
): Promise<void> {
  const { req, res } = page;
  if (req.method !== 'GET') {
    // Whoever asks only whether there is a file has not fetched it.
    res.status(405).set('Allow', 'GET').end();
    return;
  }
  const file = await service.file({
    ...who,
    file: page.param('file'),
    address: (req.ip ?? '').replace(/^::ffff:/, ''),
    program: req.get('user-agent') ?? '',
  });
  res.set('Cache-Control', 'no-store');
  if (file === undefined) res.status(404).type('text/plain').send('not found\n');
  else res.set('Content-Type', file.contentType).send(file.text);
}

/** Name and password of `Authorization: Basic`; undefined for none and for what is none. */
function basic(
  header: string | undefined,
): { readonly mac: string; readonly secret: string } | undefined {
  const [, code = ''] = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(code, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { mac: text.slice(0, colon), secret: text.slice(colon + 1) };
}
