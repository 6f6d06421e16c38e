// Lets everybody of npm judge opps in one process, and prints what each of them found.
const { createRequire } = require("node:module");
const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);
const { audits } = require("./audits.cjs");
const { breaking } = require("./breaking.cjs");
const { apollo, graphqlSse, graphqlWs, urql } = require("./clients.cjs");
const { lint } = require("./lint.cjs");
const { persisted } = require("./persisted.cjs");
const { relay } = require("./relay.cjs");
const { typescript } = require("./typescript.cjs");

// url: a running server; schemas: pairs of files, before and after; ids: a command id for each client;
// messages: what a receiver of webhooks is sent, and the secret that it verifies with.
const { root, scratch, url, schemas, ids, messages } = JSON.parse(process.argv[2]);

const judges = {
  audits: () => audits(installed, url),
  apollo: () => apollo(installed, url, ids.apollo),
  urql: () => urql(installed, url, ids.urql),
  "graphql-ws": () => graphqlWs(installed, url, ids["graphql-ws"]),
  "graphql-sse": () => graphqlSse(installed, url, ids["graphql-sse"]),
  persisted: () => persisted(installed, url),
  relay: () => relay(installed, root, scratch, url, ids.relay),
  typescript: () => typescript(installed, root, scratch, url, ids.typescript, messages),
  lint: () => lint(installed, root),
  breaking: () => Promise.all(schemas.map(([before, after]) => breaking(installed, before, after))),
};

const PATIENCE_MS = 30_000;
const lost = (_, reject) => setTimeout(() => reject(new Error("it came to no end")), PATIENCE_MS).unref();

const failed = (error) => ({ error: error.stack ?? JSON.stringify(error) });

async function main() {
  const found = {};
  for (const [name, judge] of Object.entries(judges)) {
    const began = performance.now();
    // One that cannot even run fails its own tests, and no others.
    const done = Promise.race([judge(), new Promise(lost)]);
    found[name] = await done.then((value) => ({ value }), failed);
    found[name].ms = Math.round(performance.now() - began);
  }
  console.log(JSON.stringify(found));
}

main().then(() => process.exit(0));
