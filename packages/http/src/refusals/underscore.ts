/**
 * Names with an underscore. Software that turns names into variables, such as CGI or a gateway behind the app, treats it like
 * a hyphen. `X_Forwarded_For` could then say what only a proxy may say.
 */
export function hasNoUnderscore(name: string): boolean {
  return !name.includes('_')
}
