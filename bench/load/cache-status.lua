-- Counts the answers by their Cache-Status, instead of measuring. Paths as in cycle.lua.
dofile((debug.getinfo(1, 'S').source:match('^@(.*/)') or './') .. 'cycle.lua')

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

statuses = {}

function response(status, headers)
  local found = 'none'
  for name, value in pairs(headers) do
    if name:lower() == 'cache-status' then found = value end
  end
  statuses[found] = (statuses[found] or 0) + 1
end

function done()
  local members = {}
  for found, count in pairs(threads[1]:get('statuses')) do
    members[#members + 1] = string.format('%q:%d', found, count)
  end
  io.write('\n{' .. table.concat(members, ',') .. '}\n')
end
