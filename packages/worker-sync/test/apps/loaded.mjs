// Says which of Node's own modules its process has loaded.
export default (_request, response) => {
  response.setHeader('x-pid', process.pid)
  response.end(process.moduleLoadList.join('\n'))
}
