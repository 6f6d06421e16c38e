// Makes the types of examples/typescript anew, checks it with TypeScript's own compiler, and runs it.
const { createRequire } = require("node:module");
const { promisify } = require("node:util");
const { cpSync, readFileSync, symlinkSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const execFile = promisify(require("node:child_process").execFile);

const EXAMPLE = "examples/typescript";
const TYPES = "src/gql/graphql.ts";

// What graphql-codegen makes of codegen.json: the content of each file.
async function generated(installed, root) {
  const { buildSchema, parse } = installed("graphql");
  const { codegen } = installed("@graphql-codegen/core");
  const { preset } = installed("@graphql-codegen/client-preset");
  const home = path.join(root, EXAMPLE);
  const read = (file) => readFileSync(path.join(home, file), "utf8");
  const settings = JSON.parse(read("codegen.json"));
  const schemaAst = buildSchema(read(settings.schema));
  const [[baseOutputDir, { config, presetConfig }]] = Object.entries(settings.generates);
  const sections = await preset.buildGeneratesSection({
    baseOutputDir,
    config,
    presetConfig,
    schema: parse(read(settings.schema)),
    schemaAst,
    documents: settings.documents.map((file) => ({ location: file, document: parse(read(file)), rawSDL: read(file) })),
    plugins: [],
    pluginMap: {},
    pluginContext: {},
    profiler: { run: (work) => work(), collect: () => [] },
    documentTransforms: [],
  });
  return codegen(sections.find(({ filename }) => filename.endsWith("graphql.ts")));
}

// What the compiler says, nothing when it is content; what it makes lies in dist then.
async function compiled(installed, home) {
  const compiler = path.join(path.dirname(installed.resolve("typescript/package.json")), "bin/tsc");
  try {
    await execFile(process.execPath, [compiler, "--pretty", "false"], { cwd: home });
    return "";
  } catch (error) {
    return String(error.stdout);
  }
}

// What the receiver answers to each message, and what it took for news.
async function received(receiver, { secret, sent }) {
  const news = [];
  const server = receiver(secret, async ({ id }) => void news.push(id));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const answers = [];
  for (const { headers, body } of sent) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", headers, body });
    answers.push(response.status);
  }
  server.close();
  return { answers, news };
}

// Where the example goes on from, of a line that breaks twice and is refused then; nobody waits meanwhile.
async function brokenLines({ changes }, { NetworkError }) {
  require("node:timers/promises").setTimeout = () => new Promise(setImmediate);
  const [asked, seen] = [[], []];
  const lines = [["3.0", "4.0"], [], ["9.1"]];
  const opps = {
    async *follow(_, { after }) {
      asked.push(after);
      const line = lines.shift();
      if (!line) throw new NetworkError({ ok: false, status: 403, statusText: "Forbidden" });
      for (const cursor of line) yield { scoreChanged: { __typename: "ScoreChanged", cursor } };
      throw new TypeError("fetch failed");
    },
  };
  try {
    for await (const { cursor } of changes(opps, "0")) seen.push(cursor);
  } catch (error) {
    return { asked, seen, end: error.response.status };
  }
}

async function first(following) {
  for await (const one of following) return one;
}

exports.typescript = async (installed, root, scratch, url, commandId, messages) => {
  const home = path.join(scratch, "typescript");
  cpSync(path.join(root, EXAMPLE), home, { recursive: true });
  symlinkSync(path.join(process.env.OPPS_NODE_CLIENTS, "node_modules"), path.join(home, "node_modules"));
  const current = (await generated(installed, root)) === readFileSync(path.join(home, TYPES), "utf8");
  const errors = await compiled(installed, home);
  const made = (name) => require(path.join(home, "dist", `${name}.js`));
  const opps = new (made("opps").Opps)(url);
  const deals = await made("board").doubtful(opps);
  const { PipelineDocument } = made("gql/graphql");
  const [deal] = (await opps.ask(PipelineDocument, {})).opportunities.nodes;
  const win = () => made("board").won(opps, deal.id, { amount: "84000", currency: "EUR" }, commandId);
  const won = [await win(), await win()];
  const moved = await first(made("follow").changes(opps, "0"));
  const broken = await brokenLines(made("follow"), installed("graphql-sse"));
  const told = await received(made("receiver").receiver, messages);
  // A field that the schema does not have: the compiler must find it.
  const misspelt = path.join(home, "src/board.ts");
  writeFileSync(misspelt, readFileSync(misspelt, "utf8").replace("score.p)", "score.q)"));
  return { current, errors, misspelt: await compiled(installed, home), deals, won, moved, broken, told };
};

// By hand, and in make client: write the types anew.
async function write(root) {
  const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);
  writeFileSync(path.join(root, EXAMPLE, TYPES), await generated(installed, root));
}

if (require.main === module) write(path.join(__dirname, "../.."));
