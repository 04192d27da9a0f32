import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';

/** Files that browsers fetch: read once at start, named by their content, so that they may be kept for ever. */
export interface Assets {
  /** URL of a file by its plain name (`css/cordboard.css`). Throws for a name that does not exist. */
  url(name: string): string;
  /** URL of one icon in the sprite. Throws for an icon that is not in `views/icons.txt`. */
  icon(name: string): string;
  readonly handler: RequestHandler;
}

interface Asset {
  readonly body: Buffer;
  readonly gzip: Buffer | undefined;
  readonly type: string;
  readonly url: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

/** Files taken from packages as they are. */
const VENDORED: Readonly<Record<string, readonly [packageName: string, file: string]>> = {
  'vendor/tabler.css': ['@tabler/core', 'dist/css/tabler.min.css'],
  'vendor/htmx.js': ['htmx.org', 'dist/htmx.min.js'],
  'vendor/joint.js': ['@joint/core', 'dist/joint.min.js'],
  'vendor/inter.woff2': ['@fontsource-variable/inter', 'files/inter-latin-wght-normal.woff2'],
};

const require = createRequire(import.meta.url);
/** Folder of a package; its `package.json` need not be exported. */
function packageFolder(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      readFileSync(join(folder, name, 'package.json'));
      return join(folder, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`package ${name} is not installed`);
}

/** Reads `public/`, the vendored files and the icons that `views/icons.txt` lists. */
export function loadAssets(root: string): Assets {
  const byName = new Map<string, Asset>();
  const byUrl = new Map<string, Asset>();
  const add = (name: string, body: Buffer): void => {
    const asset = makeAsset(name, body);
    byName.set(name, asset);
    byUrl.set(asset.url, asset);
  };
  for (const [name, [packageName, file]] of Object.entries(VENDORED))
    add(name, readFileSync(join(packageFolder(packageName), file)));
  const icons = readIconList(join(root, 'views/icons.txt'));
  add('icons.svg', Buffer.from(makeSprite(icons)));
  const url = (name: string): string => {
    const asset = byName.get(name);
    if (!asset) throw new Error(`there is no file ${name} below public/`);
    return asset.url;
  };
  addPublic(join(root, 'public'), byName, add, url);
  return {
    url,
    icon: (name) => {
      if (!icons.includes(name)) throw new Error(`icon ${name} is not in views/icons.txt`);
      return `${url('icons.svg')}#${name}`;
    },
    handler: serve(byUrl),
  };
}

/**
 * Files that name others (scripts their imports, style sheets their fonts) come after those, because the URLs that they
 * name carry fingerprints. Scripts that import each other in a circle are refused.
 */
function addPublic(
  folder: string,
  byName: ReadonlyMap<string, Asset>,
  add: (name: string, body: Buffer) => void,
  url: (name: string) => string,
): void {
  const files = listFiles(folder, '');
  const underWay = new Set<string>();
  const addFile = (name: string): void => {
    if (byName.has(name)) return;
    if (!files.includes(name)) throw new Error(`there is no file ${name} below public/`);
    if (underWay.has(name)) throw new Error(`scripts import each other in a circle: ${name}`);
    underWay.add(name);
    const body = readFileSync(join(folder, name));
    if (name.endsWith('.js')) {
      const resolve = (file: string): string => {
        const target = posix.join(posix.dirname(name), file);
        addFile(target);
        return url(target);
      };
      const text = body
        .toString('utf8')
        .replace(
          /(\bfrom\s+|\bimport\s+)'(\.[^']+)'/g,
          (_, word: string, file: string) => `${word}'${resolve(file)}'`,
        );
      add(name, Buffer.from(text));
    } else if (name.endsWith('.css')) {
      const text = body
        .toString('utf8')
        .replace(/url\(["']asset:([^"']+)["']\)/g, (_, file: string) => `url("${url(file)}")`);
      add(name, Buffer.from(text));
    } else add(name, body);
  };
  for (const name of files.filter((file) => !file.endsWith('.css'))) addFile(name);
  for (const name of files) addFile(name);
}

function makeAsset(name: string, body: Buffer): Asset {
  const ending = extname(name);
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const packable = ['.css', '.js', '.svg', '.txt'].includes(ending);
  return {
    body,
    gzip: packable ? gzipSync(body, { level: 9 }) : undefined,
    type: TYPES[ending] ?? 'application/octet-stream',
    url: `/assets/${name.slice(0, -ending.length)}.${hash}${ending}`,
  };
}

function listFiles(folder: string, prefix: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? listFiles(join(folder, entry.name), `${prefix}${entry.name}/`)
      : entry.name.startsWith('.')
        ? []
        : [prefix + entry.name],
  );
}

/** One icon name a line; empty lines and lines with `#` are skipped. */
export const readIconList = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** One SVG with a symbol for each icon; `name-filled` takes the filled drawing. */
function makeSprite(names: readonly string[]): string {
  const folder = join(packageFolder('@tabler/icons'), 'icons');
  const symbols = names.map((name) => {
    const filled = name.endsWith('-filled');
    const file = filled ? `filled/${name.slice(0, -'-filled'.length)}.svg` : `outline/${name}.svg`;
    const svg = readFileSync(join(folder, file), 'utf8');
    const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

const serve =
  (assets: ReadonlyMap<string, Asset>): RequestHandler =>
  (req, res, next) => {
    const asset = assets.get(`/assets${req.path}`);
    if (!asset || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next();
      return;
    }
    res.set('Content-Type', asset.type);
    res.set('Cache-Control', 'public, max-age=31536000, immutable');
    res.vary('Accept-Encoding');
    if (asset.gzip && req.acceptsEncodings('gzip') === 'gzip') {
      res.set('Content-Encoding', 'gzip');
      res.send(asset.gzip);
    } else res.send(asset.body);
  };

/** The folder that holds `views/` and `public/`, seen from `src/web` and `dist/web` alike. */
export const projectRoot = (): string =>
  dirname(dirname(dirname(new URL(import.meta.url).pathname)));
