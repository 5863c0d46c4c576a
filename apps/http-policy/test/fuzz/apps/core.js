/** What the apps of the fuzz have in common: each request is noted by its marker, when it begins and when all of it is there. */

let notes = []

/** Notes that a request has begun; call `whole` with its body. Markers may be any bytes. */
export function begin(method, target, marker = '') {
  const note = { marker: encodeURIComponent(marker), method, target }
  notes.push(note)
  return {
    whole(body) {
      note.body = body
    },
    fields: { 'x-m': note.marker, 'content-length': '0' },
  }
}

/** All that was noted since the last time. */
export function take() {
  const taken = JSON.stringify(notes)
  notes = []
  return taken
}
