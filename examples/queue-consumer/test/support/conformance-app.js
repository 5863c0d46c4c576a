/** What the conformance suite loads. @type {import('@tunicorn/test-kit').CreateApp} */
export default () => ({ echo: () => {} })
