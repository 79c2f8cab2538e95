import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const TOO_MANY_PARAMETERS = {
  selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>4]',
  message: 'More than 4 constructor parameters: the class does two things.',
};

/** Matches `text.normalize(form)` and zod's `z.string().normalize(form)`. */
const UNBOUNDED_NORMALISATION = {
  selector:
    'CallExpression[callee.property.name="normalize"], CallExpression[callee.property.value="normalize"]',
  message: 'It takes quadratic time on long runs of marks: use normalise of platform/text/normalise.ts.',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', '.data', '.cache'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.cjs', 'scripts/*.js'] } },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // Fixing these for injected classes would break dependency injection at run time.
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/require-await': 'off',
      // `interface Config extends Settings {}` gives a class the members of a mapped type.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // A longer file says why in its head comment, beside the line that switches this off.
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', TOO_MANY_PARAMETERS],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/**/*.spec.ts', 'src/platform/text/normalise.ts'],
    rules: { 'no-restricted-syntax': ['error', TOO_MANY_PARAMETERS, UNBOUNDED_NORMALISATION] },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    ...jest.configs['flat/recommended'],
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
      'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['afterEach'] }],
      'jest/no-disabled-tests': 'error',
      'jest/no-focused-tests': 'error',
      'jest/valid-expect': 'error',
      'jest/valid-expect-in-promise': 'error',
      'jest/valid-expect-with-promise': 'error',
      'jest/require-to-throw-message': 'error',
      'jest/valid-title': [
        'error',
        { mustNotMatch: { it: ['\\bshould\\b', 'Present tense, no "should".'] } },
      ],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
