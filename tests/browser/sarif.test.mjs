// The SARIF of every mistake (tests/suite/mistakes/report.sarif, which `cargo test` keeps true) is valid
// against the schema of the standard. The schema is that of OASIS as the crate serde-sarif 0.8.0 ships it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import Ajv from 'ajv'

const read = async (name) => JSON.parse(await readFile(new URL(`../suite/${name}`, import.meta.url), 'utf8'))

// The schema has a pattern that is no regular expression under the `u` flag; its formats (uri, date-time)
// would need another package.
const ajv = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true })
const validate = ajv.compile(await read('sarif-schema-2.1.0.json'))

test('the SARIF of every mistake is valid against the schema of SARIF 2.1.0', async () => {
  const log = await read('mistakes/report.sarif')
  assert.equal(validate(log), true, ajv.errorsText(validate.errors, { separator: '\n' }))
  assert.ok(log.runs[0].results.length > 60, 'the log holds a finding of every code')
})

test('the schema refuses a log that breaks it', async () => {
  const log = await read('mistakes/report.sarif')
  delete log.runs[0].results[0].message
  assert.equal(validate(log), false)
})
