// What a poster shows, by genre. Each motif draws on 200 × 204 with five colours and numbers of the movie's own.

import { s } from "./dom.js";

const circle = (cx, cy, r, fill, more = {}) => s("circle", { cx, cy, r, fill, ...more });
const box = (x, y, width, height, fill, more = {}) => s("rect", { x, y, width, height, fill, ...more });
const shape = (d, fill, more = {}) => s("path", { d, fill, ...more });
const range = (count) => [...Array(count).keys()];
const between = (random, low, high) => low + random() * (high - low);

function stars(random, fill, count = 26) {
  return range(count).map(() =>
    circle(between(random, 4, 196), between(random, 4, 190), between(random, 0.5, 1.7), fill, { opacity: between(random, 0.4, 1) }));
}

function hills(random, base, rise, fill) {
  const points = range(6).map((index) => `${index * 40},${base - between(random, 0, rise)}`);
  return shape(`M0,204 L${points.join(" L")} L200,204 Z`, fill);
}

function planet(c, random) {
  const [x, y, r, tilt] = [between(random, 78, 122), between(random, 90, 112), between(random, 44, 60), between(random, -28, 20)];
  const ring = (sweep) => shape(`M${x - r * 1.65},${y} A${r * 1.65},${r * 0.42} 0 0 ${sweep} ${x + r * 1.65},${y}`, "none", {
    stroke: c.accent, "stroke-width": 5, transform: `rotate(${tilt} ${x} ${y})`,
  });
  return [
    ...stars(random, c.paper), ring(1), circle(x, y, r, c.high),
    shape(`M${x},${y - r} A${r},${r} 0 0 1 ${x},${y + r} A${r * 1.35},${r * 1.35} 0 0 0 ${x},${y - r}`, c.low),
    ring(0), circle(between(random, 150, 184), between(random, 18, 44), between(random, 4, 9), c.accent),
  ];
}

function rocket(c, random) {
  const x = between(random, 80, 120);
  return [
    ...stars(random, c.paper), circle(between(random, 30, 170), 40, 20, c.low),
    shape(`M0,204 Q100,${between(random, 120, 150)} 200,204 Z`, c.low),
    shape(`M${x - 5},150 Q${x},204 ${x + 5},150 Z`, c.accent),
    shape(`M${x},44 C${x + 24},74 ${x + 20},120 ${x + 14},146 H${x - 14} C${x - 20},120 ${x - 24},74 ${x},44 Z`, c.paper),
    shape(`M${x + 15},116 l16,36 l-18,-6 Z M${x - 15},116 l-16,36 l18,-6 Z`, c.high), circle(x, 90, 8, c.low),
  ];
}

function saucer(c, random) {
  const [x, y] = [between(random, 84, 116), between(random, 60, 78)];
  return [
    ...stars(random, c.paper, 20), shape(`M${x - 34},${y + 8} L${x - 74},204 H${x + 74} L${x + 34},${y + 8} Z`, c.accent, { opacity: 0.42 }),
    shape(`M${x - 26},${y} a26,28 0 0 1 52,0 Z`, c.high), s("ellipse", { cx: x, cy: y + 4, rx: 62, ry: 17, fill: c.paper }),
    s("ellipse", { cx: x, cy: y + 10, rx: 40, ry: 9, fill: c.low }), ...range(5).map((index) => circle(x - 40 + index * 20, y + 3, 3.5, c.accent)),
    hills(random, 192, 18, c.low),
  ];
}

function orbits(c, random) {
  const tilt = between(random, -30, 10);
  const world = (rx, ry, r, fill) => {
    const angle = between(random, 0, 6.28);
    return circle(100 + rx * Math.cos(angle), 102 + ry * Math.sin(angle), r, fill);
  };
  const path = (rx, ry) => s("ellipse", { cx: 100, cy: 102, rx, ry, fill: "none", stroke: c.low, "stroke-width": 3 });
  return [
    ...stars(random, c.paper, 14),
    s("g", { transform: `rotate(${tilt} 100 102)` }, path(116, 58), path(82, 40), path(50, 24), circle(100, 102, 26, c.accent), world(50, 24, 7, c.paper), world(82, 40, 12, c.high), world(116, 58, 9, c.high)),
  ];
}

