// Plays the worlds of a file in Node and prints their digests: node elsewhere.js country.js kernel.wasm worlds.json
const fs = require("fs");
const [code, wasm, file] = process.argv.slice(2);
const { Kernel, Worlds } = require(code);

async function main() {
  const kernel = await Kernel.load(fs.readFileSync(wasm)), found = [];
  for (const { header, blob, plans, spared, parameters } of JSON.parse(fs.readFileSync(file))) {
    const worlds = await Worlds.open(kernel, header, Buffer.from(blob, "base64"));
    header.seeds.forEach((_, number) => {
      const country = worlds.country(number, plans, spared, parameters).run();
      found.push([country.digest(), country.events().map(Object.values), country.genealogy().map(Object.values)]);
    });
  }
  console.log(JSON.stringify(found));
}

main();
