-- wrk: POST requests with a body of as many bytes as the first argument says.
function init(args)
  wrk.method = 'POST'
  wrk.body = string.rep('e', tonumber(args[1]))
end
