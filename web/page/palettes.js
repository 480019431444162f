// Five colours each: ground, two middle tones, accent, and the paper the title is set in, readable on the ground.

const all = {
  night: ["#12173a", "#2b3f8f", "#6f8fe8", "#ff8a5c", "#f6ecd9"],
  ember: ["#2b0f14", "#7c1f24", "#d1482f", "#ffb13d", "#fbeedb"],
  forest: ["#0f2a24", "#1f5a47", "#59a27c", "#f2b84b", "#f4f0dc"],
  dusk: ["#2a1638", "#67317f", "#c05a9c", "#ffc36b", "#fbeae6"],
  sand: ["#3a2212", "#a4552a", "#e39a4f", "#f7d58a", "#fdf3dd"],
  sea: ["#062a3b", "#0f6079", "#3fa7b5", "#f9d56e", "#eef7f2"],
  ink: ["#15151a", "#3a3b45", "#8b8c97", "#e5c15d", "#f3efe6"],
  rose: ["#3a0f25", "#97214f", "#e8688b", "#ffd0a8", "#fdeef0"],
  moss: ["#22260f", "#5c6a1d", "#a4b545", "#f0813f", "#f7f4dd"],
  plum: ["#1f1130", "#4d2a7a", "#9472d6", "#7fe0c4", "#f1ebfb"],
  brick: ["#2d1a16", "#8a3d2c", "#cf7a55", "#8fd0c8", "#faeee2"],
  ice: ["#14232e", "#34586e", "#8db8cc", "#ff6f61", "#eff6f8"],
  cherry: ["#3b0a12", "#a3162c", "#ea4f4a", "#ffd84d", "#fff1e3"],
  toy: ["#0d2b52", "#1668b8", "#37b6e9", "#ffcf3a", "#f4fbff"],
};

/** The names of the palettes that suit a genre. */
const suits = {
  Action: ["ember", "cherry", "ice"],
  Adventure: ["forest", "sea", "sand"],
  Animation: ["toy", "plum", "moss"],
  "Children's": ["toy", "sea", "moss"],
  Comedy: ["cherry", "toy", "moss", "rose"],
  Crime: ["ink", "night", "brick"],
  Documentary: ["ice", "forest", "brick"],
  Drama: ["brick", "sea", "dusk", "ice", "forest", "sand"],
  Fantasy: ["plum", "dusk", "forest"],
  "Film-Noir": ["ink", "ice"],
  Horror: ["ember", "ink", "moss"],
  Musical: ["rose", "dusk", "cherry"],
  Mystery: ["plum", "ink", "sea"],
  Romance: ["rose", "dusk", "brick"],
  "Sci-Fi": ["night", "plum", "sea"],
  Thriller: ["cherry", "ink", "ember", "ice"],
  War: ["moss", "ember", "sand"],
  Western: ["sand", "ember", "brick"],
};

export const palettes = all;

/** The palette of a movie: of one of its genres, chosen by a number that is the movie's own. */
export function paletteOf(genres, number) {
  const names = genres.flatMap((genre) => suits[genre] ?? []);
  const choices = names.length > 0 ? names : Object.keys(all);
  const [ground, low, high, accent, paper] = all[choices[number % choices.length]];
  return { ground, low, high, accent, paper };
}
