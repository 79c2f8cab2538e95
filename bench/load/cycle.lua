-- Asks for the paths in a file (the first argument), one after the other, again and again.
dofile((debug.getinfo(1, 'S').source:match('^@(.*/)') or './') .. 'summary.lua')

local requests, last = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format(nil, path)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
