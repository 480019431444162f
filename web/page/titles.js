// MovieLens writes "Godfather, The (1972)"; people do not.

const ARTICLE = /^(.+?), (The|A|An|La|Le|Les|L'|Il|El|Los|Las|Der|Die|Das)( \(.+\))?$/;

/** "Godfather, The (1972)" → "The Godfather". The year is shown beside it. */
export function displayTitle(title) {
  const bare = title.replace(/\s*\(\d{4}\)\s*$/, "");
  const found = ARTICLE.exec(bare);
  if (!found) return bare || title;
  const [, name, article, rest = ""] = found;
  return article.endsWith("'") ? `${article}${name}${rest}` : `${article} ${name}${rest}`;
}

/** "The Godfather (1972)": for whoever cannot see the year beside it. */
export function spokenTitle(movie) {
  return movie.year ? `${displayTitle(movie.title)} (${movie.year})` : displayTitle(movie.title);
}
