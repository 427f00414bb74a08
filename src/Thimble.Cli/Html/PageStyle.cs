namespace Thimble.Cli.Html;

/// <summary>The style sheet of all pages. It has no character that HTML or XML would encode.</summary>
internal static class PageStyle
{
    /// <summary>
    /// Five kinds of regions in tints of the palette of Okabe and Ito, which people with any kind of colour vision can tell apart. Text
    /// on them, and all other text, has a contrast of 4.5 to 1 or more, in light and in dark.
    /// </summary>
    public const string Sheet =
        """

        :root {
          --page: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --accent: #0b5cad;
          --secret: #f6c5a8; --secret-edge: #b34700; --public: #b9d9f0; --public-edge: #00598c;
          --window: #b5e3d3; --window-edge: #00704f; --scratch: #fbe3a6; --scratch-edge: #8a6100;
          --state: #d9dce0; --state-edge: #57606a;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --page: #0f1419; --ink: #e6e9ed; --soft: #a3adb8; --line: #39424d; --panel: #182028; --accent: #6cb6ff;
            --secret: #6b2f0e; --secret-edge: #f0894a; --public: #123f61; --public-edge: #5fb2ea;
            --window: #0d4a39; --window-edge: #3fc79b; --scratch: #544006; --scratch-edge: #e3b341;
            --state: #39424d; --state-edge: #97a1ad;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main, footer { max-width: 1160px; margin: 0 auto; padding: 0 20px; }
        footer { padding: 24px 20px 32px; color: var(--soft); font-size: 14px; }
        h1 { font-size: 26px; line-height: 1.25; margin: 28px 0 8px; overflow-wrap: anywhere; }
        h2 { font-size: 19px; margin: 36px 0 6px; overflow-wrap: anywhere; }
        h3 { font-size: 17px; margin: 24px 0 6px; overflow-wrap: anywhere; }
        p { margin: 6px 0 10px; max-width: 76ch; overflow-wrap: anywhere; }
        .lead { font-size: 17px; }
        .note { color: var(--soft); font-size: 14px; }
        figure { margin: 14px 0 6px; }
        figcaption { color: var(--soft); font-size: 14px; max-width: 90ch; }
        .scroll { overflow-x: auto; }
        .facts { display: flex; flex-wrap: wrap; gap: 10px; padding: 0; margin: 16px 0; list-style: none; }
        .facts li { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; min-width: 128px; }
        .facts b { display: block; font-size: 22px; overflow-wrap: anywhere; line-height: 1.25; font-variant-numeric: tabular-nums; }
        .facts span { color: var(--soft); font-size: 13px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 10px 0; list-style: none; font-size: 14px; }
        .legend i { display: inline-block; width: 16px; height: 12px; margin-right: 6px; border-width: 1px; border-style: solid; border-radius: 2px; vertical-align: -1px; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; margin: 8px 0; }
        caption { text-align: left; color: var(--soft); padding: 4px 0; }
        th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { color: var(--soft); font-weight: 600; }
        tbody th { color: var(--ink); font-weight: 500; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .source { overflow-wrap: anywhere; }
        .small { color: var(--soft); font-size: 13px; display: block; }
        .bars td.bar { width: 52%; min-width: 120px; padding-right: 0; vertical-align: middle; }
        .bar div { display: flex; height: 16px; }
        .bar div span { display: block; height: 100%; border-width: 1px; border-style: solid; }
        .bar.pair div { height: 9px; margin: 1px 0; }
        .ours { background: var(--window); border-color: var(--window-edge); }
        .theirs { background: var(--state); border-color: var(--state-edge); }
        .stack { background: var(--scratch); border-color: var(--scratch-edge); }
        .less { background: var(--public); border-color: var(--public-edge); }
        .secret { background: var(--secret); border-color: var(--secret-edge); fill: var(--secret); stroke: var(--secret-edge); }
        .public { background: var(--public); border-color: var(--public-edge); fill: var(--public); stroke: var(--public-edge); }
        .window { background: var(--window); border-color: var(--window-edge); fill: var(--window); stroke: var(--window-edge); }
        .scratch { background: var(--scratch); border-color: var(--scratch-edge); fill: var(--scratch); stroke: var(--scratch-edge); }
        .free { background: var(--panel); border-color: var(--soft); }
        .state { background: var(--state); border-color: var(--state-edge); fill: var(--state); stroke: var(--state-edge); }
        svg { display: block; width: 100%; min-width: 940px; height: auto; font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        svg text { fill: var(--ink); stroke: none; }
        svg .quiet { fill: var(--soft); font-size: 11px; }
        svg .strong { font-weight: 700; }
        svg .number { font-variant-numeric: tabular-nums; }
        svg .ground { fill: var(--panel); stroke: var(--soft); }
        svg .rule { stroke: var(--line); stroke-width: 1; }
        svg .bracket { stroke: var(--soft); stroke-width: 1; }
        svg .edge { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
        svg .peak { stroke: var(--ink); stroke-width: 3; }
        svg .region .place { stroke-width: 1; }
        svg .region .tip { visibility: hidden; }
        svg .cover { fill: var(--page); stroke: none; }
        svg .region { outline: none; cursor: default; }
        svg .region:hover .place, svg .region:focus .place { stroke: var(--ink); stroke-width: 2.5; }
        svg .region:hover .tip, svg .region:focus .tip { visibility: visible; }
        svg .column { stroke-width: 1; }
        details { margin: 10px 0; }
        summary { cursor: pointer; color: var(--accent); }
        summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .sideways { display: none; color: var(--soft); font-size: 14px; }
        @media (max-width: 640px) {
          .sideways { display: block; }
          body { font-size: 15px; }
          main, footer { padding: 0 14px; }
          h1 { font-size: 22px; }
          .bars td.bar { width: 34%; min-width: 72px; }
          th, td { padding-right: 8px; }
          .facts li { flex: 1 1 40%; min-width: 0; }
          .facts b { font-size: 18px; }
          .wide { display: none; }
        }
        @media (forced-colors: active) {
          svg, .legend i, .bar div span { forced-color-adjust: none; }
        }
        @media print {
          :root { --page: #ffffff; --panel: #ffffff; }
          body { font-size: 11pt; }
          svg { min-width: 0; }
          .scroll { overflow: visible; }
          .legend i, .bar div span, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          figure, tr, .keep { break-inside: avoid; }
          h1, h2, h3, .legend, .note, caption, summary { break-after: avoid; }
          details::details-content { content-visibility: visible; height: auto; }
          .sideways { display: none; }
          svg .region .tip { visibility: hidden; }
        }

        """;
}
