/** The page: who answers a request, who holds the stream, and a slow request to reload under. */
export const page: string = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tunicorn</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #1c2430; }
  button { font: inherit; padding: .3rem .9rem; margin-right: .5rem; }
  output { display: block; margin: .5rem 0 1.5rem; white-space: pre-wrap; font-family: ui-monospace, monospace; }
  code { background: #eef1f5; padding: .1rem .3rem; }
</style>
<h1>Tunicorn</h1>
<p>Two worker processes accept connections from one socket. Any of them answers.</p>

<h2>Requests</h2>
<button id="ask">Send 20 requests</button><button id="slow">Send one that takes 3 s</button>
<output id="answers"></output>

<h2>A stream</h2>
<p>This server-sent event stream belongs to one worker. When that worker goes, the browser connects to another.</p>
<output id="stream">…</output>

<h2>Try</h2>
<p>Press the slow button, then reload with <code>kill -HUP</code> and the arbiter's pid, as the terminal says: the slow answer still comes,
from the old generation, and new requests get the new one.</p>

<script type="module">
  const name = ({ pid, generation }) => 'pid ' + pid + ', generation ' + generation
  const ask = async path => (await fetch(path)).json()
  const answers = document.querySelector('#answers')

  document.querySelector('#ask').onclick = async () => {
    const counts = new Map()
    for (const worker of await Promise.all(Array.from({ length: 20 }, () => ask('/worker')))) {
      counts.set(name(worker), (counts.get(name(worker)) ?? 0) + 1)
    }
    answers.textContent = [...counts].map(([worker, count]) => count + ' × ' + worker).join('\\n')
  }
  document.querySelector('#slow').onclick = async () => {
    answers.textContent = 'waiting…'
    answers.textContent = 'slow answer from ' + name(await ask('/slow?seconds=3'))
  }
  new EventSource('/events').onmessage = event => {
    const worker = JSON.parse(event.data)
    document.querySelector('#stream').textContent = name(worker) + ', running for ' + worker.seconds + ' s'
  }
</script>
</html>
`
