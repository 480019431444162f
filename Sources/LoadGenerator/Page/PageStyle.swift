/// How the page looks.
enum PageStyle {
    static let css = """
        :root {
          --ground: #fbfbf9; --card: #ffffff; --ink: #1d1f24; --soft: #5d6470; --rule: #e2e4e8; --bad: #c0392b;
          --c0: #1f6feb; --c1: #d97a00; --c2: #1a9c76; --c3: #c9407f; --c4: #8a55c7; --c5: #7a8f1e; --c6: #1aa3c4; --c7: #8d6e4f;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14161a; --card: #1c1f25; --ink: #e8eaee; --soft: #a2a9b5; --rule: #343943; --bad: #ff8a7a;
            --c0: #6aa5ff; --c1: #f2b04b; --c2: #4cc9a0; --c3: #f080b2; --c4: #b78cf0; --c5: #b1c553; --c6: #5fd0ea; --c7: #cfae8c;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 1180px; padding: 16px; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        h1 { font-size: 1.5rem; margin: 8px 0; } h2 { font-size: 1.15rem; margin: 0 0 8px; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px; margin: 16px 0; }
        p { margin: 0 0 12px; max-width: 75ch; color: var(--soft); } .bad { color: var(--bad); font-weight: 600; }
        .charts { display: grid; gap: 16px 28px; grid-template-columns: repeat(auto-fill, minmax(min(480px, 100%), 1fr)); }
        figure { margin: 0 0 12px; max-width: 640px; } figcaption { font-weight: 600; font-size: .9rem; margin-bottom: 4px; }
        svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
        .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: var(--rule); } .mark { stroke: var(--bad); stroke-dasharray: 3 3; }
        .whisker { stroke: var(--ink); stroke-width: 2; } polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        \((0..<Chart.colours).map { ".c\($0) { stroke: var(--c\($0)); } .b\($0) { fill: var(--c\($0)); background: var(--c\($0)); }" }.joined(separator: "\n"))
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 0; margin: 4px 0 0; font-size: .85rem; }
        .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 5px; }
        .scroll { overflow-x: auto; margin-bottom: 12px; } table { border-collapse: collapse; font-size: .85rem; }
        th, td { padding: 4px 14px 4px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
        td { font-variant-numeric: tabular-nums; } th:first-child, td:first-child { text-align: left; }
        summary { cursor: pointer; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; font-size: .85rem; }
        dt { color: var(--soft); } dd { margin: 0; white-space: pre-wrap; }
        """
}
