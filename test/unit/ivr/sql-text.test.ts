import { expect } from 'chai';
import { bindNames, isOneSelect } from '../../../src/engines/ivr/sql-text.js';

describe('the query of a look-up', () => {
  it('is one SELECT that reads', () => {
    for (const query of [
      'SELECT 1',
      'select name from customers where number = :caller_number;',
      'WITH a AS (SELECT 1 AS x) SELECT x FROM a -- into; what it says\n',
      'SELECT \'into; for update\' AS a, "x;" AS b, `into` FROM t # into outfile',
      'SELECT 5--1 AS six',
      "SELECT 'it''s' /* ; into */",
      '/* what is owed */ SELECT 1',
      'SELECT 1 --',
    ])
      expect(isOneSelect(query), query).to.equal(true);
  });

  it('neither writes nor locks nor reads files, wherever it hides that', () => {
    for (const query of [
      "SELECT 5--1 AS a INTO OUTFILE '/tmp/x'",
      "SELECT 1 INTO DUMPFILE '/tmp/x'",
      'SELECT 1 INTO @a',
      'SELECT a FROM t FOR UPDATE',
      'SELECT a FROM t FOR  SHARE',
      'SELECT a FROM t LOCK IN SHARE MODE',
      "SELECT LOAD_FILE('/etc/passwd')",
      "SELECT load_file ('/etc/passwd')",
      'SELECT 1; DELETE FROM t',
      "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
      "SELECT 1 /*M! INTO OUTFILE '/tmp/x' */",
      'SELECT 1 # \'\nINTO OUTFILE "/tmp/x" -- \'',
      'SELECT 1 -- \'\nINTO OUTFILE "/tmp/x" -- \'',
      'SELECT 1 --\u0001 \'\nINTO OUTFILE "/tmp/x" -- \'',
      "SELECT '\\' INTO OUTFILE \"/tmp/x\" -- '",
      'DELETE FROM t',
      '',
    ])
      expect(isOneSelect(query), query).to.equal(false);
  });

  it('has its names bound, but not those in texts and comments', () => {
    expect(
      bindNames("SELECT ':a', :b -- it's :c\n, 5--:d # :e\n, `:f`, g::text /* :h */"),
    ).to.deep.equal({
      query: "SELECT ':a', ? -- it's :c\n, 5--? # :e\n, `:f`, g::text /* :h */",
      names: ['b', 'd'],
    });
  });
});
