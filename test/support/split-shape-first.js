// The tests of this project run against both sides of a split deployment: see test/support/split-shape.ts.
process.env['INKWELL_SHAPE'] = 'split';
