/** What ends with the test that made it, or is of use in tests only. */
export { RawClient } from './raw-client.js'
