/**
 * What may import what: kernel <- engines <- telephony <- features <- web <- wiring and main. Adapters implement ports of
 * kernel, telephony and features; only a feature's index.ts, wiring, tasks and the demonstration know adapters.
 */
const layer = (name, comment, from, to) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});

/** Only the named folders may use a package. */
const onlyIn = (packageName, comment, ...folders) => ({
  name: `${packageName}-only-where-it-belongs`,
  severity: 'error',
  comment,
  from: { path: '^src/', pathNot: folders },
  to: { path: `^node_modules/(@types/)?${packageName}(/|$)` },
});

const ABOVE_KERNEL =
  '^src/(engines|telephony|features|adapters|web|wiring|tasks|demo|simulation|main|config)';
const ABOVE_ENGINES =
  '^src/(telephony|features|adapters|web|wiring|tasks|demo|simulation|main|config)';
const ABOVE_TELEPHONY = '^src/(features|adapters|web|wiring|tasks|demo|simulation|main|config)';

module.exports = {
  forbidden: [
    layer(
      'kernel-stands-alone',
      'The kernel is what everything stands on.',
      '^src/kernel/',
      ABOVE_KERNEL,
    ),
    layer('engines-are-pure', 'Engines decide; they do no I/O.', '^src/engines/', ABOVE_ENGINES),
    layer(
      'telephony-knows-ports-only',
      'Stages and calls work on ports; features and adapters know them.',
      '^src/telephony/',
      ABOVE_TELEPHONY,
    ),
    layer(
      'simulation-drives-engines-only',
      'A simulation plays the world around the engines; it knows nothing of the program around them.',
      '^src/simulation/',
      '^src/(telephony|features|adapters|web|wiring|tasks|demo|main|config)',
    ),
    {
      name: 'only-tasks-simulate',
      severity: 'error',
      comment: 'What the program does all day must not depend on a simulation.',
      from: { path: '^src/', pathNot: '^src/(simulation|tasks)/' },
      to: { path: '^src/simulation/' },
    },
    {
      name: 'features-reach-web-through-the-kit',
      severity: 'error',
      comment: 'Pages use the kit; whatever else a page needs becomes part of the kit.',
      from: { path: '^src/features/' },
      to: { path: '^src/web/', pathNot: '^src/web/kit/' },
    },
    layer(
      'stores-and-services-know-no-pages',
      'Use cases and SQL of a feature know nothing of HTML.',
      '^src/features/[^/]+/(knex-[a-z-]+|[a-z-]+-(store|service|reports))\\.ts$',
      '^src/web/',
    ),
    {
      name: 'features-do-not-reach-up',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/(wiring|tasks|demo|main)' },
    },
    {
      name: 'features-know-adapters-in-their-index-only',
      severity: 'error',
      comment:
        'index.ts wires; the rest works on ports. The logger and the sealer have none: they are ports themselves.',
      from: { path: '^src/features/', pathNot: '/index\\.ts$' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/(log/|crypto/seal)' },
    },
    {
      name: 'features-meet-at-their-index',
      severity: 'error',
      comment:
        'What another feature needs is exported by index.ts; the audit contract stands beside it.',
      from: { path: '^src/features/([^/]+)/' },
      to: {
        path: '^src/features/[^/]+/',
        pathNot: ['^src/features/$1/', '/index\\.ts$', '^src/features/audit/audit\\.ts$'],
      },
    },
    {
      name: 'web-does-not-reach-up',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/(wiring|tasks|demo|main)' },
    },
    {
      name: 'web-meets-features-at-their-index',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/features/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'web-knows-no-adapters',
      severity: 'error',
      comment: 'The logger is the exception: it has no port, because everything logs.',
      from: { path: '^src/web/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/log/' },
    },
    {
      name: 'kit-is-small',
      severity: 'error',
      comment: 'The kit is what features import: it must not draw the whole web app in.',
      from: { path: '^src/web/kit/' },
      to: { path: '^src/(web/(?!kit/)|features/|adapters/)' },
    },
    {
      name: 'adapters-implement-ports',
      severity: 'error',
      comment: 'Adapters know ports and types, not pages and not each other’s wiring.',
      from: { path: '^src/adapters/' },
      to: { path: '^src/(web|wiring|tasks|demo|main)' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two files that need each other are one file or miss a third.',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    onlyIn('ari-client', 'Asterisk is behind AriPort.', '^src/adapters/asterisk-ari/'),
    onlyIn('nodemailer', 'Mail is behind MailTransport.', '^src/adapters/mail/'),
    onlyIn(
      'ioredis',
      'Redis is behind ports; indexes of features pass the connection on.',
      '^src/adapters/redis/',
      '^src/features/[^/]+/index\\.ts$',
      '^src/(wiring|tasks|demo)/',
    ),
    onlyIn(
      'knex',
      'SQL lives in stores and read models.',
      '^src/adapters/',
      '^src/features/[^/]+/(knex-[a-z-]+|[a-z-]+-(reports|where|parts|rows)|rows|index)\\.ts$',
      '^src/features/[^/]+/[^/]+/knex-[a-z-]+\\.ts$',
      '^src/(wiring|tasks|demo)/',
    ),
    onlyIn(
      'express',
      'Requests and answers live in pages.',
      '^src/web/',
      '-(pages|api|routes)\\.ts$',
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
