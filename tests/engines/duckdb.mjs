// Runs the statements of a file in DuckDB, and writes the rows of their query to another.
// usage: node duckdb.mjs STATEMENTS ROWS
import fs from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [statements, rows] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const sql = fs.readFileSync(statements, 'utf8').replace("'/dev/stdout'", `'${rows}'`);
await connection.run(sql);
