'use strict'
// What Piscina is given for a thread. It loads that with `require`, and Node.js 20 aborts the whole process when a thread
// is terminated while it does so with an ES module.
exports.__esModule = true
exports.default = import('./thread.js').then(({ default: serve }) => serve)