function desert(c, random) {
  const x = between(random, 60, 140);
  const cactus = between(random, 26, 64);
  const stem = { fill: "none", stroke: c.ground, "stroke-width": 10, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return [
    box(0, 0, 200, 204, c.high), circle(x, 104, 54, c.accent),
    shape("M104,164 L112,112 H150 L156,128 H186 L200,160 V204 H104 Z", c.low),
    shape("M0,150 L20,138 H52 L66,166 L200,160 V204 H0 Z", c.low, { opacity: 0.85 }),
    shape("M0,182 Q70,166 200,184 V204 H0 Z", c.ground),
    s("path", { d: `M${cactus},186 V112 M${cactus},158 h-14 v-22 M${cactus},148 h14 v-20`, ...stem }),
  ];
}

function noir(c, random) {
  const shift = between(random, -14, 14);
  return [
    shape(`M${20 + shift},0 H${60 + shift} L190,204 H30 Z`, c.accent, { opacity: 0.9 }),
    ...range(9).map((index) => box(0, index * 24 + 10, 200, 9, c.ground, { opacity: 0.82, transform: `rotate(${-7 + shift / 8} 100 100)` })),
    shape("M40,204 C44,166 74,160 88,154 H124 C138,160 168,166 172,204 Z", c.ground),
    s("ellipse", { cx: 106, cy: 126, rx: 22, ry: 30, fill: c.ground }),
    s("ellipse", { cx: 106, cy: 108, rx: 47, ry: 8, fill: c.ground }),
    shape("M76,108 C76,72 90,74 106,80 C122,74 136,72 136,108 Z", c.ground),
    shape("M76,104 H136 V98 H76 Z", c.high),
  ];
}

function eyes(c, random) {
  const y = between(random, 74, 96);
  const eye = (x) => [
    shape(`M${x - 36},${y} Q${x},${y - 32} ${x + 36},${y} Q${x},${y + 32} ${x - 36},${y} Z`, c.accent),
    s("ellipse", { cx: x, cy: y, rx: 6, ry: 16, fill: c.ground }),
  ];
  const teeth = range(9).map((index) => `L${index * 25 - 6},${between(random, 148, 170)} L${index * 25 + 6},204`);
  return [
    box(0, 0, 200, 204, c.low), circle(100, y, 96, c.ground, { opacity: 0.55 }), ...eye(52), ...eye(148),
    shape(`M-12,204 ${teeth.join(" ")} Z`, c.ground),
    shape(`M-12,140 ${range(9).map((index) => `L${index * 25 + 6},${between(random, 152, 172)} L${index * 25 + 19},140`).join(" ")} Z`, c.paper, { opacity: 0.92 }),
  ];
}

function moonlight(c, random) {
  const x = between(random, 70, 130);
  const branch = (from, side) => shape(
    `M${from},204 C${from + 8 * side},140 ${from + 2 * side},90 ${from + 40 * side},36 M${from + 6 * side},124 q${18 * side},-20 ${46 * side},-22 M${from + 9 * side},92 q${-16 * side},-18 ${-12 * side},-44`,
    "none", { stroke: c.ground, "stroke-width": 7, "stroke-linecap": "round" });
  return [
    box(0, 0, 200, 204, c.low), circle(x, 88, 62, c.accent), circle(x - 18, 72, 9, c.high, { opacity: 0.5 }),
    circle(x + 20, 104, 14, c.high, { opacity: 0.4 }), branch(18, 1), branch(184, -1), hills(random, 190, 20, c.ground),
  ];
}

function record(c, random) {
  const [x, y] = [between(random, 92, 130), between(random, 92, 112)];
  return [
    box(0, 0, 200, 204, c.high), circle(x, y, 92, c.ground),
    ...range(6).map((index) => circle(x, y, 84 - index * 9, "none", { stroke: c.low, "stroke-width": 2 })),
    shape(`M${x},${y} L${x + 92},${y - 34} A98,98 0 0 1 ${x + 98},${y + 4} Z`, c.paper, { opacity: 0.16 }),
    circle(x, y, 30, c.accent), circle(x, y, 4, c.ground),
  ];
}

function bars(c, random) {
  return [
    circle(100, 204, 120, c.low),
    ...range(9).map((index) => {
      const tall = between(random, 40, 168);
      return box(14 + index * 20, 204 - tall, 12, tall, [c.accent, c.high, c.paper][index % 3], { rx: 6 });
    }),
  ];
}

function rays(c, random) {
  const [x, y, count] = [between(random, 70, 130), 150, 22];
  const ray = (index, turn) => {
    const angle = ((index + turn) / count) * 2 * Math.PI;
    return `${x + 260 * Math.cos(angle)},${y + 260 * Math.sin(angle)}`;
  };
  return [
    box(0, 0, 200, 204, c.low),
    shape(range(count / 2).map((index) => `M${x},${y} L${ray(2 * index, 0)} L${ray(2 * index, 1)} Z`).join(""), c.high),
    circle(x, y, 34, c.accent), hills(random, 172, 26, c.ground),
    shape("M28,204 V150 M16,162 H40 M96,204 V162 M84,172 H108 M166,204 V156 M154,168 H178", "none", { stroke: c.ground, "stroke-width": 4 }),
  ];
}

function rainbow(c, random) {
  const x = between(random, 70, 130);
  return [
    box(0, 0, 200, 204, c.low),
    ...[[116, c.high], [94, c.accent], [72, c.paper], [50, c.ground]].map(([r, fill]) => circle(x, 190, r, fill)),
    ...range(3).map((index) => circle(between(random, 20, 180), 24 + index * 18, between(random, 6, 12), [c.paper, c.accent, c.high][index])),
  ];
}

function balloons(c, random) {
  const one = (x, y, r, fill) => [
    shape(`M${x},${y + r} C${x - 10},${y + r + 40} ${x + 14},${y + r + 70} 100,204`, "none", { stroke: c.paper, "stroke-width": 1.5, opacity: 0.8 }),
    s("ellipse", { cx: x, cy: y, rx: r * 0.88, ry: r, fill }),
    s("ellipse", { cx: x - r * 0.3, cy: y - r * 0.4, rx: r * 0.14, ry: r * 0.24, fill: c.paper, opacity: 0.7 }),
  ];
  return [
    box(0, 0, 200, 204, c.low), circle(between(random, 20, 180), 196, 60, c.ground, { opacity: 0.35 }),
    ...one(between(random, 46, 66), between(random, 78, 96), 36, c.accent), ...one(between(random, 134, 154), between(random, 66, 88), 38, c.high),
    ...one(between(random, 92, 108), between(random, 48, 66), 34, c.paper),
  ];
}

function globe(c, random) {
  const line = { stroke: c.paper, "stroke-width": 2, opacity: 0.85 };
  return [
    box(0, 0, 200, 204, c.low), circle(100, 104, 74, c.high), 
    ...[74, 46, 16].map((rx) => s("ellipse", { cx: 100, cy: 104, rx, ry: 74, fill: "none", ...line })),
    ...[-42, 0, 42].map((dy) => s("line", { x1: 100 - Math.sqrt(74 * 74 - dy * dy), x2: 100 + Math.sqrt(74 * 74 - dy * dy), y1: 104 + dy, y2: 104 + dy, ...line })),
    circle(between(random, 62, 138), between(random, 70, 138), 8, c.accent),
  ];
}

function castle(c, random) {
  const x = between(random, 40, 160);
  return [
    ...stars(random, c.paper, 18), circle(x, 62, 40, c.accent), circle(x + 16, 52, 36, c.ground),
    shape("M30,204 V118 h8 v8 h8 v-8 h8 v8 h8 v26 h12 V92 l18,-34 l18,34 v46 h16 v-20 h8 v8 h8 v-8 h8 v86 Z", c.high),
    shape("M92,204 v-28 a12,12 0 0 1 24,0 v28 Z", c.ground), box(94, 104, 8, 16, c.ground),
    shape("M0,196 Q60,170 120,188 T200,180 V204 H0 Z", c.low),
  ];
}

function keyhole(c, random) {
  const x = between(random, 82, 118);
  return [
    box(0, 0, 200, 204, c.low), ...range(5).map((index) => box(index * 44 - 8, 0, 3, 204, c.ground, { opacity: 0.5 })),
    shape(`M${x - 9},120 L${x - 80},204 H${x + 80} L${x + 9},120 Z`, c.accent, { opacity: 0.35 }),
    circle(x, 86, 58, c.ground), circle(x, 86, 58, "none", { stroke: c.high, "stroke-width": 6 }),
    circle(x, 72, 18, c.accent), shape(`M${x - 8},82 L${x - 17},122 H${x + 17} L${x + 8},82 Z`, c.accent),
  ];
}

function skyline(c, random) {
  const houses = range(7).map((index) => ({ x: index * 30 - 4, width: between(random, 22, 32), tall: between(random, 60, 148) }));
  return [
    box(0, 0, 200, 204, c.low), circle(between(random, 40, 160), 58, 34, c.accent),
    ...houses.map(({ x, width, tall }) => box(x + 8, 204 - tall * 0.82 - 26, width, 204, c.high, { opacity: 0.45 })),
    ...houses.flatMap(({ x, width, tall }) => [
      box(x, 204 - tall, width, tall, c.ground),
      ...range(Math.floor(tall / 15)).flatMap((row) => [4, 12, 20].map((dx) =>
        random() < 0.38 && dx + 4 < width ? box(x + dx, 204 - tall + 7 + row * 15, 4, 6, c.accent) : null)),
    ]),
  ];
}

function pair(c, random) {
  const [y, apart] = [between(random, 88, 108), between(random, 26, 40)];
  const reach = Math.sqrt(62 * 62 - apart * apart);
  return [
    box(0, 0, 200, 204, c.low), circle(100 - apart, y, 62, c.high), circle(100 + apart, y, 62, c.accent),
    shape(`M100,${y - reach} A62,62 0 0 1 100,${y + reach} A62,62 0 0 1 100,${y - reach} Z`, c.paper),
    ...range(4).map((index) => box(30 + index * 12, 176 + index * 8, 140 - index * 24, 2.5, c.paper, { opacity: 0.7 })),
  ];
}

function heart(c, random) {
  const size = between(random, 0.92, 1.12);
  const path = "M0,62 C-90,4 -62,-62 -24,-58 C-10,-56 -2,-46 0,-36 C2,-46 10,-56 24,-58 C62,-62 90,4 0,62 Z";
  return [
    box(0, 0, 200, 204, c.high),
    ...[[1.5, c.low], [1.18, c.ground], [0.86, c.accent], [0.5, c.paper]].map(([scale, fill]) =>
      shape(path, fill, { transform: `translate(100 104) scale(${scale * size})` })),
  ];
}

function tiles(c, random) {
  const colours = [c.low, c.high, c.accent, c.paper];
  return range(16).flatMap((index) => {
    const [x, y] = [(index % 4) * 50, Math.floor(index / 4) * 51];
    const ground = Math.floor(random() * 4);
    const fill = colours[(ground + 1 + Math.floor(random() * 3)) % 4];
    const turn = { transform: `rotate(${90 * Math.floor(random() * 4)} ${x + 25} ${y + 25.5})` };
    const figures = [
      () => shape(`M${x},${y} h50 a50,50 0 0 1 -50,50 Z`, fill, turn), () => circle(x + 25, y + 25.5, 18, fill),
      () => shape(`M${x},${y + 25} a25,25 0 0 1 50,0 Z`, fill, turn), () => shape(`M${x},${y} l50,51 H${x} Z`, fill, turn),
    ];
    return [box(x, y, 50.5, 51.5, colours[ground]), figures[Math.floor(random() * 4)]()];
  });
}

function smile(c, random) {
  const tilt = between(random, -14, 14);
  return [
    box(0, 0, 200, 204, c.high),
    s(
      "g", { transform: `rotate(${tilt} 100 104)` }, circle(100, 104, 78, c.accent), circle(72, 82, 10, c.ground), circle(128, 82, 10, c.ground),
      shape("M50,112 H150 A50,50 0 0 1 50,112 Z", c.ground), shape("M68,146 A50,50 0 0 0 132,146 A44,34 0 0 0 68,146 Z", c.low)),
  ];
}

function vertigo(c, random) {
  const turn = between(random, 0, 6.28);
  return range(11).map((index) => {
    const left = 10 - index;
    return circle(100 + Math.cos(turn + index * 0.5) * left * 2.2, 102 + Math.sin(turn + index * 0.5) * left * 2.2,
      10 + left * 15, [c.low, c.accent, c.ground, c.high][index % 4]);
  });
}

function stairs(c, random) {
  const count = 7;
  const right = random() < 0.5;
  const steps = range(count).map((index) => `V${204 - index * 27} h29`).join(" ");
  return [
    box(0, 0, 200, 204, c.high), circle(right ? 54 : 146, 64, 36, c.accent),
    s("g", right ? {} : { transform: "translate(200 0) scale(-1 1)" }, shape(`M0,204 ${steps} V204 Z`, c.low), shape(`M46,204 ${range(6).map((index) => `V${204 - index * 27} h29`).join(" ")} V204 Z`, c.ground)),
  ];
}

function mountains(c, random) {
  const peak = (x, y, width, fill) => shape(`M${x - width},204 L${x},${y} L${x + width},204 Z`, fill);
  const [x, y] = [between(random, 60, 90), between(random, 50, 76)];
  return [
    box(0, 0, 200, 204, c.high), circle(between(random, 130, 160), 66, 28, c.accent), peak(150, between(random, 84, 104), 90, c.low),
    peak(x, y, 104, c.ground), shape(`M${x},${y} L${x + 25.5},${y + 37} l-14,-8 l-11,16 l-12,-14 l-14,7 Z`, c.paper),
    shape("M0,196 Q60,168 120,186 T200,178 V204 H0 Z", c.low),
  ];
}

function waves(c, random) {
  const wave = (y, swing, fill) => shape(`M0,${y} Q50,${y - swing} 100,${y} T200,${y} V204 H0 Z`, fill);
  return [
    box(0, 0, 200, 204, c.high), circle(between(random, 60, 140), between(random, 66, 86), 40, c.accent),
    wave(110, between(random, 8, 30), c.paper), wave(132, between(random, -30, 30), c.low),
    wave(158, between(random, -24, 24), c.ground),
  ];
}

function burst(c, random) {
  const count = 28;
  const turn = random();
  const points = range(count).map((index) => {
    const angle = ((index + turn) / count) * 2 * Math.PI;
    const reach = index % 2 === 0 ? between(random, 76, 118) : between(random, 38, 50);
    return `${100 + reach * Math.cos(angle)},${104 + reach * Math.sin(angle)}`;
  });
  return [
    box(0, 0, 200, 204, c.low), shape(`M${points.join(" L")} Z`, c.accent),
    shape(`M${points.map((point) => point.split(",").map((value, axis) => 0.58 * Number(value) + 0.42 * (axis ? 104 : 100)).join(",")).join(" L")} Z`, c.paper),
  ];
}

function speed(c, random) {
  return [
    box(0, 0, 200, 204, c.low),
    ...range(9).map((index) =>
      box(between(random, -60, 60), index * 26 - 14, between(random, 90, 220), between(random, 8, 18), [c.high, c.accent, c.ground, c.paper][index % 4], { transform: "rotate(-24 100 102)" })),
    circle(between(random, 120, 150), between(random, 56, 84), 26, c.paper),
  ];
}

function arches(c, random) {
  const x = between(random, 84, 116);
  return [
    box(0, 0, 200, 204, c.low),
    ...[[84, c.high], [64, c.accent], [44, c.paper], [24, c.ground]].map(([r, fill], index) =>
      shape(`M${x - r},204 V${96 + index * 8} a${r},${r} 0 0 1 ${2 * r},0 V204 Z`, fill)),
  ];
}

function windows(c, random) {
  const lit = Math.floor(random() * 12);
  return [
    box(0, 0, 200, 204, c.low),
    ...range(12).flatMap((index) => {
      const [x, y] = [20 + (index % 3) * 58, 14 + Math.floor(index / 3) * 50];
      const on = index === lit;
      return [
        box(x, y, 44, 38, on ? c.accent : c.ground, { opacity: on ? 1 : 0.75 }),
        on ? circle(x + 22, y + 20, 7, c.ground) : null, on ? shape(`M${x + 9},${y + 38} a13,13 0 0 1 26,0 Z`, c.ground) : box(x + 21, y, 2, 38, c.low),
      ];
    }),
  ];
}

function sunset(c, random) {
  const x = between(random, 76, 124);
  return [
    box(0, 0, 200, 204, c.low), circle(x, 112, 66, c.accent),
    ...range(6).map((index) => box(0, 112 + index * 13, 200, 3 + index * 1.6, c.low)),
    shape(`M0,${between(random, 146, 160)} L200,${between(random, 146, 160)} V204 H0 Z`, c.ground, { opacity: 0.55 }),
    shape(`M${x - 46},204 L${x - 4},150 H${x + 4} L${x + 46},204 Z`, c.high),
  ];
}

function dots(c, random) {
  return range(49).map((index) =>
    circle(16 + (index % 7) * 28, 16 + Math.floor(index / 7) * 29, between(random, 3, 12), [c.low, c.high, c.accent, c.paper][Math.floor(random() * 4)]));
}

/** The most telling genre first; a movie shows what the first of its own in this list has. */
const motifs = new Map([
  ["Western", [desert]], ["Film-Noir", [noir]], ["Sci-Fi", [planet, saucer, rocket, orbits]], ["Horror", [eyes, moonlight]],
  ["Musical", [record, bars]], ["War", [rays]], ["Animation", [rainbow, balloons]], ["Documentary", [globe]],
  ["Fantasy", [castle]], ["Mystery", [keyhole]], ["Children's", [balloons, rainbow]], ["Crime", [skyline]],
  ["Romance", [pair, heart, sunset]], ["Thriller", [vertigo, stairs]], ["Adventure", [mountains]],
  ["Comedy", [tiles, smile, tiles]], ["Action", [burst, speed]], ["Drama", [waves, arches, windows, sunset]],
]);

/** The drawing of a movie. */
export function motifOf(genres, colours, random) {
  const telling = [...motifs.keys()].find((genre) => genres.includes(genre));
  const choices = motifs.get(telling) ?? [dots];
  return choices[Math.floor(random() * choices.length)](colours, random);
}
