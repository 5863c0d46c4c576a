/** Suggests what to do about an ES module that Node loaded as CommonJS, which is what `npm init` now sets up for `.js`. */

const signsOfEsModule =
  /^(?:Unexpected token 'export'|Cannot use (?:import statement|'import\.meta') outside a module)/

/** Appended to the message of the error. Empty for every other error. */
export function esModuleHint(error: unknown): string {
  if (!(error instanceof SyntaxError) || !signsOfEsModule.test(error.message)) return ''
  const [, path] = /^(?:file:\/\/)?(.+\.js):\d+\n/.exec(error.stack ?? '') ?? []
  if (path === undefined) return ''
  return `. Node takes ${path} for CommonJS: name it .mjs, or put "type": "module" into its package.json`
}
