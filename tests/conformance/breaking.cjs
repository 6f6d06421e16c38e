// Finds what a schema breaks for those who use the one before it, with @graphql-inspector.
const { readFileSync } = require("node:fs");

exports.breaking = async (installed, before, after) => {
  const { buildSchema } = installed("graphql");
  const { diff } = installed("@graphql-inspector/core");
  const schema = (file) => buildSchema(readFileSync(file, "utf8"));
  const changes = await diff(schema(before), schema(after));
  return changes
    .filter(({ criticality }) => criticality.level === "BREAKING")
    .map(({ path, message }) => ({ path, message }));
};
