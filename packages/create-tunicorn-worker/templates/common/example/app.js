/** What `npm start` serves. */
export default (_req, res) => {
  res.end(`Hello from my-class, worker ${process.pid}\n`)
}
