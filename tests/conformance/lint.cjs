// Judges schema.graphql and operations/*.graphql by the rules of @graphql-eslint.
const path = require("node:path");

const RULES = "@graphql-eslint/";
const OURS = {
  // Directives of GraphQL itself come without a description.
  "require-description": { types: true, FieldDefinition: true, InputValueDefinition: true, rootField: true },
  // Lists of a few items are plain lists; what grows is a connection, paged forwards.
  "relay-edge-types": { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  "relay-arguments": { includeBoth: false },
  // What the server allows.
  "selection-set-depth": { maxDepth: 12 },
};
const OFF = {
  "strict-id-in-types": "only what `node` finds again has an id; all else is a part of it",
  "no-typename-prefix": "what lies in a deal has the same name in every type: alternativeId",
};
// Files that are right to break a rule.
const EXCEPT = {
  "require-selections": {
    "lenses.graphql": "one deal as of three moments: a cache by id would mix them",
    "score-changed.graphql": "news is not kept in a cache",
    "score-ledger.graphql": "its lines never change, and are not looked up",
  },
};

exports.lint = async (installed, root) => {
  const { ESLint } = installed("eslint");
  const plugin = installed("@graphql-eslint/eslint-plugin");
  const rules = (...names) => {
    const chosen = Object.assign({}, ...names.map((name) => plugin.configs[`flat/${name}`].rules));
    for (const [name, options] of Object.entries(OURS))
      if (RULES + name in chosen) chosen[RULES + name] = ["error", options];
    for (const name of Object.keys(OFF)) delete chosen[RULES + name];
    return chosen;
  };
  const operations = "operations/*.graphql";
  const [schema, documents] = ["schema.graphql", operations].map((files) => path.join(root, files));
  const judged = (files, chosen) => ({
    files: [files],
    plugins: { "@graphql-eslint": plugin },
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema, documents } },
    },
    rules: chosen,
  });
  const linter = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      judged("schema.graphql", rules("schema-recommended", "schema-relay")),
      judged(operations, rules("operations-recommended")),
    ],
  });
  const found = told(root, await linter.lintFiles(["schema.graphql", operations]));
  // What must be found, so that silence says something.
  const bad = { filePath: path.join(root, "operations/bad.graphql") };
  return { found, bad: told(root, await linter.lintText("query board { opportunities { totl } }", bad)) };
};

function told(root, results) {
  return results.flatMap(({ filePath, messages }) =>
    messages
      .map(({ ruleId, message, line }) => ({ rule: ruleId.split("/")[1], file: path.relative(root, filePath), line, message }))
      .filter(({ rule, file }) => !(path.basename(file) in (EXCEPT[rule] ?? {}))),
  );
}
