/** What ends with the test that made it, or is useful only in tests. */
export { RawClient } from './raw-client.js'
