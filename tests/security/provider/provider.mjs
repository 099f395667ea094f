// An OpenID provider on a free port of this machine, for tests: https://github.com/panva/node-oidc-provider.
//
// It prints its issuer as one line of JSON. Each line of JSON on its standard input changes something, and is answered
// by one: {"client": {...}} registers a client, {"account": "ada", "claims": {...}} says what is told of a user,
// {"rotate": true} signs by a new key, and forgets the old one. It ends with its standard input.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

console.info = console.error; // what the provider notes is not for who reads the lines
const clients = new Map();
const accounts = new Map();
let keys = [];
let provider;

const server = createServer((request, response) => provider.callback()(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

function rotate() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keys = [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomUUID() }];
}

/** Anew after each change: a provider is not told of keys and clients later. What was begun is kept outside of it. */
function build() {
  provider = new Provider(issuer, {
    clients: [...clients.values()],
    jwks: { keys },
    cookies: { keys: ["the cookies of a test"] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"], groups: ["groups"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...accounts.get(id), sub: id }) }),
    loadExistingGrant: consent,
  });
}

/** Users agree to everything: only their login is asked for. */
async function consent({ oidc }) {
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}

rotate();
build();
console.log(JSON.stringify({ issuer }));

for await (const line of createInterface({ input: process.stdin })) {
  const { client, account, claims, rotate: again } = JSON.parse(line);
  if (client) clients.set(client.client_id, client);
  if (account) accounts.set(account, claims);
  if (again) rotate();
  if (client || again) build();
  console.log("{}");
}
server.close();
server.closeAllConnections();
