// Calls the provider through the official Pulumi stubs. One JSON line in, {method, request}; one JSON line out,
// {response} or {code, message, details}. Struct fields are plain JSON in both directions.
const readline = require("node:readline");
const grpc = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const plugin = require("@pulumi/pulumi/proto/plugin_pb.js");
const errors = require("@pulumi/pulumi/proto/errors_pb.js");
const status = require("@pulumi/pulumi/proto/status_pb.js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");

const structs = new Set(["olds", "news", "properties", "inputs", "args", "oldInputs", "pb_return"]);
const client = new ResourceProviderClient(`127.0.0.1:${process.argv[2]}`, grpc.credentials.createInsecure());

function setter(message, name) {
  const wanted = `set${name}`.toLowerCase();
  for (let proto = message; proto; proto = Object.getPrototypeOf(proto)) {
    const found = Object.getOwnPropertyNames(proto).find((each) => each.toLowerCase() === wanted);
    if (found) return found;
  }
  throw new Error(`${name} is no field of this message`);
}

function build(type, fields) {
  const message = new type();
  for (const [name, value] of Object.entries(fields)) {
    message[setter(message, name)](structs.has(name) ? Struct.fromJavaScript(value) : value);
  }
  return message;
}

function plain(message) {
  const result = message.toObject();
  for (const name of Object.keys(result)) {
    const getter = message[`get${name[0].toUpperCase()}${name.slice(1)}`] ?? message.getReturn;
    const value = structs.has(name) && getter ? getter.call(message) : undefined;
    if (value instanceof Struct) result[name] = value.toJavaScript();
  }
  if (message.getDetaileddiffMap) {
    result.detaileddiff = Object.fromEntries(message.getDetaileddiffMap().toArray().map(([path, diff]) => [path, diff[0] ?? 0]));
  }
  return result;
}

function details(error) {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!bytes) return [];
  return status.Status.deserializeBinary(bytes).getDetailsList().map((any) => {
    const name = any.getTypeUrl().split(".").pop();
    return { type: any.getTypeUrl(), ...plain(errors[name]?.deserializeBinary(any.getValue_asU8()) ?? messages[name].deserializeBinary(any.getValue_asU8())) };
  });
}

const requests = {
  handshake: messages.ProviderHandshakeRequest, attach: plugin.PluginAttach, getPluginInfo: Empty, getSchema: messages.GetSchemaRequest,
  checkConfig: messages.CheckRequest, diffConfig: messages.DiffRequest, configure: messages.ConfigureRequest,
  check: messages.CheckRequest, diff: messages.DiffRequest, create: messages.CreateRequest, read: messages.ReadRequest,
  update: messages.UpdateRequest, delete: messages.DeleteRequest, invoke: messages.InvokeRequest, cancel: Empty,
  construct: messages.ConstructRequest, call: messages.CallRequest,
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { method, request } = JSON.parse(line);
  client[method](build(requests[method], request ?? {}), (error, response) => {
    const answer = error ? { code: error.code, message: error.details, details: details(error) } : { response: plain(response) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  });
}).on("close", () => client.close());
