import tseslint from 'typescript-eslint';

/** Strict rules with types for everything that the compiler reads; the browser's scripts only without types. */
export default tseslint.config(
  {
    ignores: ['dist/', 'node_modules/', 'coverage/', 'var/', 'public/vendor/'],
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Branded ids are asked for by name where they come in: `page.id<QueueId>()`.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
          message: 'A cast through unknown hides a wrong type: check the value or fix the type.',
        },
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Named exports only: one name for one thing.',
        },
        {
          selector:
            'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > BlockStatement[body.length=0]',
          message: 'A swallowed failure is found by nobody: handle it or let it through.',
        },
      ],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // chai's assertions are expressions: `expect(x).to.be.true`.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      // Test doubles answer at once what the real thing answers later.
      '@typescript-eslint/require-await': 'off',
      // Parts of a laboratory are taken by name from an object whose methods are arrows.
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
    },
  },
  {
    // Tasks and benchmarks talk to people on a terminal.
    files: [
      'src/tasks/**/*.ts',
      'test/bench/**/*.ts',
      'test/e2e/**/*.ts',
      'test/integration/**/*.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['public/js/**/*.js'],
    rules: {
      'no-undef': 'off',
      'no-unused-vars': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]',
          message: 'Text is set with textContent; markup comes parsed.',
        },
        {
          selector: 'CallExpression[callee.property.name="insertAdjacentHTML"]',
          message: 'Text is set with textContent; markup comes parsed.',
        },
      ],
    },
  },
);
