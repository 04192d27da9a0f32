// After the compiler: the message catalogs go beside the program that reads them (src/web/i18n.ts).
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
rmSync(`${root}dist/web/i18n`, { recursive: true, force: true });
cpSync(`${root}src/web/i18n`, `${root}dist/web/i18n`, { recursive: true });
