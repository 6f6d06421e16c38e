// Runs the audit suite of graphql-http, and tells what became of each check.
exports.audits = async (installed, url) => {
  const { serverAudits } = installed("graphql-http");
  const results = [];
  for (const { id, name, fn } of serverAudits({ url, fetchFn: fetch })) {
    const { status, reason } = await fn();
    results.push({ id, name, status, reason: reason ?? null });
  }
  return results;
};
