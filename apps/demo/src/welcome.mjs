/** What `npm start` says first: npm runs it as `prestart`. */
console.log(`
  Tunicorn demo: one arbiter, two workers of the class event-loop.

    open     http://127.0.0.1:8000
    reload   kill -HUP PID    (the number behind "Listening at" below)
    stop     Ctrl-C
`)
