// Stands before a plain server and speaks TLS and HTTP/2, with a certificate of its own making: what the service speaks.
//
// secure.mjs SERVER FOLDER   writes certificate.pem to the folder and its address to standard output; ends with its standard input
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import { join } from "node:path";

const [, , server, folder] = process.argv;
const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
const command = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
const extensions = ["subjectAltName=DNS:localhost", "basicConstraints=critical,CA:FALSE"].flatMap((one) => ["-addext", one]);
const written = ["-subj", "/CN=localhost", "-keyout", key, "-out", certificate];
execFileSync("openssl", [...command, ...extensions, ...written], { stdio: "ignore" });

const agent = new http.Agent({ keepAlive: true });
const options = { key: readFileSync(key), cert: readFileSync(certificate) };
const front = http2.createSecureServer(options, (request, response) => {
  const { authorization, "content-type": type, "content-length": length } = request.headers;
  const headers = Object.fromEntries(
    Object.entries({ authorization, "content-type": type, "content-length": length }).filter(([, value]) => value),
  );
  const onward = http.request(server + request.url, { method: request.method, headers, agent }, (answer) => {
    const { connection, "keep-alive": kept, "transfer-encoding": coding, ...rest } = answer.headers;
    response.writeHead(answer.statusCode, rest);
    answer.pipe(response);
  });
  request.pipe(onward);
});
front.listen(0, "localhost", () => console.log(`https://localhost:${front.address().port}`));
process.stdin.on("end", () => process.exit(0)).resume();
