// Verifies webhooks and reads the CloudEvents in them with libraries that receivers use; prints what they saw.
const { createRequire } = require("node:module");
const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);
const { HTTP } = installed("cloudevents");
const verifiers = { standardwebhooks: installed("standardwebhooks").Webhook, svix: installed("svix").Webhook };

const verdict = (verifier, { secret, headers, body }) => {
  try {
    new verifier(secret).verify(body, headers);
    return "genuine";
  } catch (error) {
    return error.constructor.name;
  }
};

const seen = ({ headers, body }) => {
  if (!HTTP.isEvent({ headers, body })) throw new Error("no CloudEvent");
  const { time, ...event } = HTTP.toEvent({ headers, body }).toJSON();
  return { ...event, time: time.replace(".000Z", "+00:00") };
};

const messages = JSON.parse(process.argv[2]);
const found = messages.map((message) => ({
  ...Object.fromEntries(Object.entries(verifiers).map(([name, one]) => [name, verdict(one, message)])),
  event: seen(message),
}));
console.log(JSON.stringify(found));
