export default eventHandler(async event => {
  const [file] = (await readMultipartFormData(event)) ?? []
  return { name: file?.filename, size: file?.data.length }
})
