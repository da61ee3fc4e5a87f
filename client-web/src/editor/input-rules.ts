// What typing at the start of a paragraph makes: "- " a list, "1. " numbers, "> " a quotation, "# " a heading.
import { inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import type { Plugin } from 'prosemirror-state';
import { nodeType } from './commands';

export function sectionInputRules(): Plugin {
  return inputRules({
    rules: [
      wrappingInputRule(/^\s*([-*•])\s$/, nodeType('bullet_list')),
      wrappingInputRule(
        /^(\d{1,3})[.)]\s$/,
        nodeType('ordered_list'),
        (match) => ({ order: Number(match[1]) }),
        (match, node) => node.childCount + Number(node.attrs['order']) === Number(match[1]),
      ),
      wrappingInputRule(/^\s*>\s$/, nodeType('blockquote')),
      textblockTypeInputRule(/^(#{1,6})\s$/, nodeType('heading'), (match) => ({
        level: Math.max(3, match[1]?.length ?? 3),
      })),
    ],
  });
}
