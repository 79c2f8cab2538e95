import { readFileSync } from 'node:fs';

/** Lines that are no comment. Those that end in a backslash are joined with the next. */
const instructions = (text) =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function parsed(line) {
  const [, keyword, rest] = /^(\w+)\s+(.*)$/.exec(line);
  const flags = {};
  const bare = rest.replaceAll(/^(?:--([\w-]+)=(\S+)\s+)+/g, (all) => {
    for (const [, name, value] of all.matchAll(/--([\w-]+)=(\S+)/g)) flags[name] = value;
    return '';
  });
  return { keyword: keyword.toUpperCase(), flags, text: bare };
}

/**
 * The instructions of the Dockerfile by stage, in their order.
 * @returns `{ base, name, steps }`, each step `{ keyword, flags, text }`
 */
export function stagesOf(path) {
  const stages = [];
  for (const instruction of instructions(readFileSync(path, 'utf8')).map(parsed)) {
    if (instruction.keyword === 'FROM') {
      const [, base, name = String(stages.length)] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text);
      stages.push({ base, name, steps: [] });
    } else {
      stages.at(-1).steps.push(instruction);
    }
  }
  return stages;
}

/** The words of an instruction in its JSON form, which runs without a shell. */
export const wordsOf = (step) => JSON.parse(step.text.replace(/^CMD\s+/, ''));
