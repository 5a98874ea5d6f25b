namespace ChurnEngine.Reporting;

/// <summary>Colours and classes of all pictures, the same in a page and in a file of its own, light or dark as the reader's system is.</summary>
public static class ChartStyle
{
    /// <summary>CSS of the pictures.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --page: #fff; --ink: #1d2430; --soft: #5b6470; --grid: #e1e5ea; --card: #f6f8fa;
          --c0: #2463ae; --c1: #c2541a; --c2: #2e7d4f; --c3: #7b4fb0; --stay: #7fa8d4; --leave: #d9713a; --good: #cfe5d7; --bad: #f5d5c5; }
        @media (prefers-color-scheme: dark) { :root { --page: #14181f; --ink: #e4e8ee; --soft: #9aa4b1; --grid: #2a313b; --card: #1b212a;
          --c0: #6aa9ec; --c1: #f09355; --c2: #66c08b; --c3: #b492e6; --stay: #3f6c9e; --leave: #d9773f; --good: #204a33; --bad: #5a3322; } }
        @media print { :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --grid: #ddd; --card: #fff;
          --c0: #2463ae; --c1: #c2541a; --c2: #2e7d4f; --c3: #7b4fb0; --stay: #7fa8d4; --leave: #d9713a; --good: #cfe5d7; --bad: #f5d5c5; } }
        svg { background: var(--page); font: 12px system-ui, sans-serif; } svg text { fill: var(--ink); } svg .tick { fill: var(--soft); font-size: 11px; }
        svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg .big { font-size: 22px; font-weight: 600; } svg .strong { font-weight: 600; }
        svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--soft); } svg .guide { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; } svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg .line.c0 { stroke: var(--c0); } svg .line.c1 { stroke: var(--c1); } svg .line.c2 { stroke: var(--c2); } svg .line.c3 { stroke: var(--c3); }
        svg .dot.c0, svg text.c0, svg rect.c0 { fill: var(--c0); } svg .dot.c1, svg text.c1, svg rect.c1 { fill: var(--c1); }
        svg .dot.c2, svg text.c2, svg rect.c2 { fill: var(--c2); } svg .dot.c3, svg text.c3, svg rect.c3 { fill: var(--c3); }
        svg .dots { fill: none; stroke-width: 4; stroke-linecap: round; stroke-opacity: .75; } svg .dots.v0 { stroke: var(--c0); } svg .dots.v1 { stroke: color-mix(in srgb, var(--c1) 25%, var(--c0)); } svg .dots.v2 { stroke: color-mix(in srgb, var(--c1) 50%, var(--c0)); }
        svg .dots.v3 { stroke: color-mix(in srgb, var(--c1) 75%, var(--c0)); } svg .dots.v4 { stroke: var(--c1); } svg .dots.vm { stroke: var(--soft); }
        svg .stay { fill: var(--stay); } svg .leave { fill: var(--leave); } svg .good { fill: var(--good); } svg .bad { fill: var(--bad); } svg .shade { fill: var(--c0); opacity: .12; }
        """;
}
