// The same letter by nodemailer's pool: 10 connections, as its documentation advises for many.
//
// node nodemailer_sender.mjs PORT READERS LETTER.json   (nodemailer is found through NODE_PATH)

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const nodemailer = createRequire(process.env.NODE_PATH + "/")("nodemailer");
const [port, readers, file] = process.argv.slice(2);
const { html, text, subject } = JSON.parse(readFileSync(file, "utf8"));
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  maxConnections: 10,
  maxMessages: Infinity,
});

function fill(template, values) {
  return template.replaceAll("{{name}}", values.name).replaceAll("{{link}}", values.link);
}

const began = performance.now();
let next = 0;
async function work() {
  while (next < Number(readers)) {
    const number = next++;
    const values = {
      name: `Ada Sample ${number}`,
      link: `https://letter.example.org/unsubscribe/${number.toString(16).padStart(32, "0")}`,
    };
    await pool.sendMail({
      from: "The Harbour Letter <letter@example.org>",
      to: `reader${number}@example.com`,
      subject,
      text: fill(text, values),
      html: fill(html, values),
      textEncoding: "quoted-printable",
    });
  }
}
await Promise.all(Array.from({ length: 40 }, work));
console.log(Number(readers) / ((performance.now() - began) / 1000));
pool.close();
