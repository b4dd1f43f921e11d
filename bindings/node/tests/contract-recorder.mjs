// A server that knows nothing: it records requests and gives the answers of the case.

import { createServer } from "node:http";

/** Starts it; each request is answered with the next of the replies. */
export async function record(replies) {
  const script = [...replies];
  const seen = [];
  const server = createServer((request, response) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const [path, query = ""] = request.url.split(/\?(.*)/s);
      const body = Buffer.concat(pieces).toString("utf8");
      seen.push({ method: request.method, path, query, headers: request.headers, body });
      const reply = script.shift() ?? { status: 500, headers: {}, body: null };
      response.statusCode = reply.status;
      for (const [name, value] of Object.entries(reply.headers)) {
        response.setHeader(name, value.replaceAll("{root}", root));
      }
      response.end(reply.body === null ? undefined : JSON.stringify(reply.body).replaceAll("{root}", root));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${server.address().port}`;
  return {
    root,
    seen,
    async [Symbol.asyncDispose]() {
      await this.close();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Differences between the expected requests and the recorded ones. */
export function wireDifferences(expected, seen, root, token) {
  const found = [];
  const compare = (what, wanted, there) => {
    if (wanted !== there) found.push(`${what} is ${there}, expected ${wanted}`);
  };
  compare("the number of requests", expected.length, seen.length);
  for (const [index, wanted] of expected.slice(0, seen.length).entries()) {
    const came = seen[index];
    compare("the method", wanted.method, came.method);
    compare("the path", wanted.path.replaceAll("{root}", root), came.path);
    const query = came.query.split("&").filter((option) => option !== "");
    compare(
      "the decoded query",
      wanted.query.map(([name, value]) => `${name}=${value}`).join(" & "),
      query.map(decodeURIComponent).join(" & "),
    );
    if (typeof wanted.raw_query === "string") compare("the query", wanted.raw_query, came.query);
    for (const [name, value] of Object.entries(wanted.headers)) {
      compare(`the header ${name}`, value, came.headers[name.toLowerCase()]);
    }
    compare("the authorization", `Bearer ${token}`, came.headers.authorization);
    compare("the host", root.replace("http://", ""), came.headers.host);
    if (wanted.body === null) compare("the body", "", came.body);
    else found.push(...difference(wanted.body, parsed(came.body)).map((what) => `the body: ${what}`));
  }
  return found;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where two JSON values differ, the first place first; empty when they do not. */
export function difference(expected, found, at = "") {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return expected.flatMap((item, index) => difference(item, found[index], `${at}/${index}`));
  }
  if (isObject(expected) && isObject(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...names].flatMap((name) => {
      if (!Object.hasOwn(found, name)) return [`${at}/${name} is missing`];
      if (!Object.hasOwn(expected, name)) return [`${at}/${name} should not be there`];
      return difference(expected[name], found[name], `${at}/${name}`);
    });
  }
  if (Object.is(expected, found)) return [];
  return [`${at === "" ? "it" : at} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
