// What the scripts of this folder share: their options, the program that they start, and tables of text.
const { spawnSync } = require("node:child_process");
const path = require("node:path");
const { parseArgs } = require("node:util");

// The script that was started, as its errors call it.
const script = `eng/${path.basename(process.argv[1])}`;

function fail(message) {
  console.error(`${script}: ${message}`);
  process.exit(2);
}

// The command line's options; --seeds is the number of seeds that each entry is run with, --only one of the known ids.
function readOptions(ids, options) {
  const values = parse({
    seeds: { type: "string", default: "5" },
    only: { type: "string" },
    data: { type: "string", default: "../shared/data/mnist-t10k" },
    program: { type: "string" },
    ...options,
  });
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1) fail(`--seeds ${values.seeds}: expected a whole number above 0`);
  if (values.only && !ids.includes(values.only))
    fail(`--only ${values.only}: expected one of ${[...ids].sort().join(", ")}`);
  return { ...values, seeds, ids: values.only ? [values.only] : ids };
}

function parse(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message);
  }
}

// The command that starts gradflow: the program given, or a release build of this tree.
function gradflow(program) {
  return program ? [program] : ["dotnet", path.resolve(build("src/GradFlow.Cli", "GradFlow.Cli"), "GradFlow.Cli.dll")];
}

function build(folder, project) {
  const { status, stdout } = spawnSync(
    "dotnet", ["build", "-c", "Release", folder, "--nologo", "-v", "quiet"], { encoding: "utf8" });
  if (status !== 0) fail(`the release build failed:\n${stdout}`);
  return `artifacts/bin/${project}/release`;
}

// Runs a command; what it prints is JSON where it is gradflow.
function call([program, ...args], { minutes, cwd }) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
    timeout: minutes * 60_000,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const result = { exit: status ?? error?.code ?? "killed", seconds, stderr: stderr ?? "" };
  try {
    return { ...result, report: JSON.parse(stdout) };
  } catch {
    return { ...result, report: null };
  }
}

// Why a command left no answer.
function silence({ exit, stderr }) {
  const said = stderr.trim().split("\n").at(-1);
  return `exit code ${exit} and no JSON on stdout${said ? `: ${said}` : ""}`;
}

// One row of a table, for columns of [title, width].
function line(columns, cells) {
  return cells.map((cell, i) => `${cell}`.padEnd(columns[i][1])).join("  ").trimEnd();
}

function finish(failures, count) {
  if (failures.length > 0) console.log(`\n${failures.join("\n")}`);
  console.log(`\n${count - failures.length} of ${count} ok`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

module.exports = { build, call, fail, finish, gradflow, line, readOptions, silence };
