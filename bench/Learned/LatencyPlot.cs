using System.Globalization;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// Draws latency against size as an SVG: a panel for each set of keys, both axes logarithmic, a
/// line for each way to look a key up.
/// </summary>
internal sealed class LatencyPlot(string title)
{
    private const int PanelWidth = 300;
    private const int PanelHeight = 220;
    private const int PanelColumns = 3;
    private const int Margin = 46;
    private const int TopMargin = 70;
    private const double NsMin = 10;
    private const double NsMax = 2000;

    private static readonly (string Name, string Color)[] Lines =
    [
        ("learned", "#c0392b"),
        ("learned, batches", "#e67e22"),
        ("B+tree", "#2c3e50"),
        ("B+tree, batches", "#2980b9"),
        ("binary search", "#7f8c8d"),
        ("hash table", "#27ae60"),
    ];

    private readonly List<(string Set, int Count, double[] Ns)> _points = [];

    /// <summary>Adds what was measured for a set and a size, in the order of the lines.</summary>
    public void Add(string set, int count, params double[] ns)
    {
        if (ns.Length != Lines.Length)
        {
            throw new ArgumentException("a figure for each line is needed", nameof(ns));
        }

        _points.Add((set, count, ns));
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path)
    {
        string[] sets = [.. _points.Select(static point => point.Set).Distinct()];
        int rows = (sets.Length + PanelColumns - 1) / PanelColumns;
        int width = PanelColumns * (PanelWidth + Margin);
        int height = TopMargin + (rows * (PanelHeight + (2 * Margin)));
        var svg = new StringBuilder();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" ");
        Append(svg, $"font-family=\"sans-serif\" font-size=\"11\">\n");
        Append(svg, $"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
        Append(svg, $"<text x=\"{Margin}\" y=\"20\" font-size=\"14\">{title}</text>\n");
        for (int i = 0; i < Lines.Length; i++)
        {
            int x = Margin + (i * 150);
            Append(svg, $"<line x1=\"{x}\" y1=\"40\" x2=\"{x + 20}\" y2=\"40\" ");
            Append(svg, $"stroke=\"{Lines[i].Color}\" stroke-width=\"2\"/>");
            Append(svg, $"<text x=\"{x + 25}\" y=\"44\">{Lines[i].Name}</text>\n");
        }

        for (int i = 0; i < sets.Length; i++)
        {
            int left = Margin + (i % PanelColumns * (PanelWidth + Margin));
            int top = TopMargin + Margin
                + (i / PanelColumns * (PanelHeight + (2 * Margin)));
            Panel(svg, sets[i], left, top);
        }

        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());
    }

    private void Panel(StringBuilder svg, string set, int left, int top)
    {
        var points = _points.Where(point => point.Set == set)
            .OrderBy(static point => point.Count).ToArray();
        double low = Math.Log10(points[0].Count);
        double high = Math.Max(low + 1, Math.Log10(points[^1].Count));
        double X(int count) => left + ((Math.Log10(count) - low) / (high - low)
            * (PanelWidth - Margin));
        double Y(double ns) => top + PanelHeight - (Math.Log(Math.Clamp(ns, NsMin, NsMax) / NsMin)
            / Math.Log(NsMax / NsMin) * PanelHeight);
        Append(svg, $"<text x=\"{left}\" y=\"{top - 8}\" font-size=\"13\">{set}</text>\n");
        foreach (double ns in new[] { 10.0, 20, 50, 100, 200, 500, 1000, 2000 })
        {
            int right = left + PanelWidth - Margin;
            Append(svg, $"<line x1=\"{left}\" y1=\"{Y(ns):F1}\" x2=\"{right}\" ");
            Append(svg, $"y2=\"{Y(ns):F1}\" stroke=\"#ddd\"/>");
            Append(svg, $"<text x=\"{left - 5}\" y=\"{Y(ns) + 4:F1}\" ");
            Append(svg, $"text-anchor=\"end\">{ns} ns</text>\n");
        }

        foreach ((_, int count, _) in points)
        {
            Append(svg, $"<text x=\"{X(count):F1}\" y=\"{top + PanelHeight + 16}\" ");
            Append(svg, $"text-anchor=\"middle\">{Short(count)}</text>\n");
        }

        for (int line = 0; line < Lines.Length; line++)
        {
            string path = string.Join(' ', points.Select(point => string.Create(
                CultureInfo.InvariantCulture, $"{X(point.Count):F1},{Y(point.Ns[line]):F1}")));
            Append(svg, $"<polyline points=\"{path}\" fill=\"none\" ");
            Append(svg, $"stroke=\"{Lines[line].Color}\" stroke-width=\"2\"/>\n");
        }
    }

    private static string Short(int count) => count >= 1_000_000
        ? $"{count / 1_000_000} M"
        : $"{count / 1000} k";

    private static void Append(StringBuilder svg, FormattableString text) =>
        svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
