// Runs the audit suite of graphql-http against the address given, and prints what became of each check.
const { createRequire } = require("node:module");
const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);
const { serverAudits } = installed("graphql-http");

async function main(url) {
  const audits = serverAudits({ url, fetchFn: fetch });
  const results = [];
  for (const { id, name, fn } of audits) {
    const { status, reason } = await fn();
    results.push({ id, name, status, reason: reason ?? null });
  }
  console.log(JSON.stringify(results));
}

main(process.argv[2]);
