// The same answers from graphql-yoga or Apollo Server, from memory: node server.mjs yoga|apollo SCHEMA ANSWERS
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const [, , which, schemaFile, answersFile] = process.argv
// Packages are looked for where npm put them, which need not be beside this file.
const require = createRequire(`${process.env.OPPS_NODE_BENCHMARKS}/package.json`)
const { buildSchema } = require('graphql')

const schema = buildSchema(readFileSync(schemaFile, 'utf8'))
const held = JSON.parse(readFileSync(answersFile, 'utf8'))
const fields = schema.getQueryType().getFields()
for (const [name, value] of Object.entries(held)) fields[name].resolve = () => value

function ready(port) {
  console.log(JSON.stringify({ port }))
}

if (which === 'yoga') {
  const { createYoga } = require('graphql-yoga')
  const yoga = createYoga({ schema, logging: false, graphiql: false })
  const server = createServer(yoga)
  server.listen(0, '127.0.0.1', () => ready(server.address().port))
} else {
  const { ApolloServer } = require('@apollo/server')
  const { startStandaloneServer } = require('@apollo/server/standalone')
  const apollo = new ApolloServer({ schema, introspection: false })
  const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1', path: '/graphql' } })
  ready(Number(new URL(url).port))
}
