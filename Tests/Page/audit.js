// What a page must have for everybody to use it; returns what it lacks, in words. Names are asked of the browser itself.

const wrong = [];
const say = (element, what) => wrong.push(`${what}: ${element.outerHTML.slice(0, 160)}`);

const channels = (text) => {
  const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
  return text.startsWith("color(") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const luminance = ([r, g, b]) => [r, g, b].map((value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const ground = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(channels(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), channels(matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)"));
};
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getClientRects().length > 0;
const fade = (element) => {
  let share = 1;
  for (let at = element; at; at = at.parentElement) share *= Number(getComputedStyle(at).opacity);
  return share;
};
const check = (element, colour, what) => {
  const below = ground(element);
  const [r, g, b, a] = channels(colour);
  const ratio = contrast(over([r, g, b, a * fade(element)], below), below);
  if (ratio < 4.5) say(element, `${what} has a contrast of ${ratio.toFixed(2)}`);
};

// Text on its ground. A poster is a picture, whose title stands beside it; its colours are checked in themselves.
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let read = 0;
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || element.closest(".poster, .hidden, script, noscript, title") || !isSeen(element)) continue;
  const style = getComputedStyle(element);
  check(element, element instanceof SVGElement ? style.fill : style.color, "text");
  read += 1;
}
for (const input of document.querySelectorAll("input[placeholder]")) {
  if (isSeen(input)) check(input, getComputedStyle(input, "::placeholder").color, "a placeholder");
}
if (read < 20) wrong.push(`only ${read} texts were found to check`);

// A control's edge, or its filling, against what lies around it: 3 (WCAG 1.4.11).
for (const control of document.querySelectorAll("button, input:not([type=radio], [type=checkbox], [type=range])")) {
  if (!isSeen(control)) continue;
  const style = getComputedStyle(control);
  const around = ground(control.parentElement);
  const edge = parseFloat(style.borderTopWidth) > 0 ? contrast(over(channels(style.borderTopColor), around), around) : 0;
  const filling = contrast(ground(control), around);
  // A button without edge and filling is known by its text, which is checked above.
  if (parseFloat(style.borderTopWidth) > 0 && channels(style.borderTopColor)[3] > 0 && Math.max(edge, filling) < 3) say(control, `an edge has a contrast of ${edge.toFixed(2)}`);
}

// Names of things that refer to each other, and their order.
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
ids.filter((id, index) => ids.indexOf(id) !== index).forEach((id) => wrong.push(`the id ${id} is there twice`));
for (const name of ["aria-controls", "aria-labelledby", "aria-describedby", "aria-activedescendant", "for"]) {
  for (const element of document.querySelectorAll(`[${name}]`)) {
    for (const id of element.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) say(element, `${name} leads nowhere`);
  }
}
for (const image of document.querySelectorAll("img:not([alt])")) say(image, "a picture has no alt");
for (const picture of document.querySelectorAll("svg")) {
  if (!picture.closest("[aria-hidden=true]") && picture.getAttribute("role") !== "img") say(picture, "a drawing is neither named nor hidden");
}
for (const hidden of document.querySelectorAll("[aria-hidden=true]")) {
  const inside = [hidden, ...hidden.querySelectorAll("*")].find((element) => element.tabIndex >= 0 && isSeen(element));
  if (inside) say(inside, "the focus reaches what a screen reader is not told");
}
const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(isSeen).map((heading) => Number(heading.tagName[1]));
if (levels.filter((level) => level === 1).length !== 1) wrong.push(`${levels.filter((level) => level === 1).length} first headings`);
levels.forEach((level, index) => index > 0 && level > levels[index - 1] + 1 && wrong.push(`a heading of level ${level} after one of ${levels[index - 1]}`));
for (const list of document.querySelectorAll("ul, ol")) {
  if ([...list.children].some((child) => child.tagName !== "LI")) say(list, "a list holds something else than entries");
}
if (!document.documentElement.lang) wrong.push("the page does not say its language");
if (!document.title) wrong.push("the page has no title");

// Nothing sticks out, and a finger hits what it aims at.
const root = document.scrollingElement;
if (root.scrollWidth > root.clientWidth) {
  wrong.push(`${root.scrollWidth - root.clientWidth} px stick out`);
  for (const element of document.body.querySelectorAll("*")) {
    if (isSeen(element) && !element.closest("svg, .hidden") && element.getBoundingClientRect().right > root.clientWidth + 1) say(element, "sticks out");
  }
}
for (const button of document.querySelectorAll("button")) {
  const box = button.getBoundingClientRect();
  if (isSeen(button) && Math.min(box.width, box.height) < 24) say(button, "is smaller than 24 px");
}
return wrong;
