/** The part of prom-client that is used. All of it would also load a tracing API and a summary's trees, and is ten times as large. */
declare module 'prom-client/lib/cluster.js' {
  export { AggregatorRegistry as default } from 'prom-client'
}
