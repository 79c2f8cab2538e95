-- Prints what wrk measured as one line of JSON. Nothing here runs for each request.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p95Ms":%f,"p99Ms":%f,"failed":%d}\n',
    summary.requests,
    summary.duration / 1e6,
    latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status
  ))
end
