/// How the page looks and the little it does.
enum ReportStyle {
    static let css = """
        :root {
          --ground: #fbfbf9; --card: #ffffff; --ink: #1d1f24; --soft: #5d6470; --rule: #dcdee3; --own: #1f6feb;
          --other: #a9b1bd; --c0: #4c78c8; --c1: #e0a100; --c2: #1a9c76; --c3: #d9528f; --c4: #d4542b; --c5: #8a55c7;
          --c6: #7a8f1e; --c7: #1aa3c4; --cn: #9aa0a8;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14161a; --card: #1c1f25; --ink: #e8eaee; --soft: #a2a9b5; --rule: #343943; --own: #6aa5ff;
            --other: #5a6372; --c0: #7ea6f0; --c1: #f2c14b; --c2: #4cc9a0; --c3: #f080b2; --c4: #f3845f; --c5: #b78cf0;
            --c6: #b1c553; --c7: #5fd0ea; --cn: #727984;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 1080px; padding: 16px; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        h1 { font-size: 1.5rem; line-height: 1.2; margin: 8px 0 12px; }
        h2 { font-size: 1.15rem; margin: 0 0 8px; }
        h3 { font-size: 1rem; line-height: 1.3; margin: 0; }
        section {
          background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px; margin: 16px 0;
        }
        p { margin: 0 0 12px; max-width: 70ch; }
        figure { margin: 0 0 16px; max-width: 640px; }
        figcaption, .card p, dt, .card span { color: var(--soft); font-size: .875rem; }
        svg { display: block; width: 100%; height: auto; overflow: visible; }
        svg text { fill: var(--soft); font: 10px system-ui, sans-serif; }
        .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: var(--rule); } .line { fill: none; stroke: var(--own); stroke-width: 2; }
        .area { fill: var(--own); opacity: .12; }
        .reference { fill: none; stroke: var(--other); stroke-dasharray: 4 3; }
        .own { fill: var(--own); } .other { fill: var(--other); } .whisker { stroke: var(--ink); stroke-width: 1.5; }
        circle { opacity: .72; } circle:hover, circle.chosen { opacity: 1; stroke: var(--ink); stroke-width: 1.2; }
        .g0 { fill: var(--c0); background: var(--c0); } .g1 { fill: var(--c1); background: var(--c1); }
        .g2 { fill: var(--c2); background: var(--c2); } .g3 { fill: var(--c3); background: var(--c3); }
        .g4 { fill: var(--c4); background: var(--c4); } .g5 { fill: var(--c5); background: var(--c5); }
        .g6 { fill: var(--c6); background: var(--c6); } .g7 { fill: var(--c7); background: var(--c7); }
        .none { fill: var(--cn); background: var(--cn); }
        #movie { min-height: 3em; margin: 8px 0 0; font-weight: 600; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 0; font-size: .875rem; }
        .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 5px; }
        .facts { display: flex; flex-wrap: wrap; gap: 8px 24px; margin: 0; } .facts dd { margin: 0; }
        .facts dt { line-height: 1.2; } .cards { display: grid; gap: 16px 24px; }
        .cards { grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); }
        .card ol { margin: 4px 0 0; padding-left: 1.4em; } .card p { margin: 0; }
        .scroll { overflow-x: auto; margin-bottom: 12px; } table { border-collapse: collapse; font-size: .875rem; }
        th, td { padding: 4px 12px 4px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
        td { font-variant-numeric: tabular-nums; } th:first-child, td:first-child { text-align: left; }
        details { margin: 0 0 8px; } summary { cursor: pointer; } .warning { color: var(--c4); font-weight: 700; }
        """

    /// A title below the map as well, because a finger cannot hover.
    static let script = """
        (() => {
          const map = document.getElementById("map"), name = document.getElementById("movie");
          if (!map) return;
          let chosen;
          const show = event => {
            const title = event.target.querySelector && event.target.querySelector("title");
            if (event.target.tagName !== "circle" || !title) return;
            if (chosen) chosen.classList.remove("chosen");
            chosen = event.target;
            chosen.classList.add("chosen");
            name.textContent = title.textContent;
          };
          map.addEventListener("pointerover", show);
          map.addEventListener("click", show);
        })();
        """
}
